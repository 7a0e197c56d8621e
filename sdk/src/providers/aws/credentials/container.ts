import { readAccessKeys } from './access-keys.ts';
import { ask } from './http.ts';
import { refused, type AwsCredentials, type AwsSettings, type CredentialWorld } from './types.ts';

/*
 * Credentials of an ECS task or an EKS pod (docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html,
 * read 2026-11-22).
 */
const ecsHost = 'http://169.254.170.2';
const allowedHosts = new Set(['169.254.170.2', '169.254.170.23', '[fd00:ec2::23]', 'localhost', '[::1]']);

/** Without TLS only addresses that do not leave the machine: any other could be made to collect the token. */
const mayBeAsked = ({ protocol, hostname }: URL): boolean =>
  protocol === 'https:' || (protocol === 'http:' && (allowedHosts.has(hostname) || /^127(\.\d{1,3}){3}$/.test(hostname)));

const addressOf = ({ env }: AwsSettings): string | undefined => {
  if (env.containerRelativeUri !== undefined) {
    if (!env.containerRelativeUri.startsWith('/')) throw refused('AWS_CONTAINER_CREDENTIALS_RELATIVE_URI must begin with a slash.');
    return ecsHost + env.containerRelativeUri;
  }
  if (env.containerFullUri === undefined) return undefined;
  let url: URL | undefined;
  try {
    url = new URL(env.containerFullUri);
  } catch {
    // Said below.
  }
  if (!url || !mayBeAsked(url))
    throw refused(
      'AWS_CONTAINER_CREDENTIALS_FULL_URI must be an https URL, or an http URL on this machine or of the container host (169.254.170.2, 169.254.170.23).',
    );
  return url.href;
};

/** Undefined: this is no container of AWS. @throws SluiceError */
export const containerCredentials = async (
  world: CredentialWorld,
  settings: AwsSettings,
  { demanded = false } = {},
): Promise<AwsCredentials | undefined> => {
  const url = addressOf(settings);
  if (url === undefined) {
    if (demanded) throw refused('The AWS profile wants credentials of the container (credential_source), and there is none.');
    return undefined;
  }
  const token = await tokenOf(world, settings);
  const headers = { accept: 'application/json', ...(token !== undefined && { authorization: token }) };
  const { status, text } = await ask(world, 'the credentials endpoint of the container', url, { method: 'GET', headers });
  return readAccessKeys(
    'The credentials endpoint of the container',
    status,
    token === undefined ? text : text.replaceAll(token, '[secret]'),
  );
};

/** Read anew each time: EKS replaces the file. */
const tokenOf = async (world: CredentialWorld, { env, envSecrets }: AwsSettings): Promise<string | undefined> => {
  let token = envSecrets.containerToken?.reveal();
  if (env.containerTokenFile !== undefined) {
    try {
      token = (await world.readFile(env.containerTokenFile)).trim();
    } catch (cause) {
      throw refused('The file of AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE cannot be read.', cause);
    }
  }
  if (token !== undefined && !/^[\x20-\x7e]+$/.test(token))
    throw refused("The container's authorization token holds characters that no token has.");
  return token;
};

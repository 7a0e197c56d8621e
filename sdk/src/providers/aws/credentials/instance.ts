import { SluiceError } from '../../../types/index.ts';
import { readAccessKeys } from './access-keys.ts';
import { ask, failed } from './http.ts';
import { refused, type AwsCredentials, type AwsSettings, type CredentialWorld } from './types.ts';

/*
 * Credentials of an EC2 instance's role, by version 2 of its metadata service
 * (docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html, read 2026-11-22).
 */
const who = "the instance's metadata service";
/** It answers at once where it exists; where it does not, nobody wants to wait. */
const timeoutMs = 1000;
const rolePath = '/latest/meta-data/iam/security-credentials/';

/** Undefined: no instance of EC2, or one without a role. @throws SluiceError */
export const instanceCredentials = async (
  world: CredentialWorld,
  { env }: AwsSettings,
  { demanded = false } = {},
): Promise<AwsCredentials | undefined> => {
  if (env.metadataDisabled?.toLowerCase() === 'true') {
    if (demanded)
      throw refused('The AWS profile wants credentials of the instance (credential_source), and AWS_EC2_METADATA_DISABLED is set.');
    return undefined;
  }
  const base = (env.metadataEndpoint ?? 'http://169.254.169.254').replace(/\/+$/, '');
  const get = (path: string, token: string) =>
    ask(world, who, base + path, { method: 'GET', headers: { 'x-aws-ec2-metadata-token': token } }, timeoutMs);

  const token = await sessionToken(world, base);
  if (token === undefined) {
    if (demanded) throw refused('The AWS profile wants credentials of the instance (credential_source), and there is no metadata service.');
    return undefined;
  }
  const roles = await get(rolePath, token);
  const [role = ''] = roles.text.split('\n');
  if (roles.status === 404 || (roles.status === 200 && role.trim() === '')) {
    if (demanded) throw refused('The AWS profile wants credentials of the instance (credential_source), which has no role.');
    return undefined;
  }
  if (roles.status !== 200) throw failed(who, roles.status, `status ${roles.status}`);
  const answer = await get(rolePath + encodeURIComponent(role.trim()), token);
  return readAccessKeys(who, answer.status, answer.text);
};

/** Undefined where there is no metadata service. */
const sessionToken = async (world: CredentialWorld, base: string): Promise<string | undefined> => {
  const headers = { 'x-aws-ec2-metadata-token-ttl-seconds': '21600' };
  try {
    const { status, text } = await ask(world, who, `${base}/latest/api/token`, { method: 'PUT', headers }, timeoutMs);
    return status === 200 && text !== '' ? text : undefined;
  } catch (cause) {
    if (SluiceError.is(cause) && cause.code === 'connection') return undefined;
    throw cause;
  }
};

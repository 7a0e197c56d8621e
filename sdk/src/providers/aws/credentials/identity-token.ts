import { systemEnv } from '../../../lib/env.ts';
import { ask, parseObject } from './http.ts';
import { refused, type CredentialWorld } from './types.ts';

const jwt = /^[\w-]+\.[\w-]+\.[\w-]*$/;

/**
 * The token that `aws_web_identity_token` means: the token itself, a file that holds it, or LiteLLM's `oidc/...`
 * (docs.litellm.ai/docs/oidc, read 2026-11-22). Found anew for each exchange, because such tokens live minutes.
 * @throws SluiceError `authentication`
 */
export const identityToken = async (world: CredentialWorld, given: string, env = systemEnv()): Promise<string> => {
  if (jwt.test(given)) return given;
  if (!given.startsWith('oidc/')) return fromFile(world, given);
  const [, source = '', ...rest] = given.split('/');
  const argument = rest.join('/');
  const find = sources[source];
  if (!find) {
    throw refused(
      `aws_web_identity_token names a source of tokens that is not known: 'oidc/${source.slice(0, 40)}'. Known are ${Object.keys(sources).join(', ')}.`,
    );
  }
  return find(world, argument, (name) => variable(env, name));
};

type Find = (world: CredentialWorld, argument: string, read: (name: string) => string) => string | Promise<string>;

const sources: Readonly<Record<string, Find>> = {
  azure: (world, _, read) => fromFile(world, read('AZURE_FEDERATED_TOKEN_FILE')),
  circleci: (_, __, read) => read('CIRCLE_OIDC_TOKEN'),
  circleci_v2: (_, __, read) => read('CIRCLE_OIDC_TOKEN_V2'),
  env: (_, name, read) => read(name),
  env_path: (world, name, read) => fromFile(world, read(name)),
  file: (world, path) => fromFile(world, path),
  github: async (world, audience, read) => {
    const url = new URL(read('ACTIONS_ID_TOKEN_REQUEST_URL'));
    url.searchParams.set('audience', audience);
    const headers = { authorization: `Bearer ${read('ACTIONS_ID_TOKEN_REQUEST_TOKEN')}`, accept: 'application/json' };
    const { status, text } = await ask(world, 'GitHub Actions', url.href, { method: 'GET', headers });
    const token = parseObject(text)?.['value'];
    if (status === 200 && typeof token === 'string') return token;
    throw refused(`GitHub Actions gave no identity token (status ${status}).`);
  },
  google: async (world, audience) => {
    const url = `http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/identity?audience=${encodeURIComponent(audience)}`;
    const { status, text } = await ask(world, "Google's metadata service", url, {
      method: 'GET',
      headers: { 'metadata-flavor': 'Google' },
    });
    if (status === 200 && jwt.test(text.trim())) return text.trim();
    throw refused(`Google's metadata service gave no identity token (status ${status}).`);
  },
};

const variable = (env: ReturnType<typeof systemEnv>, name: string): string => {
  const value = env[name]?.trim();
  if (value) return value;
  throw refused(`aws_web_identity_token wants the environment variable ${name}, which is not set.`);
};

export const fromFile = async ({ readFile }: Pick<CredentialWorld, 'readFile'>, path: string): Promise<string> => {
  let text: string;
  try {
    text = (await readFile(path)).trim();
  } catch (cause) {
    // The path is not named: what is no path may be a token that was pasted with a mistake.
    throw refused(
      'The file with the web identity token cannot be read (aws_web_identity_token, AWS_WEB_IDENTITY_TOKEN_FILE).',
      withoutMessage(cause),
    );
  }
  if (text === '') throw refused('The file with the web identity token is empty.');
  return text;
};

/** Runtimes name the path in their message; its code says enough. */
const withoutMessage = (cause: unknown): Error => new Error(String((cause as { code?: unknown } | null)?.code ?? 'unreadable'));

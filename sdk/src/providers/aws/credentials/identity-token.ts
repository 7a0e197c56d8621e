import { systemEnv, type Env } from '../../../lib/env.ts';
import { ask, parseObject } from './http.ts';
import { refused, type CredentialWorld } from './types.ts';

const jwt = /^[\w-]+\.[\w-]+\.[\w-]*$/;

/**
 * The token that `aws_web_identity_token` means: the token itself, a file that holds it, or LiteLLM's `oidc/...`
 * (docs.litellm.ai/docs/oidc, read 2026-11-22). Found anew for each exchange, because such tokens live minutes.
 * @param what the setting that it was given in, for messages
 * @throws SluiceError `authentication`
 */
export const identityToken = async (
  world: Pick<CredentialWorld, 'fetch' | 'readFile'>,
  given: string,
  env: Env = systemEnv(),
  what = 'aws_web_identity_token',
): Promise<string> => {
  if (jwt.test(given)) return given;
  const file = (path: string) => fromFile(world, path, what);
  if (!given.startsWith('oidc/')) return file(given);
  const [, source = '', ...rest] = given.split('/');
  const argument = rest.join('/');
  const find = sources[source];
  if (!find) {
    throw refused(
      `${what} names a source of tokens that is not known: 'oidc/${source.slice(0, 40)}'. Known are ${Object.keys(sources).join(', ')}.`,
    );
  }
  return find({ world, argument, file, read: (name) => variable(env, name, what) });
};

interface Question {
  world: Pick<CredentialWorld, 'fetch'>;
  /** What stands behind the source's name. */
  argument: string;
  /** A variable. */
  read: (name: string) => string;
  /** The text of a file. */
  file: (path: string) => Promise<string>;
}

const sources: Readonly<Record<string, (question: Question) => string | Promise<string>>> = {
  azure: ({ file, read }) => file(read('AZURE_FEDERATED_TOKEN_FILE')),
  circleci: ({ read }) => read('CIRCLE_OIDC_TOKEN'),
  circleci_v2: ({ read }) => read('CIRCLE_OIDC_TOKEN_V2'),
  env: ({ argument, read }) => read(argument),
  env_path: ({ argument, file, read }) => file(read(argument)),
  file: ({ argument, file }) => file(argument),
  github: async ({ world, argument: audience, read }) => {
    const url = new URL(read('ACTIONS_ID_TOKEN_REQUEST_URL'));
    url.searchParams.set('audience', audience);
    const headers = { authorization: `Bearer ${read('ACTIONS_ID_TOKEN_REQUEST_TOKEN')}`, accept: 'application/json' };
    const { status, text } = await ask(world, 'GitHub Actions', url.href, { method: 'GET', headers });
    const token = parseObject(text)?.['value'];
    if (status === 200 && typeof token === 'string') return token;
    throw refused(`GitHub Actions gave no identity token (status ${status}).`);
  },
  google: async ({ world, argument: audience }) => {
    const url = `http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/identity?audience=${encodeURIComponent(audience)}`;
    const { status, text } = await ask(world, "Google's metadata service", url, {
      method: 'GET',
      headers: { 'metadata-flavor': 'Google' },
    });
    if (status === 200 && jwt.test(text.trim())) return text.trim();
    throw refused(`Google's metadata service gave no identity token (status ${status}).`);
  },
};

const variable = (env: Env, name: string, what: string): string => {
  const value = env[name]?.trim();
  if (value) return value;
  throw refused(`${what} wants the environment variable ${name}, which is not set.`);
};

export const fromFile = async (
  { readFile }: Pick<CredentialWorld, 'readFile'>,
  path: string,
  what = 'aws_web_identity_token',
): Promise<string> => {
  let text: string;
  try {
    text = (await readFile(path)).trim();
  } catch (cause) {
    // The path is not named: what is no path may be a token that was pasted with a mistake.
    throw refused(
      `The file with the web identity token cannot be read (${what === 'aws_web_identity_token' ? `${what}, AWS_WEB_IDENTITY_TOKEN_FILE` : what}).`,
      withoutMessage(cause),
    );
  }
  if (text === '') throw refused('The file with the web identity token is empty.');
  return text;
};

/** Runtimes name the path in their message; its code says enough. */
const withoutMessage = (cause: unknown): Error => new Error(String((cause as { code?: unknown } | null)?.code ?? 'unreadable'));

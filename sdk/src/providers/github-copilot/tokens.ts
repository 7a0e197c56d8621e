import { homePath } from '../../lib/home-path.ts';
import type { Env } from '../../lib/env.ts';
import { SluiceError, type JsonObject, type Provider, type Target } from '../../types/index.ts';
import { textOption } from '../credentials.ts';
import { fetchToken, tokenIn, type TokenFetch } from '../fetch-token.ts';
import type { FetchedToken } from '../token-cache.ts';

/*
 * Copilot's calls want a token of some minutes, which GitHub gives for the OAuth token of a user (BerriAI/litellm
 * `llms/github_copilot/authenticator.py`, and its documents for the files and their variables, read 2026-11-22).
 */

export interface CopilotToken extends FetchedToken {
  /** The address that this user's calls go to. */
  api?: string;
}

export interface TokenSources {
  fetch: TokenFetch;
  now: () => number;
  env: () => Env;
  readText: (path: string) => Promise<string>;
}

const exchangeUrl = 'https://api.github.com/copilot_internal/v2/token';
const issuer = 'GitHub';

/** Tokens of users of GitHub; anything else is taken for a token of Copilot itself. */
export const isGithubToken = (key: string): boolean => /^(?:gh[opsu]_|github_pat_)/.test(key);

const notSignedIn = (provider: Pick<Provider, 'id'>, detail: string): SluiceError =>
  new SluiceError(
    'authentication',
    'No sign-in to GitHub Copilot was found: sign in once with a tool that stores it (LiteLLM: any github_copilot/ call), or give ' +
      "a GitHub OAuth token of a Copilot user as api_key, or in the file 'access-token' of GITHUB_COPILOT_TOKEN_DIR.",
    { provider: provider.id, retry: false, detail },
  );

/** Where the files are. */
export const pathsOf = (target: Target, env: Env): { accessToken: string | undefined; apiKey: string | undefined } => {
  const folder = homePath(textOption(target, 'github_copilot_token_dir') ?? '~/.config/litellm/github_copilot', env);
  const inFolder = (name: string): string | undefined => (folder === undefined ? undefined : `${folder.replace(/[/\\]+$/, '')}/${name}`);
  return {
    accessToken: inFolder(textOption(target, 'github_copilot_access_token_file') ?? 'access-token'),
    apiKey: inFolder(textOption(target, 'github_copilot_api_key_file') ?? 'api-key.json'),
  };
};

/** Copilot's own hosts, and those of GitHub Enterprise with data residency: the token goes nowhere else. */
const safeApi = (body: JsonObject): { api?: string } => {
  const api = (body['endpoints'] as JsonObject | null | undefined)?.['api'];
  if (typeof api !== 'string') return {};
  const url = URL.parse(api);
  const known = url?.protocol === 'https:' && /(?:^|\.)(?:githubcopilot\.com|ghe\.com)$/.test(url.hostname);
  return known ? { api: url.origin } : {};
};

const readToken = (body: JsonObject, provider: Pick<Provider, 'id'>): CopilotToken => ({
  value: tokenIn(body, 'token', issuer, provider),
  expiresAtMs: (Number(body['expires_at']) || 0) * 1000,
  ...safeApi(body),
});

const exchanged = async (oauth: string, provider: Provider, { fetch }: TokenSources): Promise<CopilotToken> => {
  const body = await fetchToken({
    fetch,
    url: exchangeUrl,
    init: { method: 'GET', headers: { ...provider.headers, accept: 'application/json', authorization: `token ${oauth}` } },
    issuer,
    provider,
    secrets: [oauth],
  });
  return readToken(body, provider);
};

/** The token that another program fetched, where it still holds. */
const stored = async (path: string | undefined, provider: Provider, { now, readText }: TokenSources): Promise<CopilotToken | undefined> => {
  if (path === undefined) return undefined;
  try {
    const token = readToken(JSON.parse(await readText(path)) as JsonObject, provider);
    return token.expiresAtMs > now() ? token : undefined;
  } catch {
    return undefined;
  }
};

/**
 * @param refused the value of a token that was refused: a file that still holds it is not believed
 * @throws SluiceError `authentication`, `connection`, `unavailable`
 */
export const copilotToken = async (target: Target, sources: TokenSources, refused: string | undefined): Promise<CopilotToken> => {
  const { provider, apiKey } = target;
  if (apiKey) return exchanged(apiKey.reveal(), provider, sources);
  const paths = pathsOf(target, sources.env());
  const held = await stored(paths.apiKey, provider, sources);
  if (held && held.value !== refused) return held;
  if (paths.accessToken === undefined) throw notSignedIn(provider, 'no home folder, and no GITHUB_COPILOT_TOKEN_DIR');
  const oauth = await sources.readText(paths.accessToken).then(
    (text) => text.trim(),
    () => '',
  );
  if (!/^[\x21-\x7e]+$/.test(oauth)) throw notSignedIn(provider, `no token in ${paths.accessToken}`);
  return exchanged(oauth, provider, sources);
};

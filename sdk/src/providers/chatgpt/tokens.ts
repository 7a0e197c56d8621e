import type { Env } from '../../lib/env.ts';
import { homePath } from '../../lib/home-path.ts';
import { SluiceError, type JsonObject, type Target } from '../../types/index.ts';
import { textOption } from '../credentials.ts';
import { fetchToken, type TokenFetch } from '../fetch-token.ts';
import type { FetchedToken } from '../token-cache.ts';
import { notSignedIn, readSignIn, writeSignIn, type SignIn } from './sign-in.ts';

export interface ChatgptToken extends FetchedToken {
  accountId?: string;
}

export interface TokenSources {
  fetch: TokenFetch;
  now: () => number;
  env: () => Env;
  readText: (path: string) => Promise<string>;
  writeText: (path: string, text: string) => Promise<void>;
}

/** OpenAI's own client for sign-ins of this kind, whose refresh tokens are for it alone (openai/codex, read 2026-11-22). */
const clientId = 'app_EMoamEEZ73f0CkXaXp7hrann';
const tokenUrl = 'https://auth.openai.com/oauth/token';
const issuer = 'OpenAI';
/** A token that ends within this is not begun with. */
const skewMs = 60_000;
/** Where neither file nor token says when it ends. */
const assumedLifetimeMs = 3_600_000;

export const authFileOf = (target: Target, env: Env): string | undefined => {
  const folder = homePath(textOption(target, 'chatgpt_token_dir') ?? '~/.config/litellm/chatgpt', env);
  return folder === undefined ? undefined : `${folder.replace(/[/\\]+$/, '')}/${textOption(target, 'chatgpt_auth_file') ?? 'auth.json'}`;
};

const asToken = ({ accessToken, accountId, expiresAtMs }: SignIn, now: number): ChatgptToken => ({
  value: accessToken!,
  expiresAtMs: expiresAtMs ?? now + assumedLifetimeMs,
  ...(accountId !== undefined && { accountId }),
});

/**
 * The token of the file, renewed where it has ended.
 * @param refused the value of a token that was refused: it is renewed, whatever the file says of it
 * @param newer renewed tokens by file, for files that could not be written
 * @throws SluiceError `authentication`, `connection`, `unavailable`
 */
export const chatgptToken = async (
  target: Target,
  { fetch, now, env, readText, writeText }: TokenSources,
  refused: string | undefined,
  newer: Map<string, SignIn>,
): Promise<ChatgptToken> => {
  const { provider } = target;
  const path = authFileOf(target, env());
  if (path === undefined) throw notSignedIn(provider, 'no home folder, and no CHATGPT_TOKEN_DIR');
  let file: JsonObject;
  try {
    file = JSON.parse(await readText(path)) as JsonObject;
  } catch {
    throw notSignedIn(provider, `${path} cannot be read, or is not JSON`);
  }
  const inFile = readSignIn(file);
  const held = newer.get(path);
  // Somebody signed in anew where the file has ended later than what was renewed here.
  const known = held && (held.expiresAtMs ?? 0) >= (inFile.expiresAtMs ?? 0) ? held : inFile;
  const holds = known.expiresAtMs === undefined ? known.refreshToken === undefined : known.expiresAtMs - skewMs > now();
  if (known.accessToken !== undefined && known.accessToken !== refused && holds) return asToken(known, now());
  if (known.refreshToken === undefined) throw notSignedIn(provider, `the sign-in in ${path} has ended`);

  const body = await fetchToken({
    fetch,
    url: tokenUrl,
    init: {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({
        client_id: clientId,
        grant_type: 'refresh_token',
        refresh_token: known.refreshToken,
        scope: 'openid profile email',
      }),
    },
    issuer,
    provider,
    secrets: [known.refreshToken],
  });
  const renewed = readSignIn(body, known);
  if (renewed.accessToken === undefined)
    throw new SluiceError('authentication', 'OpenAI answered without a token (access_token).', { provider: provider.id, retry: false });
  newer.set(path, renewed);
  // A refresh token holds once: without the new one in the file, the next program would have to sign in again.
  await writeText(path, JSON.stringify(writeSignIn(file, renewed), undefined, 2)).catch(() => {});
  return asToken(renewed, now());
};

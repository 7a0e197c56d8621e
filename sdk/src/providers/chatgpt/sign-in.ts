import { fromBase64Url } from '../../lib/base64url.ts';
import { SluiceError, type JsonObject, type Provider } from '../../types/index.ts';

/*
 * The file that a sign-in to ChatGPT leaves: LiteLLM's (`auth.json` of its folder: BerriAI/litellm
 * `llms/chatgpt/authenticator.py`, read 2026-11-22), or the one of OpenAI's Codex CLI, which has the tokens one level down.
 */

export interface SignIn {
  accessToken?: string;
  refreshToken?: string;
  idToken?: string;
  accountId?: string;
  /** Unix milliseconds; absent where nobody says. */
  expiresAtMs?: number;
}

const textIn = (body: JsonObject, name: string): string | undefined => {
  const value = body[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
};

/** What a JSON Web Token says; it is not checked here, the vendor does. */
const claimsOf = (token: string | undefined): JsonObject => {
  try {
    return (JSON.parse(fromBase64Url(token?.split('.')[1] ?? '') ?? '{}') ?? {}) as JsonObject;
  } catch {
    return {};
  }
};

const accountIn = (token: string | undefined): string | undefined => {
  const auth = claimsOf(token)['https://api.openai.com/auth'] as JsonObject | null | undefined;
  return auth ? textIn(auth, 'chatgpt_account_id') : undefined;
};

/** @param body the file, or an answer of the token endpoint, which may leave out what stays */
export const readSignIn = (body: JsonObject, before: SignIn = {}): SignIn => {
  const tokens = (typeof body['tokens'] === 'object' && body['tokens'] !== null ? body['tokens'] : body) as JsonObject;
  const accessToken = textIn(tokens, 'access_token');
  const idToken = textIn(tokens, 'id_token') ?? before.idToken;
  const refreshToken = textIn(tokens, 'refresh_token') ?? before.refreshToken;
  const accountId = textIn(tokens, 'account_id') ?? accountIn(idToken) ?? accountIn(accessToken) ?? before.accountId;
  const seconds = Number(tokens['expires_at'] ?? claimsOf(accessToken)['exp']);
  return {
    ...(accessToken !== undefined && { accessToken }),
    ...(refreshToken !== undefined && { refreshToken }),
    ...(idToken !== undefined && { idToken }),
    ...(accountId !== undefined && { accountId }),
    ...(seconds > 0 && { expiresAtMs: seconds * 1000 }),
  };
};

/** The file as it is to be after a renewal: its other members, and the place of the tokens, stay. */
export const writeSignIn = (file: JsonObject, { accessToken, refreshToken, idToken, accountId, expiresAtMs }: SignIn): JsonObject => {
  const members = {
    access_token: accessToken,
    ...(refreshToken !== undefined && { refresh_token: refreshToken }),
    ...(idToken !== undefined && { id_token: idToken }),
    ...(accountId !== undefined && { account_id: accountId }),
  };
  const nested = file['tokens'];
  if (typeof nested === 'object' && nested !== null) return { ...file, tokens: { ...nested, ...members } };
  return { ...file, ...members, ...(expiresAtMs !== undefined && { expires_at: Math.floor(expiresAtMs / 1000) }) };
};

export const notSignedIn = (provider: Pick<Provider, 'id'>, detail: string): SluiceError =>
  new SluiceError(
    'authentication',
    "No sign-in to ChatGPT was found: sign in once with a tool that stores it (`codex login`, or LiteLLM's chatgpt/ models), and " +
      'name the folder of its auth.json in CHATGPT_TOKEN_DIR; or give an access token as api_key.',
    { provider: provider.id, retry: false, detail },
  );

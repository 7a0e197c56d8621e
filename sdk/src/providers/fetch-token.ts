import { SluiceError, type JsonObject, type Provider } from '../types/index.ts';

/** The part of `fetch` that is used here. */
export type TokenFetch = (url: string, init: RequestInit) => Promise<Response>;

export interface TokenQuestion {
  fetch: TokenFetch;
  url: string;
  init: Pick<RequestInit, 'method' | 'headers' | 'body'>;
  /** Who is asked, for people: `IBM Cloud IAM`. */
  issuer: string;
  provider: Pick<Provider, 'id'>;
  /** What must not come back in an error, should the issuer repeat it. */
  secrets: readonly string[];
}

const timeoutMs = 10_000;
/** Nobody needs more of a reason. UTF-16 units. */
const maxReason = 300;

/**
 * Asks for a token: one request, one JSON answer. Redirects are not followed, as they would take the secret along.
 * @throws SluiceError `connection` (no answer), `unavailable` (5xx, 429), `authentication` (refused)
 */
export const fetchToken = async ({ fetch, url, init, issuer, provider, secrets }: TokenQuestion): Promise<JsonObject> => {
  const where = { provider: provider.id };
  let response: Response;
  let body: JsonObject;
  try {
    response = await fetch(url, { ...init, redirect: 'error', signal: AbortSignal.timeout(timeoutMs) });
    body = ((await response.json().catch(() => null)) ?? {}) as JsonObject;
  } catch (cause) {
    throw new SluiceError('connection', `No answer from ${issuer}.`, { ...where, cause });
  }
  if (response.ok) return body;
  const why = withoutSecrets(reasonOf(body) ?? `status ${response.status}`, secrets);
  if (response.status >= 500 || response.status === 429)
    throw new SluiceError('unavailable', `${issuer} cannot give a token now: ${why}`, where);
  throw new SluiceError('authentication', `${issuer} refused the credentials: ${why}`, { ...where, retry: false });
};

/** The members in which issuers say what is wrong, the most telling first (OAuth 2, IBM, SAP, GigaChat, GitHub). */
const reasons = ['error_description', 'errorMessage', 'message', 'error', 'code'] as const;

const reasonOf = (body: JsonObject): string | undefined => {
  for (const name of reasons) {
    const told = body[name];
    const value = typeof told === 'object' && told !== null ? (told as JsonObject)['message'] : told;
    if (typeof value === 'string' && value !== '') return value.split(/[\r\n]/)[0]!.slice(0, maxReason);
  }
  return undefined;
};

const withoutSecrets = (text: string, secrets: readonly string[]): string =>
  secrets.reduce((clean, secret) => (secret === '' ? clean : clean.replaceAll(secret, '[secret]')), text);

/**
 * A text that the answer must hold.
 * @throws SluiceError `authentication` where it does not
 */
export const tokenIn = (body: JsonObject, member: string, issuer: string, provider: Pick<Provider, 'id'>): string => {
  const value = body[member];
  if (typeof value === 'string' && value !== '') return value;
  throw new SluiceError('authentication', `${issuer} answered without a token ('${member}').`, { provider: provider.id, retry: false });
};

/** When a token ends whose answer says how many seconds it holds. Unix milliseconds. */
export const endsIn = (seconds: unknown, askedAtMs: number, defaultSeconds: number): number =>
  askedAtMs + (Number(seconds) > 0 ? Number(seconds) : defaultSeconds) * 1000;

import { SluiceError } from 'sluice/kit';

/** Headers that carry a bare key, by the clients that send them. */
const keyHeaders = [
  'x-api-key',
  'api-key',
  'x-goog-api-key',
  'ocp-apim-subscription-key',
  // Of vendors whose clients come here by their relay (`/elevenlabs`): ElevenLabs, Black Forest Labs, Gladia, Hume, Sarvam, Brave.
  'xi-api-key',
  'x-key',
  'x-gladia-key',
  'x-hume-api-key',
  'api-subscription-key',
  'x-subscription-token',
] as const;

/** For the gateway alone: clients use it where the other headers are taken by a provider's credential. */
const ownHeader = 'x-litellm-api-key';

/** Whether a header is one that a key may come in, and so must not go on to a provider (FP-27). @param name in lower case */
export const isKeyHeader = (name: string, customHeader?: string): boolean =>
  name === 'authorization' || name === ownHeader || name === customHeader || (keyHeaders as readonly string[]).includes(name);

/**
 * The key that a request presents, wherever its client puts it: `Authorization: Bearer` (OpenAI), `x-api-key` (Anthropic),
 * `api-key` (Azure), `x-goog-api-key` or `?key=` (Gemini); before all of them the headers that are the gateway's own.
 * @param query the URL's query without `?`
 * @throws SluiceError `authentication` where there is an AWS signature alone
 */
export const presentedKey = (headers: Headers, query: string, customHeader?: string): string | undefined => {
  const own = (customHeader === undefined ? null : headers.get(customHeader)) || headers.get(ownHeader);
  if (own) return withoutScheme(own);
  const authorization = headers.get('authorization');
  const signed = authorization?.startsWith(signatureScheme) === true;
  if (authorization && !signed) return withoutScheme(authorization);
  for (const name of keyHeaders) {
    const value = headers.get(name);
    if (value) return withoutScheme(value);
  }
  if (query.includes('key=')) return new URLSearchParams(query).get('key') ?? undefined;
  if (signed) throw new SluiceError('authentication', useBearer);
  return undefined;
};

/** AWS's: proves that the client has a secret, which here would have to be known to be checked. */
const signatureScheme = 'AWS4-HMAC-SHA256';
const useBearer =
  "The request is signed with AWS credentials, which this gateway cannot check. Give the AWS SDK the gateway's key in AWS_BEARER_TOKEN_BEDROCK.";

const withoutScheme = (value: string): string => {
  // `Token` is Deepgram's word, `Key` fal's.
  const [, scheme = '', rest = ''] = /^(bearer|basic|token|key)\s+(.*)$/is.exec(value) ?? [];
  if (scheme === '') return value.trim();
  return scheme.toLowerCase() === 'basic' ? ofBasic(rest.trim()) : rest.trim();
};

/** Clients of services that know no other scheme (Langfuse, Cursor) give the key as the user's name, or as the password. */
const ofBasic = (text: string): string => {
  const [user = '', ...password] = Buffer.from(text, 'base64').toString('utf8').split(':');
  return user === '' ? password.join(':') : user;
};

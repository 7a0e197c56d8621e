import { retryAfterMs } from '../lib/retry-after.ts';
import { SluiceError, type TransportResponse, type UpstreamProtocol } from '../types/index.ts';
import type { ChatCall } from './call.ts';

/** Where vendors put the id that their support asks for. */
const requestIdHeaders = [
  'x-request-id',
  'request-id',
  'apim-request-id',
  'x-amzn-requestid',
  'x-goog-request-id',
  'x-groq-request-id',
  'cf-ray',
];

export const requestIdOf = (headers: Headers): string | undefined => {
  for (const name of requestIdHeaders) {
    const value = headers.get(name);
    if (value !== null) return value;
  }
  return undefined;
};

/** An error body longer than this is no error message. */
const maxErrorBytes = 1024 * 1024;

/** The token that a request had, which was fetched maybe and is no key of the configuration. Shorter ones are words. */
const tokenIn = ({ authorization }: Readonly<Record<string, string>>): string | undefined =>
  /^\w+ (\S{16,})$/.exec(authorization ?? '')?.[1];

/**
 * Reads a failed answer: the vendor's own words by its protocol, and what the headers add.
 * @param sent the headers of the request, names in lower case
 */
export const failureOf = async (
  response: TransportResponse,
  protocol: Pick<UpstreamProtocol, 'errors'>,
  { target }: Pick<ChatCall, 'target'>,
  now: number,
  sent: Readonly<Record<string, string>> = {},
): Promise<SluiceError> => {
  const where = { provider: target.provider.id, model: target.model };
  const text = await response.bytes(maxErrorBytes).then(
    (bytes) => new TextDecoder().decode(bytes),
    () => '',
  );
  // Some servers echo the key that they refuse; it must not reach a client or a log (FP-26).
  const body = [target.apiKey?.reveal(), tokenIn(sent)].reduce<string>(
    (clean, key) => (key ? clean.replaceAll(key, '[secret]') : clean),
    text,
  );
  const { status, headers } = response;
  if (status >= 300 && status < 400) {
    return new SluiceError('bad_gateway', `The provider answered with a redirect (${status}); check the base URL.`, {
      ...where,
      retry: false,
    });
  }
  const error = protocol.errors.fromWire({ status, headers, body });
  const requestId = error.upstream?.requestId ?? requestIdOf(headers);
  const waitMs = error.retryAfterMs ?? retryAfterMs(headers, now);
  return error.with({
    ...where,
    upstream: { ...error.upstream, ...(requestId !== undefined && { requestId }) },
    ...(waitMs !== undefined && { retryAfterMs: waitMs }),
  });
};

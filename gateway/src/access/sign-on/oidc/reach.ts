import { SluiceError } from 'sluice/kit';

/** How identity providers are reached: `fetch`, or what stands for it in tests. */
export type Reach = (url: string, init: RequestInit) => Promise<Response>;

const timeoutMs = 10_000;
const maxBytes = 2_000_000;

/** The addresses of identity providers are the operator's own; what they answer is bounded all the same. */
export const bounded =
  (reach: Reach): Reach =>
  async (url, init) => {
    demandSafe(url);
    const signal = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(init.signal ? [init.signal] : [])]);
    // Where a provider sends us on to is nobody's to say but the operator's.
    const response = await reach(url, { ...init, redirect: 'manual', signal });
    const body = await read(response);
    return new Response(body.byteLength === 0 ? null : body, { status: response.status, headers: plainHeaders(response.headers) });
  };

/** @throws SluiceError `unavailable` for an address in the clear, where secrets would be read by whoever is between */
export const demandSafe = (url: string): void => {
  const { protocol, hostname } = new URL(url);
  if (protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname))) return;
  throw new SluiceError('unavailable', `The identity provider must be reached by https (${hostname}).`, { retry: false });
};

const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);

const read = async (response: Response): Promise<Uint8Array<ArrayBuffer>> => {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of response.body ?? []) {
    length += piece.length;
    if (length > maxBytes)
      throw new SluiceError('unavailable', 'The identity provider answers with more than can be meant.', { retry: false });
    pieces.push(piece);
  }
  return Uint8Array.from(Buffer.concat(pieces));
};

/** It is unpacked by now. */
const plainHeaders = (headers: Headers): Headers => {
  const plain = new Headers(headers);
  plain.delete('content-encoding');
  plain.delete('content-length');
  return plain;
};

/** A provider that cannot be reached, or answers nonsense, is no wrong password of anybody. */
export const providerFailed = (label: string, cause: unknown): SluiceError =>
  SluiceError.is(cause)
    ? cause
    : new SluiceError('unavailable', `${label} cannot be asked at the moment. Try again.`, {
        retry: false,
        detail: cause instanceof Error ? cause.message : String(cause),
        cause,
      });

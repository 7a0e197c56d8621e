import { SluiceError, type Transport, type TransportResponse } from '../types/index.ts';

/** The part of `fetch` that is used, so that any implementation or fake fits. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/**
 * A transport over `fetch`: runs wherever there is one. `fetch` does not tell when a connection is made, so
 * `connectTimeoutMs` is not enforced here; the first-token deadline covers the wait. The gateway's own transport does.
 */
export const createFetchTransport =
  (fetch: Fetch = globalThis.fetch): Transport =>
  async ({ method, url, headers, body, signal }) => {
    let response: Response;
    try {
      response = await fetch(url, { method, headers, redirect: 'manual', ...(body !== undefined && { body }), ...(signal && { signal }) });
    } catch (cause) {
      throw transportError(cause, signal, url);
    }
    return readerOf(response, signal, url);
  };

const readerOf = (response: Response, signal: AbortSignal | undefined, url: string): TransportResponse => {
  const reader = response.body?.getReader();
  let done = reader === undefined;
  return {
    status: response.status,
    headers: response.headers,
    async read() {
      if (done || !reader) return undefined;
      try {
        const next = await reader.read();
        if (!next.done) return next.value;
        done = true;
        return undefined;
      } catch (cause) {
        done = true;
        throw transportError(cause, signal, url);
      }
    },
    async bytes(maxBytes) {
      done = true;
      // Nothing was read yet in every use of this, and the platform is much faster than pieces read here. A length
      // that is not declared cannot be bounded beforehand; what was received is checked below.
      reader?.releaseLock();
      if (Number(response.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge(maxBytes);
      let bytes: Uint8Array;
      try {
        bytes = new Uint8Array(await response.arrayBuffer());
      } catch (cause) {
        throw transportError(cause, signal, url);
      }
      if (bytes.length > maxBytes) throw tooLarge(maxBytes);
      return bytes;
    },
    cancel() {
      if (done) return;
      done = true;
      reader?.cancel().catch(() => {});
    },
  };
};

const tooLarge = (maxBytes: number): SluiceError =>
  new SluiceError('invalid_response', `The provider's answer is larger than ${maxBytes} bytes.`, { retry: false });

/** The host alone: a URL may carry what nobody else should see. */
const hostOf = (url: string): string => {
  try {
    return new URL(url).host;
  } catch {
    return 'an invalid URL';
  }
};

/** Runtimes word it differently; the code is the same everywhere: there was no answer to be had. */
const transportError = (cause: unknown, signal: AbortSignal | undefined, url: string): SluiceError => {
  if (SluiceError.is(cause)) return cause;
  if (signal?.aborted) {
    return SluiceError.is(signal.reason) ? signal.reason : new SluiceError('client_closed_request', 'The call was cancelled.', { cause });
  }
  const detail = cause instanceof Error ? (cause.cause instanceof Error ? cause.cause.message : cause.message) : String(cause);
  return new SluiceError('connection', `No answer from ${hostOf(url)}: ${detail}`, { cause });
};

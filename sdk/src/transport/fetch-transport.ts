import { SluiceError, type BodySource, type CancelSignal, type Transport, type TransportResponse } from '../types/index.ts';
import { isBodySource, streamOf } from './body-source.ts';
import { abortSignalOf } from './canceller.ts';

/** The part of `fetch` that is used, so that any implementation or fake fits. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/**
 * A transport over `fetch`: runs wherever there is one. `fetch` does not tell when a connection is made, so
 * `connectTimeoutMs` is not enforced here; the first-token deadline covers the wait. The gateway's own transport does.
 */
export const createFetchTransport =
  (fetch: Fetch = globalThis.fetch): Transport =>
  async ({ method, url, headers, body, signal, address }) => {
    const source = isBodySource(body) ? body : undefined;
    if (address !== undefined) {
      source?.cancel();
      throw new SluiceError('internal', '`fetch` connects to names and not to addresses.', { retry: false });
    }
    let response: Response;
    try {
      response = await fetch(url, {
        method,
        headers: source?.length === undefined ? headers : { ...headers, 'content-length': String(source.length) },
        redirect: 'manual',
        ...(source ? asStream(source) : body !== undefined && { body: body as BodyInit }),
        ...(signal && { signal: abortSignalOf(signal) }),
      });
    } catch (cause) {
      source?.cancel();
      throw transportError(cause, signal, url);
    }
    const answer = readerOf(response, signal, url);
    if (!source) return answer;
    return {
      ...answer,
      cancel() {
        answer.cancel();
        source.cancel();
      },
    };
  };

/** A body that is a stream goes out before the answer comes, which runtimes want to be told (https://fetch.spec.whatwg.org, `RequestDuplex`). */
const asStream = (source: BodySource): RequestInit & { duplex: 'half' } => ({ body: streamOf(source), duplex: 'half' });

const readerOf = (response: Response, signal: CancelSignal | undefined, url: string): TransportResponse => {
  // Taken when it is needed: once there was a reader, Bun takes the body for used.
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  let done = response.body === null;
  const cancel = () => {
    if (done) return;
    done = true;
    (reader ?? response.body)?.cancel().catch(() => {});
  };
  const read = async (): Promise<Uint8Array | undefined> => {
    if (done) return undefined;
    try {
      reader ??= response.body!.getReader();
      const next = await reader.read();
      if (!next.done) return next.value;
      done = true;
      return undefined;
    } catch (cause) {
      done = true;
      throw transportError(cause, signal, url);
    }
  };
  const inPieces = async (maxBytes: number): Promise<Uint8Array> => {
    const pieces: Uint8Array[] = [];
    let length = 0;
    for (let piece = await read(); piece; piece = await read()) {
      pieces.push(piece);
      length += piece.length;
      if (length > maxBytes) throw tooLarge(maxBytes);
    }
    return joined(pieces, length);
  };
  return {
    status: response.status,
    headers: response.headers,
    read,
    async bytes(maxBytes) {
      const declared = Number(response.headers.get('content-length') ?? NaN);
      try {
        if (declared > maxBytes) throw tooLarge(maxBytes);
        // The platform is much faster than pieces read here, but knows no bound.
        if (done || reader || Number.isNaN(declared)) return await inPieces(maxBytes);
        done = true;
        const bytes = new Uint8Array(await response.arrayBuffer());
        if (bytes.length > maxBytes) throw tooLarge(maxBytes);
        return bytes;
      } catch (cause) {
        cancel();
        throw transportError(cause, signal, url);
      }
    },
    cancel,
  };
};

const joined = (pieces: readonly Uint8Array[], length: number): Uint8Array => {
  if (pieces.length === 1) return pieces[0]!;
  const all = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
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
const transportError = (cause: unknown, signal: CancelSignal | undefined, url: string): SluiceError => {
  if (SluiceError.is(cause)) return cause;
  if (signal?.aborted) {
    return SluiceError.is(signal.reason) ? signal.reason : new SluiceError('client_closed_request', 'The call was cancelled.', { cause });
  }
  const detail = cause instanceof Error ? (cause.cause instanceof Error ? cause.cause.message : cause.message) : String(cause);
  return new SluiceError('connection', `No answer from ${hostOf(url)}: ${detail}`, { cause });
};

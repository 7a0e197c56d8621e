import { Canceller, SluiceError, type CancelSignal, type Transport, type TransportResponse } from 'sluice/kit';
import { abortedBy } from '../failures.ts';
import { mediaTypeOf } from './media-type.ts';
import type { UrlGuard } from './url-guard.ts';

export interface MediaFetchOptions {
  guard: UrlGuard;
  /** Must heed `address`. */
  transport: Transport;
  /** Of one file. */
  maxBytes?: number;
  /** All of it: names, redirects, bytes. */
  timeoutMs?: number;
  maxRedirects?: number;
}

/**
 * Fetches a file that a client named by its URL, behind the guard: every redirect is judged anew, and no credential goes along.
 * @throws SluiceError `invalid_request` (refused, not there, too large, no media), `connection`, `timeout`
 */
export type MediaFetch = (url: string, signal?: CancelSignal) => Promise<{ bytes: Uint8Array; mediaType: string }>;

const redirects = new Set([301, 302, 303, 307, 308]);

export const createMediaFetch = ({
  guard,
  transport,
  maxBytes = 20 * 1024 * 1024,
  timeoutMs = 10_000,
  maxRedirects = 3,
}: MediaFetchOptions): MediaFetch => {
  const load = async (first: string, signal: CancelSignal) => {
    let next = first;
    for (let hops = 0; hops <= maxRedirects; hops++) {
      const { url, address } = await guard(next);
      if (signal.aborted) throw abortedBy(signal);
      const response = await transport({
        method: 'GET',
        url: url.href.replace(/#.*$/, ''),
        address,
        headers: { accept: '*/*' },
        signal,
        connectTimeoutMs: timeoutMs,
      });
      const location = redirects.has(response.status) ? response.headers.get('location') : null;
      if (location === null) return read(response, url.host);
      response.cancel();
      const target = URL.parse(location, url);
      if (!target) throw failed(`${url.host} redirects to what is no URL`);
      if (url.protocol === 'https:' && target.protocol === 'http:') throw failed(`${url.host} redirects from https to http`);
      next = target.href;
    }
    throw failed(`it redirects more than ${maxRedirects} times`);
  };

  const read = async (response: TransportResponse, host: string) => {
    if (response.status < 200 || response.status > 299) {
      response.cancel();
      throw failed(`${host} answers ${response.status}`);
    }
    let bytes: Uint8Array;
    try {
      bytes = await response.bytes(maxBytes);
    } catch (cause) {
      // The transport's word for it is about providers.
      if (SluiceError.is(cause) && cause.code === 'invalid_response') throw failed(`it is larger than ${maxBytes} bytes`);
      throw cause;
    }
    const mediaType = mediaTypeOf(response.headers.get('content-type'), bytes);
    if (mediaType === undefined) throw failed('what is there is no image, sound, video or document');
    return { bytes, mediaType };
  };

  return async (url, signal) => {
    const canceller = new Canceller();
    const follow = () => canceller.abort(signal?.reason);
    if (signal?.aborted) follow();
    signal?.addEventListener('abort', follow);
    const timer = setTimeout(
      () => canceller.abort(new SluiceError('timeout', `The file of the URL was not there within ${timeoutMs} ms.`, { retry: false })),
      timeoutMs,
    );
    try {
      return await load(url, canceller);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', follow);
    }
  };
};

const failed = (why: string): SluiceError => new SluiceError('invalid_request', `The URL cannot be used: ${why}.`, { retry: false });

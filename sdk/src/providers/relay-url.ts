import { SluiceError, type Target } from '../types/index.ts';
import { baseUrlOf, checkedUrl } from './url.ts';

const version = /^v\d+(?:(?:alpha|beta|p)\d*)?$/;

/**
 * The URL of a path that a client worded for the vendor itself. It stays at the target's own host, and below what the
 * base URL has in front of its version: a path can leave neither.
 * @param path raw, with its slash and without a query
 * @throws SluiceError `invalid_request` for a path that leads elsewhere; what the base URL throws
 */
export const relayUrl = (target: Target, path: string): string => {
  checkPath(path, target);
  const own = target.provider.relay?.url?.(target, path);
  return own ?? joined(target, path);
};

const joined = (target: Target, path: string): string => {
  const { provider, baseUrl } = target;
  const other = baseUrl === undefined ? provider.relay?.baseUrl : undefined;
  const { url, query } = other === undefined ? baseUrlOf(target) : { url: other, query: '' };
  const { origin, pathname } = checkedUrl(url, provider);
  const whole = origin + prefixed(pathname.replace(/\/+$/, ''), path);
  const made = URL.parse(whole);
  // The last word: whatever a parser makes of it, it is the same host and the same path.
  if (made?.origin !== origin || made.href !== whole) throw elsewhere(target);
  return query === '' ? whole : `${whole}?${query}`;
};

/**
 * Clients write a vendor's paths as its documents do, with its version (`/v1/files`) and what is in front (`/openai/v1/files`),
 * or as LiteLLM's users may, without (`/files`).
 */
const prefixed = (base: string, path: string): string => {
  const segments = base.split('/').slice(1);
  const asked = path.split('/').slice(1);
  if (base === '' || (segments[0] === asked[0] && !version.test(asked[0] ?? ''))) return path;
  // The end of the base and the beginning of the path may be the same (`/proxy/api/v1` and `/api/v1/...`).
  for (let count = Math.min(segments.length, asked.length - 1); count > 1; count--) {
    if (segments.slice(-count).join('/') === asked.slice(0, count).join('/'))
      return `/${[...segments.slice(0, -count), ...asked].join('/')}`;
  }
  const last = segments.at(-1) ?? '';
  if (!version.test(last)) return base + path;
  const front = base.slice(0, base.length - last.length - 1);
  // Another version, or the same further down (`/upload/v1beta/files`): the path says all from there on.
  return version.test(asked[0] ?? '') || asked.includes(last) ? front + path : base + path;
};

/** No segment may be `.` or `..`, in any spelling that a server may read as such; no control characters, no other host. */
const checkPath = (path: string, target: Target): void => {
  // oxlint-disable-next-line no-control-regex
  if (!path.startsWith('/') || path.startsWith('//') || /[\\?#\x00-\x20\x7f]/.test(path)) throw elsewhere(target);
  for (const segment of path.split('/')) {
    let decoded = segment;
    // More than once: some servers unescape what a proxy has unescaped before.
    for (let round = 0; decoded.includes('%'); round++) {
      if (round === maxUnescapes) throw elsewhere(target);
      try {
        const next = decodeURIComponent(decoded);
        if (next === decoded) break;
        decoded = next;
      } catch {
        // What is no escape any more was a percent sign that was meant.
        if (round > 0) break;
        throw elsewhere(target);
      }
    }
    // oxlint-disable-next-line no-control-regex
    if (/[\x00-\x1f\x7f]/.test(decoded) || decoded.normalize('NFKC').split(/[\\/]/).some(isDots)) throw elsewhere(target);
  }
};

/** Escapes within escapes, so deep that nobody means them. */
const maxUnescapes = 4;

/** As servers read it that take what is behind a semicolon for parameters, or leave off spaces. */
const isDots = (segment: string): boolean => /^\s*\.\.?\s*(?:;|$)/.test(segment);

const elsewhere = ({ provider }: Target): SluiceError =>
  new SluiceError('invalid_request', `The path is none that can be relayed to ${provider.label}.`, { provider: provider.id, retry: false });

/**
 * Where a conversation over a WebSocket is held, with `wss` or `ws`.
 * @throws SluiceError `invalid_request` where the vendor has none; what the base URL throws
 */
export const realtimeUrl = (target: Target): string => {
  const { provider, model } = target;
  const { realtime } = provider;
  if (!realtime)
    throw new SluiceError('invalid_request', `${provider.label} has no realtime API that is known here.`, {
      param: 'model',
      provider: provider.id,
    });
  const url = realtime.url?.(target) ?? withModel(joined(target, realtime.path), model);
  return url.replace(/^http/, 'ws');
};

const withModel = (url: string, model: string): string =>
  model === '' ? url : `${url}${url.includes('?') ? '&' : '?'}model=${encodeURIComponent(model)}`;

import { upstreamUrl } from '../../providers/index.ts';
import {
  SluiceError,
  type BodySource,
  type ByteStream,
  type Target,
  type TransportResponse,
  type Wire,
  type WireCall,
} from '../../types/index.ts';
import { parseAnswer } from '../whole-answer.ts';
import { encodeForm, sourceOf } from './form.ts';
import type { Outgoing, Session } from './session.ts';

/**
 * The hands of an adapter, over a session.
 * @param lacks what `Wire.lacks` does: refuses, or notes
 */
export const createWire = (session: Session, lacks: Wire['lacks']): Wire => {
  const { target } = session;
  const answer: Wire['answer'] = async (call) => {
    const response = await session.send(outgoing(call, target, 'application/json'));
    const json = parseAnswer(await session.bytes(response), response);
    return { json, headers: response.headers, status: response.status };
  };
  return {
    target,
    model: target.model,
    lacks,
    drop: (what, why) => void session.dropped.push({ what, why }),
    answer,
    json: async (call) => (await answer(call)).json,
    async stream(call) {
      const response = await session.send(outgoing(call, target, '*/*'));
      return { ...streamOf(response), headers: response.headers };
    },
    async file(call) {
      const response = await session.send(outgoing(call, target, '*/*'));
      const type = typeOf(response.headers);
      const bytes = (await session.bytes(response)) as Uint8Array<ArrayBuffer>;
      return { bytes: new Blob([bytes], { type }), name: nameOf(call.url), type };
    },
    sleep: (ms) => sleep(ms, session),
    now: session.now,
  };
};

/** An answer's bytes as they come. */
export const streamOf = (response: TransportResponse): ByteStream => ({
  contentType: response.headers.get('content-type') ?? 'application/octet-stream',
  read: () => response.read(),
  cancel: () => response.cancel(),
});

const outgoing = (call: WireCall, target: Target, accept: string): Outgoing => {
  const url = withQuery(whole(call.url, target), call.query);
  const { contentType, body } = bodyOf(call);
  return {
    method: call.method ?? (body === undefined ? 'GET' : 'POST'),
    url,
    headers: { accept, ...(contentType !== undefined && { 'content-type': contentType }), ...call.headers },
    ...(body !== undefined && { body }),
    ...standing(new URL(url), target),
    ...(call.follow && { redirected: following(url, target, accept) }),
  };
};

/** Vendors need one or two. */
const maxRedirects = 5;

/** Follows redirects to HTTPS. Where it leads, only the vendor's own hosts get credentials, and nobody the adapter's headers. */
const following =
  (from: string, target: Target, accept: string, left = maxRedirects): NonNullable<Outgoing['redirected']> =>
  (location) => {
    if (left === 0 || location === '' || !URL.canParse(location, from)) return undefined;
    const url = new URL(location, from);
    if (url.protocol !== 'https:' || url.username !== '') return undefined;
    const redirected = following(url.href, target, accept, left - 1);
    return { method: 'GET', url: url.href, headers: { accept }, ...standing(url, target), redirected };
  };

const whole = (url: string, target: Target): string =>
  /^https?:\/\//i.test(url) ? url : upstreamUrl(target, { protocol: 'openai-chat', path: url }, false);

const withQuery = (url: string, query: WireCall['query']): string => {
  if (!query) return url;
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) given.append(name, String(value));
  const text = given.toString();
  return text === '' ? url : url + (url.includes('?') ? '&' : '?') + text;
};

const bodyOf = ({ json, form, bytes }: WireCall): { contentType?: string; body?: string | Uint8Array<ArrayBuffer> | BodySource } => {
  if (json !== undefined) return { contentType: 'application/json', body: JSON.stringify(json) };
  if (form) return encodeForm(form);
  if (!bytes) return {};
  if (bytes instanceof Uint8Array) return { contentType: 'application/octet-stream', body: bytes };
  return { contentType: bytes.type === '' ? 'application/octet-stream' : bytes.type, body: sourceOf([bytes.bytes]) };
};

const standing = (url: URL, target: Target): Pick<Outgoing, 'trusted' | 'foreign'> => {
  const trusted = isOwnHost(url, target);
  // The machine of the base URL is the operator's choice, whatever else it serves.
  return { trusted, foreign: !trusted && url.hostname !== baseOf(target).hostname };
};

const baseOf = (target: Target): URL => new URL(upstreamUrl(target, { protocol: 'openai-chat', path: '' }, false));

/** Whether a host is the vendor's own: a link in an answer must not carry the key to somebody else (FP-27). */
const isOwnHost = ({ host, protocol }: URL, target: Target): boolean => {
  const base = baseOf(target);
  if (host === base.host && protocol === base.protocol) return true;
  if (protocol !== 'https:') return false;
  return (target.provider.hosts ?? []).some((own) => (own.startsWith('*.') ? host.endsWith(own.slice(1)) : host === own));
};

const typeOf = (headers: Headers): string => headers.get('content-type')?.split(';')[0]!.trim() ?? '';

const nameOf = (url: string): string => {
  const name = url.split(/[?#]/)[0]!.split('/').at(-1)!;
  return /^[\w.-]{1,100}$/.test(name) ? name : 'file';
};

const sleep = async (ms: number, { clock }: Session): Promise<void> => {
  clock.throwIfAborted();
  let wake = (): void => {};
  const waiting = new Promise<void>((resolve) => (wake = resolve));
  const timer = setTimeout(wake, ms);
  clock.addEventListener('abort', wake);
  await waiting;
  clearTimeout(timer);
  clock.removeEventListener('abort', wake);
  if (clock.aborted)
    throw clock.reason instanceof Error ? clock.reason : new SluiceError('client_closed_request', 'The call was cancelled.');
};

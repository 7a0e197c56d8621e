import { isObject, type CancelSignal } from 'sluice/kit';
import type { EtcdLookup } from '../config/discovery-settings.ts';
import { askJson, askLines } from './ask.ts';
import type { Claimed } from './endpoint.ts';
import { SourceError, type OnList, type Source, type SourceContext } from './source.ts';

/** How long one watch is listened to before all is read anew: what it missed without saying so is found then. Milliseconds. */
const watchMs = 300_000;
/** In base64; what is longer is no endpoint. */
const maxValueChars = 16_384;

/**
 * The keys below a prefix, each an endpoint: read once, then watched from that revision on. Values are JSON
 * (`{"host": "10.0.0.7", "port": 8000, "weight": 1, "order": 1, "tags": ["a"], "model": "m"}`), an address
 * (`http://10.0.0.7:8000`) or `host:port`. Over etcd's JSON gateway
 * (https://etcd.io/docs/latest/dev-guide/api_grpc_gateway, read 2026-11-22; tried with 3.4.23).
 */
export const etcdSource = (lookup: EtcdLookup, context: SourceContext): Source => ({
  async watch(onList: OnList, signal: CancelSignal) {
    const range = { key: base64(lookup.prefix), range_end: base64(endOf(Buffer.from(lookup.prefix))) };
    const post = (path: string, token: string | undefined, body: object) => ({
      method: 'POST' as const,
      url: `${lookup.address}/v3/${path}`,
      headers: { 'content-type': 'application/json', ...(token !== undefined && { authorization: token }) },
      body: JSON.stringify(body),
    });
    while (!signal.aborted) {
      const token = await signIn(lookup, context, signal, post);
      // One more than is of use, so that it is seen that there are more.
      const first = await askJson(post('kv/range', token, { ...range, limit: String(context.maxEndpoints + 1) }), context, signal);
      const known = new Map<string, string>();
      const all = isObject(first.value) ? first.value : {};
      for (const pair of listOf(all['kvs'])) put(known, pair);
      const revision = revisionOf(all);
      const tell = () => onList([...known.values()].map(claimOf));
      tell();
      const from = { ...range, start_revision: String(revision + 1n) };
      await askLines(post('watch', token, { create_request: from }), context, signal, watchMs, (line) => {
        if (apply(known, line, context.maxEndpoints)) tell();
      });
      // A server that ends watches at once must not be asked again at once.
      await context.clock.sleep(1000 + 1000 * context.random(), signal);
    }
  },
});

type Post = (path: string, token: string | undefined, body: object) => Parameters<typeof askJson>[0];

/** Tokens live for five minutes unless used: one is fetched for each reading of it all. */
const signIn = async ({ username, password }: EtcdLookup, context: SourceContext, signal: CancelSignal, post: Post) => {
  if (username === undefined || password === undefined) return undefined;
  const { value } = await askJson(post('auth/authenticate', undefined, { name: username, password: password.reveal() }), context, signal);
  const token = isObject(value) ? value['token'] : undefined;
  if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token)) throw new SourceError('It gave no token.');
  return token;
};

/** The answer's revision; numbers of 64 bits are texts in its JSON. */
const revisionOf = (answer: Record<string, unknown>): bigint => {
  const { header } = answer;
  const revision = isObject(header) ? header['revision'] : undefined;
  if (typeof revision !== 'string' || !/^\d{1,19}$/.test(revision)) throw new SourceError('Its answer has no revision.');
  return BigInt(revision);
};

/** Takes over what a line of the watch says. @returns whether anything has changed */
const apply = (known: Map<string, string>, line: unknown, maxEndpoints: number): boolean => {
  const result = isObject(line) ? line['result'] : undefined;
  if (!isObject(result)) throw new SourceError('It ended the watch with an error.');
  // What it was to go on from is compacted away, or the right to watch was taken: all is read anew.
  if (result['canceled'] === true) throw new SourceError('It cancelled the watch.');
  const events = listOf(result['events']);
  for (const event of events) {
    const { type, kv } = isObject(event) ? event : {};
    // A put is the type that is not written out.
    if (type === 'DELETE') known.delete(keyText(kv));
    else put(known, kv);
  }
  // A prefix that was too large is read anew once it is not, for what was left out is not known here.
  if (known.size > maxEndpoints + 1) throw new SourceError(`There are more than ${maxEndpoints} keys.`);
  return events.length > 0;
};

const put = (known: Map<string, string>, pair: unknown): void => {
  if (!isObject(pair)) return;
  const { value } = pair;
  known.set(keyText(pair), typeof value === 'string' && value.length <= maxValueChars ? Buffer.from(value, 'base64').toString() : '');
};

const keyText = (pair: unknown): string => (isObject(pair) && typeof pair['key'] === 'string' ? pair['key'] : '');

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const claimOf = (text: string): Claimed => {
  if (text.trimStart().startsWith('{')) {
    try {
      const { host, port, weight, order, tags, model } = JSON.parse(text) as Record<string, unknown>;
      return { host, port, weight, order, tags, ...(model !== undefined && { model }) };
    } catch {
      return { host: undefined, port: undefined };
    }
  }
  const url = URL.parse(/^https?:\/\//i.test(text) ? text.trim() : `http://${text.trim()}`);
  if (!url) return { host: undefined, port: undefined };
  return { host: url.hostname, port: url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port) };
};

const base64 = (bytes: string | Uint8Array): string => Buffer.from(bytes as string).toString('base64');

/** The first key that does not begin with a prefix: its last byte that can be raised, raised. */
const endOf = (prefix: Uint8Array): Uint8Array => {
  for (let at = prefix.length - 1; at >= 0; at--) {
    const end = prefix.slice(0, at + 1);
    if (end[at] === 0xff) continue;
    end[at]!++;
    return end;
  }
  // All keys from there on.
  return Uint8Array.of(0);
};

import { isObject, type CancelSignal } from 'sluice/kit';
import type { ConsulLookup } from '../config/discovery-settings.ts';
import { askJson } from './ask.ts';
import type { Claimed } from './endpoint.ts';
import { SourceError, type OnList, type Source, type SourceContext } from './source.ts';

/** How long Consul may hold a question; it adds up to a sixteenth of it. Milliseconds. */
const holdMs = 60_000;
/** Between two questions, however fast the service changes. */
const minGapMs = 250;
/** Where it says no index, it does not hold questions. */
const plainIntervalMs = 10_000;

/**
 * The passing instances of a service, by blocking queries. What its instances say of themselves in their metadata
 * (`model`, `order`, `tags` with commas between them) is taken too.
 * https://developer.hashicorp.com/consul/api-docs/health and /features/blocking, read 2026-11-22.
 */
export const consulSource = (lookup: ConsulLookup, context: SourceContext): Source => ({
  async watch(onList: OnList, signal: CancelSignal) {
    let index = 0;
    while (!signal.aborted) {
      const held = index > 0;
      const { headers, value } = await askJson(
        { method: 'GET', url: urlOf(lookup, index), headers: headersOf(lookup) },
        context,
        signal,
        context.timeoutMs + (held ? holdMs + holdMs / 16 : 0),
      );
      if (!Array.isArray(value)) throw new SourceError('Its answer is no list of instances.');
      onList(value.map(claimOf));
      const next = Number(headers.get('x-consul-index') ?? 0);
      // One that goes back, or is none, starts over: to wait for what is behind would be to wait for ever.
      index = Number.isSafeInteger(next) && next > 0 && next >= index ? next : 0;
      await context.clock.sleep(index > 0 ? minGapMs : held ? minGapMs : plainIntervalMs, signal);
    }
  },
});

const urlOf = ({ address, service, tags, datacenter, namespace }: ConsulLookup, index: number): string => {
  const query = new URLSearchParams({ passing: '1', ...(index > 0 && { index: String(index), wait: `${holdMs / 1000}s` }) });
  for (const tag of tags) query.append('tag', tag);
  if (datacenter !== undefined) query.set('dc', datacenter);
  if (namespace !== undefined) query.set('ns', namespace);
  return `${address}/v1/health/service/${encodeURIComponent(service)}?${query.toString()}`;
};

const headersOf = ({ token }: ConsulLookup): Record<string, string> => ({
  accept: 'application/json',
  ...(token && { 'x-consul-token': token.reveal() }),
});

/** A service without an address of its own is at its node's. */
const claimOf = (instance: unknown): Claimed => {
  const { Service: service, Node: node } = isObject(instance) ? instance : {};
  if (!isObject(service)) return { host: undefined, port: undefined };
  const meta = isObject(service['Meta']) ? service['Meta'] : {};
  const weights = isObject(service['Weights']) ? service['Weights'] : {};
  const order = Number(meta['order'] ?? Number.NaN);
  return {
    host: service['Address'] || (isObject(node) ? node['Address'] : undefined),
    port: service['Port'],
    weight: weights['Passing'],
    ...(Number.isSafeInteger(order) && { order }),
    ...(typeof meta['tags'] === 'string' && { tags: meta['tags'].split(',').map((tag) => tag.trim()) }),
    ...(typeof meta['model'] === 'string' && meta['model'] !== '' && { model: meta['model'] }),
  };
};

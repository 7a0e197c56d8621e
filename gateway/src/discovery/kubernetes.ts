import { isObject, type CancelSignal } from 'sluice/kit';
import type { KubernetesLookup } from '../config/discovery-settings.ts';
import { askJson, askLines } from './ask.ts';
import type { Claimed } from './endpoint.ts';
import { SourceError, type OnList, type Source, type SourceContext } from './source.ts';

/** What the pod says of its cluster. */
export interface Cluster {
  /** Of the API server, without a trailing slash. */
  address: string;
  namespace: string;
  /** Read anew for each request: the kubelet replaces it within the hour. */
  token(): Promise<string | undefined>;
}

/** The server ends a watch after so long; then all is listed anew, which finds what was missed. */
const watchSeconds = 300;
/** What the server needs beyond that to say so. */
const lateMs = 15_000;
const pageSize = 500;
const maxPages = 20;
/** Slices that are kept in mind; each has up to 1000 endpoints. */
const maxSlices = 10_000;

type Slices = Map<string, readonly Claimed[]>;

/**
 * The ready endpoints of a service: its EndpointSlices, listed and then watched.
 * https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/ and
 * https://kubernetes.io/docs/reference/using-api/api-concepts/, read 2026-11-22.
 */
export const kubernetesSource = (lookup: KubernetesLookup, context: SourceContext, clusterOf: () => Promise<Cluster>): Source => ({
  async watch(onList: OnList, signal: CancelSignal) {
    const cluster = await clusterOf();
    const request = async (query: Record<string, string>) => {
      const token = await cluster.token();
      const all = new URLSearchParams({ labelSelector: `kubernetes.io/service-name=${lookup.service}`, ...query });
      return {
        method: 'GET' as const,
        url: `${cluster.address}/apis/discovery.k8s.io/v1/namespaces/${encodeURIComponent(cluster.namespace)}/endpointslices?${all.toString()}`,
        headers: { accept: 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
      };
    };
    while (!signal.aborted) {
      const slices: Slices = new Map();
      const tell = () => onList([...slices.values()].flat());
      let resourceVersion = '';
      let next = '';
      let pages = 0;
      do {
        const query = { limit: String(pageSize), ...(next !== '' && { continue: next }) };
        const { value } = await askJson(await request(query), context, signal);
        ({ resourceVersion, next } = takePage(slices, value, lookup.port));
        // More than is of use is not read; the watch tells of what is changed in it.
      } while (next !== '' && ++pages < maxPages && countOf(slices) <= context.maxEndpoints);
      tell();
      const query = { watch: '1', resourceVersion, allowWatchBookmarks: 'true', timeoutSeconds: String(watchSeconds) };
      await askLines(await request(query), context, signal, watchSeconds * 1000 + lateMs, (line) => {
        if (takeEvent(slices, line, lookup.port)) tell();
      });
      // A server that ends watches at once must not be asked again at once.
      await context.clock.sleep(1000 + 1000 * context.random(), signal);
    }
  },
});

const takePage = (slices: Slices, value: unknown, port: string | undefined): { resourceVersion: string; next: string } => {
  const { items, metadata } = isObject(value) ? value : {};
  if (!Array.isArray(items) || !isObject(metadata)) throw new SourceError('Its answer is no list of EndpointSlices.');
  for (const slice of items) put(slices, slice, port);
  return { resourceVersion: textOf(metadata['resourceVersion']), next: textOf(metadata['continue']) };
};

/** @returns whether anything may have changed */
const takeEvent = (slices: Slices, line: unknown, port: string | undefined): boolean => {
  const { type, object } = isObject(line) ? line : {};
  switch (type) {
    case 'ADDED':
    case 'MODIFIED':
      put(slices, object, port);
      return true;
    case 'DELETED':
      return slices.delete(nameOf(object));
    case 'BOOKMARK':
      return false;
    default:
      // An error: what it was to go on from is gone (410), or the right to watch was taken. All is listed anew.
      throw new SourceError('It ended the watch with an error.');
  }
};

const put = (slices: Slices, slice: unknown, port: string | undefined): void => {
  const name = nameOf(slice);
  if (!isObject(slice) || name === '') throw new SourceError('Its answer has a slice without a name.');
  if (slices.size >= maxSlices && !slices.has(name)) throw new SourceError(`It has more than ${maxSlices} slices.`);
  slices.set(name, claimsOf(slice, port));
};

const countOf = (slices: Slices): number => slices.values().reduce((sum, { length }) => sum + length, 0);

const nameOf = (slice: unknown): string => (isObject(slice) && isObject(slice['metadata']) ? textOf(slice['metadata']['name']) : '');

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

const claimsOf = (slice: Record<string, unknown>, wanted: string | undefined): Claimed[] => {
  const port = portOf(slice['ports'], wanted);
  if (port === undefined) return [];
  return listOf(slice['endpoints']).flatMap((endpoint): Claimed[] => {
    const { addresses, conditions } = isObject(endpoint) ? endpoint : {};
    // Unknown counts as ready, as the API has it; one that is being ended is never ready.
    if (isObject(conditions) && conditions['ready'] === false) return [];
    const [host] = listOf(addresses);
    return host === undefined ? [] : [{ host, port }];
  });
};

/** A number is the port itself; a name is looked for among those of the slice. */
const portOf = (ports: unknown, wanted: string | undefined): number | undefined => {
  if (wanted !== undefined && /^\d+$/.test(wanted)) return Number(wanted);
  const found = listOf(ports).find((each) => isObject(each) && (wanted === undefined || each['name'] === wanted));
  return isObject(found) && typeof found['port'] === 'number' ? found['port'] : undefined;
};

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

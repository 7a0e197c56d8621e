import { nearest } from '../lib/nearest.ts';
import { SluiceError, type Endpoint, type Provider } from '../types/index.ts';

/** The providers of a program, by all the names they are called. */
export interface Providers {
  readonly list: readonly Provider[];
  /** Ids and other names, sorted. */
  readonly prefixes: readonly string[];
  find(id: string): Provider | undefined;
  /** @throws SluiceError `not_found` that names the nearest */
  get(id: string): Provider;
  /** What a model name's prefix means. */
  lookUp(prefix: string): { id: string; prefer?: Endpoint; endpoints: readonly Endpoint[] } | undefined;
  /** The vendor that lives at a host (`api_base: https://api.groq.com/...`). */
  findByBaseUrl(url: string): Provider | undefined;
}

/**
 * @param list a later provider of the same id takes the place of an earlier one
 * @param aliases other names -> provider and the endpoint that they ask for
 */
export const createProviders = (
  list: readonly Provider[],
  aliases: Readonly<Record<string, { provider: string; prefer?: Endpoint }>> = {},
): Providers => {
  // Frozen, because targets share them: what one derives must not change another.
  const byId = new Map(list.map((provider) => [provider.id, Object.freeze(provider)]));
  const byAlias = new Map(Object.entries(aliases));
  const byHost = new Map<string, Provider[]>();
  for (const provider of byId.values()) {
    const host = hostOf(provider.baseUrl);
    // A server on one's own machine has no host that would tell it from others.
    if (host === undefined || host.startsWith('127.')) continue;
    const there = byHost.get(host);
    if (there) there.push(provider);
    else byHost.set(host, [provider]);
  }
  const prefixes = [...byId.keys(), ...byAlias.keys()].sort();

  const find = (id: string): Provider | undefined => byId.get(id) ?? byId.get(byAlias.get(id)?.provider ?? '');
  return {
    list: [...byId.values()],
    prefixes,
    find,
    get: (id) => find(id) ?? unknown(id, prefixes),
    lookUp(prefix) {
      const alias = byAlias.get(prefix);
      const provider = find(prefix);
      if (!provider) return undefined;
      return { id: provider.id, endpoints: Object.keys(provider.speaks) as Endpoint[], ...(alias?.prefer && { prefer: alias.prefer }) };
    },
    findByBaseUrl(url) {
      const host = hostOf(url);
      const there = host === undefined ? undefined : byHost.get(host);
      if (!there || there.length === 1) return there?.[0];
      // Of several (a plan beside the usual API) the one whose address says most of this one; else who came first.
      const said = ({ baseUrl = '' }: Provider): number => (url.startsWith(baseUrl) ? baseUrl.length : 0);
      return there.reduce((best, each) => (said(each) > said(best) ? each : best));
    },
  };
};

const overlays = new WeakMap<readonly Provider[], Providers>();

/**
 * A registry with providers of one's own in front: one of the same name takes the place of the other for who asks here, and
 * for nobody else. The same list gives the same registry.
 */
export const withProviders = (base: Providers, own: readonly Provider[]): Providers => {
  if (own.length === 0) return base;
  const known = overlays.get(own);
  if (known) return known;
  const front = createProviders(own);
  const prefixes = [...new Set([...front.prefixes, ...base.prefixes])].sort();
  const find = (id: string): Provider | undefined => front.find(id) ?? base.find(id);
  const made: Providers = {
    list: [...front.list, ...base.list.filter(({ id }) => !front.find(id))],
    prefixes,
    find,
    get: (id) => find(id) ?? unknown(id, prefixes),
    lookUp: (prefix) => front.lookUp(prefix) ?? base.lookUp(prefix),
    findByBaseUrl: (url) => front.findByBaseUrl(url) ?? base.findByBaseUrl(url),
  };
  overlays.set(own, made);
  return made;
};

/** @throws SluiceError `not_found` that names the nearest */
const unknown = (id: string, prefixes: readonly string[]): never => {
  const near = nearest(id, prefixes);
  const hint = near.length > 0 ? ` Did you mean ${near.map((each) => `'${each}'`).join(' or ')}?` : '';
  throw new SluiceError('not_found', `There is no provider '${id}' here.${hint}`, { param: 'model' });
};

const hostOf = (url: string | undefined): string | undefined => {
  try {
    return url === undefined ? undefined : new URL(url).host;
  } catch {
    return undefined;
  }
};

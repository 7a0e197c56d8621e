import { lookup as systemLookup, Resolver } from 'node:dns/promises';
import type { DnsLookup, SrvLookup } from '../config/discovery-settings.ts';
import { polled, type Look } from './poll.ts';
import { SourceError, type Source, type SourceContext } from './source.ts';

/** Asks for records. Rejects with Node's errors, whose `code` says why. */
export interface Names {
  /** With their times to live in seconds. */
  v4(host: string): Promise<readonly { address: string; ttl: number }[]>;
  v6(host: string): Promise<readonly { address: string; ttl: number }[]>;
  services(name: string): Promise<readonly { name: string; port: number; priority: number; weight: number }[]>;
  /** As every program of the machine finds names: its hosts file, its search domains. */
  system(host: string): Promise<readonly { address: string; family: number }[]>;
}

const systemNames = (servers: readonly string[], timeoutMs: number): Names => {
  const resolver = new Resolver({ timeout: Math.max(100, Math.floor(timeoutMs / 3)), tries: 2 });
  if (servers.length > 0) resolver.setServers([...servers]);
  return {
    v4: (host) => resolver.resolve4(host, { ttl: true }),
    v6: (host) => resolver.resolve6(host, { ttl: true }),
    services: (name) => resolver.resolveSrv(name),
    system: (host) => systemLookup(host, { all: true }),
  };
};

/** The name's addresses at one port. IPv6 only where it has no IPv4: a host with both is one endpoint, not two. */
export const dnsSource = (lookup: DnsLookup, context: SourceContext, names = systemNames(lookup.servers, context.timeoutMs)): Source =>
  polled(() => inTime(lookAtAddresses(lookup, names), context.timeoutMs), lookup.intervalMs, context);

const lookAtAddresses = async ({ host, port, servers }: DnsLookup, names: Names): Promise<Look> => {
  const records = (await orNone(names.v4(host))) ?? (await orNone(names.v6(host)));
  if (records) {
    const holdsMs = records.reduce((least, { ttl }) => Math.min(least, ttl * 1000), Infinity);
    return { list: records.map(({ address }) => ({ host: address, port })), holdsMs };
  }
  const found = servers.length > 0 ? undefined : await orNone(names.system(host));
  // A name without addresses is more often a mishap than a wish: what was known stays.
  if (!found) throw new SourceError('The name has no addresses.');
  const v4 = found.filter(({ family }) => family === 4);
  return { list: (v4.length > 0 ? v4 : found).map(({ address }) => ({ host: address, port })) };
};

/** The records' targets (RFC 2782): their priority is the order, their weight the weight. */
export const srvSource = (lookup: SrvLookup, context: SourceContext, names = systemNames(lookup.servers, context.timeoutMs)): Source =>
  polled(() => inTime(lookAtServices(lookup, names), context.timeoutMs), lookup.intervalMs, context);

const lookAtServices = async ({ host }: SrvLookup, names: Names): Promise<Look> => {
  const records = await orNone(names.services(host));
  if (!records) throw new SourceError('The name has no SRV records.');
  // The target `.` says that the service is decidedly not there.
  const there = records.filter(({ name }) => name !== '' && name !== '.');
  return { list: there.map(({ name, port, priority, weight }) => ({ host: name, port, order: priority, weight })) };
};

/** Undefined: there is no such record. */
const orNone = async <T>(records: Promise<readonly T[]>): Promise<readonly T[] | undefined> => {
  try {
    const found = await records;
    return found.length === 0 ? undefined : found;
  } catch (cause) {
    const code = String((cause as { code?: unknown }).code);
    if (code === 'ENOTFOUND' || code === 'ENODATA' || code === 'EAI_NONAME') return undefined;
    throw new SourceError(words[code] ?? `The name could not be looked up (${code}).`);
  }
};

const words: Readonly<Record<string, string>> = {
  ETIMEOUT: 'The DNS server did not answer in time (ETIMEOUT).',
  ESERVFAIL: 'The DNS server could not answer (ESERVFAIL).',
  EREFUSED: 'The DNS server refused to answer (EREFUSED).',
  ECONNREFUSED: 'No DNS server is there (ECONNREFUSED).',
};

/** A look-up cannot be called back; its answer, if one comes, is of no interest any more. */
const inTime = async <T>(work: Promise<T>, ms: number): Promise<T> => {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new SourceError(`The look-up took longer than ${ms} ms.`)), ms);
  work.catch(() => {});
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
};

import type { Transport } from 'sluice/kit';
import type { DiscoveryLookup } from '../config/discovery-settings.ts';
import { createSocketTransport, proxySettings } from '../upstream/index.ts';
import { clusterCaFile, type ReadText, type Variable } from './cluster.ts';
import { SourceError } from './source.ts';

/** A transport for a source, and what ends it. */
export interface Opened {
  transport: Transport;
  close(): void;
}

const proxyVariables = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'].flatMap((name) => [name, name.toLowerCase()]);

/** @returns the gateway's own transport, or, where a source has certificate authorities of its own, one that trusts these alone */
export const openTransport = async (lookup: DiscoveryLookup, usual: Transport, readText: ReadText, variable: Variable): Promise<Opened> => {
  const file = lookup.type === 'kubernetes' ? clusterCaFile(lookup) : 'caFile' in lookup ? lookup.caFile : undefined;
  if (file === undefined) return { transport: usual, close: () => {} };
  const ca = await readText(file).catch(() => {
    throw new SourceError(`The file ${file} cannot be read.`);
  });
  const proxy = proxySettings(Object.fromEntries(proxyVariables.map((name) => [name, variable(name)])));
  const own = createSocketTransport({ tls: { ca }, proxy, maxConnections: 8, maxIdle: 2 });
  return { transport: own, close: () => own.close() };
};

import type { Provider } from 'sluice/kit';
import type { PassThroughEndpoint } from '../../config/snapshot.ts';
import type { Live } from '../../pipeline/live.ts';

/** Where a path is relayed to. */
export interface Relay {
  /** What stands in front of the path here. */
  prefix: string;
  /** The rest, raw, with its slash; empty where there is none. */
  path: string;
  to: { kind: 'provider'; provider: Provider } | { kind: 'endpoint'; endpoint: PassThroughEndpoint };
}

/** LiteLLM's names for relays that are none of a provider. `openai_passthrough` is never one of our own routes. */
const otherNames: Readonly<Record<string, string>> = { openai_passthrough: 'openai', 'vertex-ai': 'vertex_ai' };

/** The relay of a path that begins with a provider's name (`/openai/v1/files`), if it does. */
export const providerRelay = (path: string, { relays }: Live): Relay | undefined => {
  const end = path.indexOf('/', 1);
  if (end === -1 || end === path.length - 1) return undefined;
  const name = path.slice(1, end);
  const provider = relays.find(otherNames[name] ?? name);
  // One that is a provider itself (`mock`) has nothing behind it.
  if (!provider || provider.transport) return undefined;
  return { prefix: path.slice(0, end), path: path.slice(end), to: { kind: 'provider', provider } };
};

/** The relay that the configuration has for a path, if any: the one whose own path is longest. */
export const endpointRelay = (path: string, { snapshot }: Live): Relay | undefined => {
  let found: PassThroughEndpoint | undefined;
  for (const endpoint of snapshot.passThrough.endpoints) {
    const own = endpoint.path;
    const fits = path === own || path === `${own}/` || (endpoint.includeSubpath && path.startsWith(own === '/' ? own : `${own}/`));
    if (fits && own.length > (found?.path.length ?? -1)) found = endpoint;
  }
  if (!found) return undefined;
  const prefix = found.path === '/' ? '' : found.path;
  const rest = path.slice(prefix.length);
  return { prefix, path: found.includeSubpath ? rest : '', to: { kind: 'endpoint', endpoint: found } };
};

/** Whether somebody gave the gateway a key for it. */
export const canRelay = ({ to }: Relay, live: Live): boolean => {
  if (to.kind === 'endpoint') return true;
  if (live.relays.pool(to.provider.id)) return true;
  const { apiKey, options, provider } = live.relays.fromEnv(to.provider);
  return apiKey !== undefined || provider.credentialOptions?.some((name) => options?.[name] !== undefined) === true;
};

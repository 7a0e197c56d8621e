import { defined } from './defined.ts';
import type { Merged } from './merge.ts';
import { milliseconds } from './milliseconds.ts';
import { wrapSecrets } from './references.ts';
import type { PassThroughEntry } from './schema/pass-through.ts';
import type { PassThroughEndpoint } from './snapshot.ts';

/** `general_settings.pass_through_endpoints` of all files. */
export const passThroughEndpoints = ({ files, settings }: Pick<Merged, 'files' | 'settings'>): PassThroughEndpoint[] => {
  const entries = settings.general_settings?.pass_through_endpoints ?? [];
  // As they are written, to tell what came from the environment: lists of included files take the place of others whole.
  const holder = files.findLast(({ config }) => config.general_settings?.pass_through_endpoints === entries);
  const general = holder?.raw['general_settings'] as { pass_through_endpoints?: Record<string, unknown>[] } | undefined;
  return entries.map((entry, at) => endpointOf(entry, general?.pass_through_endpoints?.[at]?.['headers']));
};

const endpointOf = (entry: PassThroughEntry, rawHeaders: unknown): PassThroughEndpoint => {
  const path = `/${entry.path.replace(/^\/+/, '').replace(/\/+$/, '')}`;
  return defined<PassThroughEndpoint>({
    name: entry.id ?? path,
    path,
    target: entry.target.replace(/\/+$/, ''),
    headers: texts(wrapSecrets(entry.headers ?? {}, rawHeaders ?? {}) as Record<string, unknown>),
    defaultQuery: texts(entry.default_query_params ?? {}) as Record<string, string>,
    includeSubpath: entry.include_subpath ?? false,
    costPerRequestUsd: entry.cost_per_request,
    timeoutMs: milliseconds(entry.timeout),
    auth: entry.auth ?? true,
    methods: entry.methods?.filter((method) => method !== undefined).map((method) => method.toUpperCase()),
    forwardHeaders: entry.forward_headers ?? false,
  });
};

/** Numbers and booleans are texts on the wire; what is neither has no place there. */
const texts = (values: Record<string, unknown>): PassThroughEndpoint['headers'] =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, value]): [string, PassThroughEndpoint['headers'][string]][] => {
      if (typeof value === 'number' || typeof value === 'boolean') return [[name, String(value)]];
      return value === undefined || value === null ? [] : [[name, value as string]];
    }),
  );

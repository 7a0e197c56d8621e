import { referenceName } from './references.ts';

/** What a source cannot be asked without. */
const needed = ['address', 'host', 'port', 'service', 'prefix', 'username', 'password', 'model_name'] as const;
const neededParams = ['model', 'api_base', 'base_url'] as const;

/**
 * Sources that a variable is missing for are not asked, and do not stop the gateway: the variable is told of at start.
 * Their places stay, so that the others keep theirs.
 * @param resolved the file with its references resolved; changed
 * @param raw the file as it is written
 */
export const leaveOutUnset = (resolved: unknown, raw: unknown): void => {
  const entries = sourcesOf(resolved);
  const written = sourcesOf(raw);
  for (const [at, entry] of entries.entries()) {
    const asWritten = written[at];
    if (!isMapping(entry) || !isMapping(asWritten)) continue;
    if (lacks(entry, asWritten, needed) || lacks(entry['litellm_params'], asWritten['litellm_params'], neededParams))
      entries[at] = undefined;
  }
};

const lacks = (entry: unknown, raw: unknown, names: readonly string[]): boolean =>
  isMapping(entry) && isMapping(raw) && names.some((name) => entry[name] === undefined && referenceName(raw[name]) !== undefined);

const sourcesOf = (file: unknown): unknown[] => {
  const settings = isMapping(file) ? file['sluice_settings'] : undefined;
  const list = isMapping(settings) ? settings['discovery'] : undefined;
  return Array.isArray(list) ? list : [];
};

const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

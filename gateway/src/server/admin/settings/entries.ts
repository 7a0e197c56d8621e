import { listsAsMap } from '../../../config/stored/fallback-map.ts';
import { endpointsPath, hasEntries, pathOfEndpoint } from '../../../config/stored/join-setting.ts';

/** The names of the entries of a setting of which each has an owner; empty for others. */
export const entryNames = (path: string, value: unknown): readonly string[] => {
  if (!hasEntries(path) || typeof value !== 'object' || value === null) return [];
  if (path === endpointsPath)
    return Array.isArray(value) ? value.map((each) => pathOfEndpoint((each ?? {}) as Record<string, unknown>)) : [];
  return Object.keys(listsAsMap(value));
};

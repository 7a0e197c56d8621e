import { placeText, type ConfigOrigin, type Place } from '../origin.ts';
import type { Path } from '../problem.ts';
import { fallbackKinds, listsAsMap } from './fallback-map.ts';
import type { StoredSetting } from './stored-parts.ts';
import type { StoredDrift } from './stored-view.ts';

/** Settings of which each entry has an owner of its own, by its name. */
const byEntry: ReadonlySet<string> = new Set([
  'router_settings.model_group_alias',
  'litellm_settings.cost_discount_config',
  'litellm_settings.cost_margin_config',
]);

export const endpointsPath = 'general_settings.pass_through_endpoints';

/** Where a setting that the router knows may be written as well. */
const elsewhere: Readonly<Record<string, readonly string[]>> = {
  'router_settings.num_retries': [
    'router_settings.max_retries',
    'router_settings.retry_policy.num_retries',
    'litellm_settings.num_retries',
  ],
  'router_settings.max_retries': ['router_settings.num_retries', 'litellm_settings.num_retries'],
  'router_settings.timeout': ['litellm_settings.request_timeout'],
  'router_settings.allowed_fails': ['litellm_settings.allowed_fails'],
  'router_settings.cooldown_time': ['litellm_settings.cooldown_time'],
  'router_settings.default_fallbacks': ['litellm_settings.default_fallbacks'],
  'router_settings.enable_pre_call_checks': ['router_settings.enable_pre_call_check'],
  'router_settings.model_group_alias': ['litellm_settings.model_alias_map'],
  ...Object.fromEntries(fallbackKinds.map((kind) => [`router_settings.${kind}`, [`litellm_settings.${kind}`]])),
};

/** What of a setting is joined to the file, and what the file says already. */
export interface Joined {
  /** Undefined: nothing of it counts. */
  readonly value: unknown;
  readonly drift: readonly StoredDrift[];
}

/** Where the file says a setting, under whichever of its names. Undefined: the file says nothing of it. */
export const placeOfSetting = (origin: ConfigOrigin | undefined, path: string): Place | undefined => ownPath(origin, path)?.place;

/** The same of one entry (`gpt-4o` of `router_settings.fallbacks`). */
export const placeOfEntry = (origin: ConfigOrigin | undefined, path: string, entry: string): Place | undefined => {
  if (!origin) return undefined;
  if (path === endpointsPath) return origin.placeInList(stepsOf(path), (each) => pathOfEndpoint(each) === asPath(entry));
  const own = ownPath(origin, path);
  if (!own) return undefined;
  if (isFallbacks(path)) return Object.hasOwn(listsAsMap(origin.written(own.steps)), entry) ? own.place : undefined;
  return origin.placeOf([...own.steps, entry]);
};

/** Whether each entry of a setting has an owner of its own. */
export const hasEntries = (path: string): boolean => byEntry.has(path) || path === endpointsPath || isFallbacks(path);

export const joinSetting = (origin: ConfigOrigin, { path, value }: StoredSetting): Joined => {
  const own = ownPath(origin, path);
  if (!own) return { value, drift: [] };
  const drift: StoredDrift[] = [];
  const counts = (entry: string): boolean => {
    const place = placeOfEntry(origin, path, entry);
    if (place) drift.push({ kind: 'setting', id: `${path}.${entry}`, place });
    return !place;
  };
  if (path === endpointsPath && Array.isArray(value)) {
    const more = (value as Record<string, unknown>[]).filter((each) => counts(pathOfEndpoint(each)));
    return { value: more.length === 0 ? undefined : [...(origin.written(own.steps) as unknown[]), ...more], drift };
  }
  if (isFallbacks(path)) {
    const more = Object.entries(listsAsMap(value)).filter(([name]) => counts(name));
    const value_ = { ...listsAsMap(origin.written(own.steps)), ...Object.fromEntries(more) };
    return { value: more.length === 0 ? undefined : value_, drift };
  }
  if (byEntry.has(path) && isMapping(value)) {
    const more = Object.entries(value).filter(([name]) => counts(name));
    return { value: more.length === 0 ? undefined : Object.fromEntries(more), drift };
  }
  return { value: undefined, drift: [{ kind: 'setting', id: path, place: own.place }] };
};

/** For answers: `is owned by the configuration file (config.yaml:12:3)`. */
export const ownedByFile = (place: Place): string => `is owned by the configuration file (${placeText(place)}): change it there`;

const ownPath = (origin: ConfigOrigin | undefined, path: string): { steps: Path; place: Place } | undefined => {
  for (const each of [path, ...(elsewhere[path] ?? [])]) {
    const steps = stepsOf(each);
    const place = origin?.placeOf(steps);
    if (place) return { steps, place };
  }
  return undefined;
};

const isFallbacks = (path: string): boolean => fallbackKinds.some((kind) => path === `router_settings.${kind}`);

const stepsOf = (path: string): string[] => path.split('.');

const asPath = (path: string): string => `/${path.replace(/^\/+/, '').replace(/\/+$/, '')}`;

export const pathOfEndpoint = (entry: Readonly<Record<string, unknown>>): string => asPath(String(entry['path'] ?? ''));

const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

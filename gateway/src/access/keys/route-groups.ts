import { adminGroups } from './admin-route-groups.ts';
import { callGroups } from './call-route-groups.ts';
import { isPattern, matchesPattern, plainSegments, routePattern, type RoutePattern } from './route-pattern.ts';

/**
 * The names that `allowed_routes` may hold, and the paths that they stand for: `{name}` is one segment, `{name:path}` one or
 * more, a `/*` at the end whatever is below. As LiteLLM groups them (docs.litellm.ai/docs/proxy/virtual_keys and its source,
 * read 2026-11), and the paths of this gateway that are of the same kind.
 */
export const routeGroups: Readonly<Record<string, readonly string[]>> = { ...callGroups, ...adminGroups };

interface Compiled {
  readonly exact: ReadonlySet<string>;
  readonly patterns: readonly RoutePattern[];
}

const compile = (paths: readonly string[]): Compiled => ({
  exact: new Set(paths.filter((path) => !isPattern(path))),
  patterns: paths.filter((path) => isPattern(path)).map((path) => routePattern(path)!),
});

/** As many as there are groups. */
const compiled = new Map<string, Compiled>();

const groupOf = (name: string): Compiled | undefined => {
  const known = compiled.get(name);
  if (known || !Object.hasOwn(routeGroups, name)) return known;
  const made = compile(routeGroups[name]!);
  compiled.set(name, made);
  return made;
};

/** Groups that hold the relays to providers under their names (`/replicate/...`), whichever providers there are. */
const relayGroups: ReadonlySet<string> = new Set(['llm_api_routes', 'mapped_pass_through_routes', 'passthrough_routes_wildcard']);

/** Whether a text may stand in `allowed_routes`: the name of a group, a path, or a pattern of paths. */
export const isRouteName = (text: string): boolean =>
  text.startsWith('/') ? routePattern(text) !== undefined : text === '*' || Object.hasOwn(routeGroups, text);

/**
 * Whether a list of groups, paths and patterns holds a path. Paths that could be read as another one (`//`, `..`, `%2e`) are
 * in no list. Time grows with the length of the path and of the list, whatever they hold.
 * @param allowed an empty list holds nothing: that it means everything on a key is the caller's to know
 * @param relay the path is a relay to a provider under its own name, which is in the groups of calls
 */
export const routeAllowed = (allowed: readonly string[], path: string, relay = false): boolean => {
  const segments = plainSegments(path);
  if (!segments) return false;
  const plain = `/${segments.join('/')}`;
  return allowed.some((each) => {
    if (each === '*') return true;
    if (each.startsWith('/')) return each === plain || (isPattern(each) && matchesText(each, segments));
    const group = groupOf(each);
    if (!group) return false;
    return (
      (relay && relayGroups.has(each)) || group.exact.has(plain) || group.patterns.some((pattern) => matchesPattern(pattern, segments))
    );
  });
};

/** Whether a path can be read in one way only. */
export const isPlainPath = (path: string): boolean => plainSegments(path) !== undefined;

const matchesText = (text: string, segments: readonly string[]): boolean => {
  const pattern = routePattern(text);
  return pattern !== undefined && matchesPattern(pattern, segments);
};

/** What a key of each `key_type` may call. `default`: whatever its owner may. */
export const keyTypeRoutes = {
  default: [],
  llm_api: ['llm_api_routes'],
  management: ['management_routes'],
  read_only: ['info_routes'],
} as const satisfies Record<string, readonly string[]>;

/** Whether everything that one list allows is also allowed by the other: by the same words, or by paths that a group of it holds. */
export const routesWithin = (inner: readonly string[], outer: readonly string[]): boolean =>
  inner.every((each) => {
    if (outer.includes(each) || outer.includes('*')) return true;
    if (Object.hasOwn(routeGroups, each)) return routesWithin(routeGroups[each]!, expanded(outer));
    return isPattern(each) ? expanded(outer).some((other) => covers(other, each)) : routeAllowed(outer, each);
  });

const expanded = (routes: readonly string[]): readonly string[] =>
  routes.flatMap((each) => (Object.hasOwn(routeGroups, each) ? routeGroups[each]! : [each]));

/** Whether a pattern holds all that another one does: it is the same, or whatever is below a path at or above the other's. */
const covers = (outer: string, inner: string): boolean => {
  if (outer === inner) return true;
  if (!outer.endsWith('/*')) return false;
  const above = outer.slice(0, -1);
  return !above.includes('{') && inner.startsWith(above);
};

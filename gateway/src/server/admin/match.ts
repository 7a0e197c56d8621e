import type { AdminRoute } from './admin-route.ts';

export interface AdminMatch {
  readonly route: AdminRoute;
  readonly params: Readonly<Record<string, string>>;
}

/** Routes by path and method. Exact paths win over patterns, and longer patterns over shorter ones. */
export interface AdminMatcher {
  /** Undefined: no route of the admin API has this path. */
  find(method: string, path: string): AdminMatch | { readonly allowed: readonly string[] } | undefined;
}

interface Pattern {
  readonly segments: readonly string[];
  readonly byMethod: ByMethod;
}

type ByMethod = Map<string, AdminRoute>;

/** @throws Error where two routes have one path and method, or one begins with what may be anything */
export const createAdminMatcher = (routes: readonly AdminRoute[]): AdminMatcher => {
  const exact = new Map<string, ByMethod>();
  /** By their first segment, so that other calls' paths are done with at once. */
  const patterns = new Map<string, Pattern[]>();
  for (const route of routes) for (const path of route.paths) add(route, path, exact, patterns);
  for (const list of patterns.values()) list.sort((a, b) => b.segments.length - a.segments.length || parts(a) - parts(b));
  return {
    find(method, path) {
      const plain = path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
      const known = exact.get(plain);
      const route = known?.get(method);
      if (route) return { route, params: none };
      const segments = plain.split('/');
      const allowed = new Set(known?.keys());
      for (const pattern of patterns.get(segments[1] ?? '') ?? []) {
        const params = paramsOf(pattern.segments, segments);
        if (!params) continue;
        const found = pattern.byMethod.get(method);
        if (found) return { route: found, params };
        for (const name of pattern.byMethod.keys()) allowed.add(name);
      }
      return allowed.size > 0 ? { allowed: [...allowed] } : undefined;
    },
  };
};

const none: Readonly<Record<string, string>> = {};

const parts = ({ segments }: Pattern): number => segments.filter((segment) => segment.startsWith('{')).length;

const add = (route: AdminRoute, path: string, exact: Map<string, ByMethod>, patterns: Map<string, Pattern[]>): void => {
  const segments = path.split('/');
  let byMethod: ByMethod;
  if (!path.includes('{')) exact.set(path, (byMethod = exact.get(path) ?? new Map()));
  else {
    const first = segments[1]!;
    if (first.startsWith('{')) throw new Error(`A route of the admin API begins with its own name: ${path}.`);
    const list = patterns.get(first) ?? [];
    patterns.set(first, list);
    let pattern = list.find((each) => shapeOf(each.segments) === shapeOf(segments));
    if (!pattern) list.push((pattern = { segments, byMethod: new Map() }));
    byMethod = pattern.byMethod;
  }
  if (byMethod.has(route.method)) throw new Error(`Two routes of the admin API are ${route.method} ${path}.`);
  byMethod.set(route.method, route);
};

/** What a pattern says, however its parts are called. */
const shapeOf = (segments: readonly string[]): string => segments.map((each) => each.replace(/^\{[^:]*(:path)?\}$/, '{$1}')).join('/');

/** `{name}` is one segment, `{name:path}` one or more: ids may hold slashes. */
const paramsOf = (pattern: readonly string[], segments: readonly string[]): Record<string, string> | undefined => {
  const params: Record<string, string> = {};
  const open = pattern.findIndex((segment) => segment.endsWith(':path}'));
  if (open === -1 ? segments.length !== pattern.length : segments.length < pattern.length) return undefined;
  // What stands behind the open one is counted from the end.
  const extra = segments.length - pattern.length;
  for (const [at, segment] of pattern.entries()) {
    const from = open !== -1 && at > open ? at + extra : at;
    const given = at === open ? segments.slice(at, at + extra + 1).join('/') : segments[from]!;
    if (!segment.startsWith('{')) {
      if (segment !== given) return undefined;
      continue;
    }
    const value = decoded(given);
    if (value === undefined || value === '') return undefined;
    params[segment.slice(1, -1).replace(/:path$/, '')] = value;
  }
  return params;
};

const decoded = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
};

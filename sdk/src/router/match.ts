import { nearest } from '../lib/nearest.ts';
import type { RouterCandidate } from './candidates.ts';
import type { Deployment } from './deployment.ts';
import type { Group } from './group.ts';
import { bySpecificity, compilePattern, fillStars, isPattern, type Pattern } from './patterns.ts';

/** Another name for a model name; `hidden` ones work but are not listed. */
export type Alias = string | { readonly model: string; readonly hidden?: boolean };

export interface Listed {
  name: string;
  /** A pattern, not a name that can be called. */
  pattern: boolean;
}

/** Finds the deployments of a name. Immutable: a new configuration makes a new one. */
export interface Matcher<P> {
  /** Undefined: nobody serves it. The same for every call of a name. */
  find(name: string): Group<P> | undefined;
  /** Each of them once. */
  groups(): Iterable<Group<P>>;
  /** The names that clients may ask for, sorted. */
  list(): readonly Listed[];
  /** Names that were probably meant. */
  nearest(name: string): string[];
}

/** Names that only a pattern takes; more than this are asked for only by mistake. */
const maxPatternNames = 2000;
/** So many names are compared with one that does not exist. */
const maxCompared = 2000;
/** Longer ones are no model's name, and not worth the memory that what is learned of each would take. */
const maxPatternName = 512;

/** How the router makes of deployments what it works with. */
export interface GroupMaker<P> {
  candidate(deployment: Deployment<P>, model: string): RouterCandidate<P>;
  group(name: string, candidates: readonly RouterCandidate<P>[]): Group<P>;
}

/** In this order: alias, name, deployment id, patterns from the most specific to `*` (LiteLLM's Router, with ids before patterns so that these cannot hide them). */
export const createMatcher = <P>(
  deployments: readonly Deployment<P>[],
  make: GroupMaker<P>,
  aliases: Readonly<Record<string, Alias>> = {},
): Matcher<P> => {
  const deploymentsOf = new Map<string, Deployment<P>[]>();
  const byId = new Map<string, Deployment<P>>();
  const byPattern = new Map<string, Deployment<P>[]>();
  for (const deployment of deployments) {
    const { id, name } = deployment;
    if (byId.has(id)) throw new RangeError(`Two deployments have the id '${id}'.`);
    byId.set(id, deployment);
    addTo(isPattern(name) ? byPattern : deploymentsOf, name, deployment);
  }
  const byName = new Map<string, Group<P>>();
  for (const [name, list] of deploymentsOf) {
    const candidates = list.map((deployment) => make.candidate(deployment, deployment.model));
    byName.set(name, make.group(name, candidates));
  }
  const ofIds = new Map<string, Group<P>>();
  const ofPatterns = new Map<string, Group<P>>();
  const patterns: { pattern: Pattern; deployments: Deployment<P>[] }[] = [...byPattern.keys()]
    .sort(bySpecificity)
    .map((name) => ({ pattern: compilePattern(name), deployments: byPattern.get(name)! }));
  const byAlias = new Map(
    Object.entries(aliases).map(([name, alias]) => [
      name,
      typeof alias === 'string' ? { model: alias, hidden: false } : { hidden: false, ...alias },
    ]),
  );

  /** An alias may lead to another one, but not back. */
  const unalias = (name: string): string => {
    let current = name;
    if (byAlias.size === 0) return name;
    for (let steps = 0; steps <= byAlias.size; steps++) {
      const next = byAlias.get(current);
      if (!next) return current;
      current = next.model;
    }
    return name;
  };

  const ofPattern = (name: string): Group<P> | undefined => {
    if (name.length > maxPatternName) return undefined;
    for (const { pattern, deployments: list } of patterns) {
      const texts = pattern.match(name);
      if (!texts) continue;
      const candidates = list.map((deployment) => make.candidate(deployment, fillStars(deployment.model, texts)));
      return make.group(name, candidates);
    }
    return undefined;
  };

  const ofId = (id: string): Group<P> | undefined => {
    const deployment = byId.get(id);
    if (!deployment) return undefined;
    const same = byName.get(deployment.name)?.all.find((each) => each.deployment === deployment);
    // A pattern's own id says which deployment, but not which model; its stars stay empty.
    return make.group(id, [same ?? make.candidate(deployment, fillStars(deployment.model, []))]);
  };

  /** Kept up to a bound; then it is begun anew. */
  const kept = (map: Map<string, Group<P>>, name: string, find: (name: string) => Group<P> | undefined): Group<P> | undefined => {
    const known = map.get(name);
    if (known) return known;
    const found = find(name);
    if (!found) return undefined;
    if (map.size >= maxPatternNames) map.clear();
    map.set(name, found);
    return found;
  };

  const listed = (): Listed[] => {
    const names = new Map<string, boolean>();
    for (const name of byName.keys()) names.set(name, false);
    for (const name of byPattern.keys()) names.set(name, true);
    for (const [name, { hidden }] of byAlias) {
      if (hidden) names.delete(name);
      else names.set(name, false);
    }
    return [...names].map(([name, pattern]) => ({ name, pattern })).sort((a, b) => (a.name < b.name ? -1 : 1));
  };

  /** Mistakes are made by many. */
  let names: readonly string[] | undefined;

  return {
    find(asked) {
      const name = unalias(asked);
      return byName.get(name) ?? (byId.has(name) ? kept(ofIds, name, ofId) : kept(ofPatterns, name, ofPattern));
    },
    *groups() {
      yield* byName.values();
      yield* ofPatterns.values();
    },
    list: listed,
    nearest(name) {
      names ??= listed()
        .filter(({ pattern }) => !pattern)
        .map((each) => each.name);
      // Of thousands the few that are alike would cost more to find than an answer.
      return names.length > maxCompared ? [] : nearest(name, names);
    },
  };
};

const addTo = <T>(map: Map<string, T[]>, key: string, value: T): void => {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
};

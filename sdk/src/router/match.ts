import { nearest } from '../lib/nearest.ts';
import type { Deployment, Matched } from './deployment.ts';
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
  /** Empty: nobody serves it. */
  match(name: string): readonly Matched<P>[];
  /** The names that clients may ask for, sorted. */
  list(): readonly Listed[];
  /** Names that were probably meant. */
  nearest(name: string): string[];
}

/** In this order: alias, name, deployment id, patterns from the most specific to `*` (LiteLLM's Router, with ids before patterns so that these cannot hide them). */
export const createMatcher = <P>(deployments: readonly Deployment<P>[], aliases: Readonly<Record<string, Alias>> = {}): Matcher<P> => {
  const byName = new Map<string, Matched<P>[]>();
  const byId = new Map<string, Matched<P>>();
  const byPattern = new Map<string, Deployment<P>[]>();
  for (const deployment of deployments) {
    const { id, name, model } = deployment;
    if (byId.has(id)) throw new RangeError(`Two deployments have the id '${id}'.`);
    byId.set(id, { deployment, model });
    if (isPattern(name)) addTo(byPattern, name, deployment);
    else addTo(byName, name, { deployment, model });
  }
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
    for (let steps = 0; steps <= byAlias.size; steps++) {
      const next = byAlias.get(current);
      if (!next) return current;
      current = next.model;
    }
    return name;
  };

  const ofPattern = (name: string): Matched<P>[] => {
    for (const { pattern, deployments: list } of patterns) {
      const texts = pattern.match(name);
      if (texts) return list.map((deployment) => ({ deployment, model: fillStars(deployment.model, texts) }));
    }
    return [];
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

  return {
    match(asked) {
      const name = unalias(asked);
      const exact = byName.get(name);
      if (exact) return exact;
      const one = byId.get(name);
      // A pattern's own id says which deployment, but not which model; its stars stay empty.
      if (one) return [isPattern(one.deployment.name) ? { ...one, model: fillStars(one.model, []) } : one];
      return ofPattern(name);
    },
    list: listed,
    nearest: (name) =>
      nearest(
        name,
        listed()
          .filter(({ pattern }) => !pattern)
          .map((each) => each.name),
      ),
  };
};

const addTo = <T>(map: Map<string, T[]>, key: string, value: T): void => {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
};

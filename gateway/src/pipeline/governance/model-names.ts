import type { Live } from '../live.ts';
import { nameUnder } from '../named-by-path.ts';

const none: readonly string[] = [];
const maxKnown = 2000;
const known = new WeakMap<Live['router'], Map<string, readonly string[]>>();

/**
 * The other names that limits may know a model by, so that no limit of a model is passed by calling it otherwise: what an alias
 * of the configuration stands for, what a provider's path makes of it, the model of a deployment that is asked for by its id, the
 * pattern that it fits, and how it is written there without capitals and blanks.
 * @param model after the aliases of key and team
 */
export const otherNamesOf = (live: Live, model: string, pathProvider: string | undefined): readonly string[] => {
  if (model === '') return none;
  const { router } = live;
  let ofRouter = known.get(router);
  if (!ofRouter) known.set(router, (ofRouter = new Map()));
  const id = pathProvider === undefined ? model : `${pathProvider}\n${model}`;
  const found = ofRouter.get(id);
  if (found) return found;
  const made = find(live, model, pathProvider);
  if (ofRouter.size < maxKnown) ofRouter.set(id, made);
  return made;
};

const plainly = (name: string): string =>
  name
    .trim()
    .toLowerCase()
    .replace(/\/{2,}/g, '/');

const find = (live: Live, model: string, pathProvider: string | undefined): readonly string[] => {
  const under = nameUnder(pathProvider, model, live);
  const names = new Set([under]);
  for (const { deployment } of live.router.match(under)) {
    names.add(deployment.name);
    // What a pattern lets through goes on as it is written, and not every provider minds how that is.
    if (deployment.name.includes('*')) names.add(plainly(under));
  }
  names.delete(model);
  return names.size === 0 ? none : [...names];
};

import type { CallFallbacks, FallbackTarget } from 'sluice/kit';
import type { AutoRouter } from '../../config/snapshot.ts';
import type { CallState } from '../call-state.ts';
import type { Live } from '../live.ts';
import { routedName } from '../model-rights.ts';
import { nameUnder } from '../named-by-path.ts';

/** Model names whose deployments may answer a call. */
export interface MayServe {
  /** Those that are asked: one, or all that a choice by content may lead to. */
  readonly asked: readonly string[];
  /** Those that are asked where these fail. */
  readonly fallbacks: readonly string[];
  /** Of all of them, those that are asked for something else than the call itself says. */
  readonly changed: readonly Changed[];
}

/** A fallback with members of its own: `{ "model": "b", "max_tokens": 4000 }`. */
export type Changed = Required<FallbackTarget>;

/** Fallbacks of fallbacks, and choices of choices, end somewhere. */
const maxNames = 32;
const maxKnown = 2000;
const known = new WeakMap<Live, Map<string, MayServe>>();

/** @param model after the aliases of key and team @param own what the call says of its fallbacks itself */
export const mayServe = (state: CallState, model: string, own: CallFallbacks | undefined): MayServe => {
  const { live, principal, pathProvider, routed, shaped, budgetModel } = state;
  // Another model than the one that was asked for: what became of that one's name is not about it.
  const name =
    budgetModel !== undefined
      ? routedName(principal, budgetModel, live)
      : (routed?.model ?? shaped?.model ?? nameUnder(pathProvider, routedName(principal, model, live), live));
  if (own) return find(live, name, own);
  let ofLive = known.get(live);
  if (!ofLive) known.set(live, (ofLive = new Map()));
  let found = ofLive.get(name);
  if (!found) {
    found = find(live, name, undefined);
    if (ofLive.size < maxKnown) ofLive.set(name, found);
  }
  return found;
};

const find = (live: Live, name: string, own: CallFallbacks | undefined): MayServe => {
  const asked = new Set<string>();
  const walk = (each: string): void => {
    if (asked.size >= maxNames || asked.has(each)) return;
    asked.add(each);
    for (const { deployment } of live.router.match(each))
      if (deployment.payload.autoRouter) for (const choice of choicesOf(deployment.payload.autoRouter)) walk(choice);
  };
  walk(name);
  const fallbacks = new Set<string>();
  const changed = new Set<Changed>();
  if (!own?.disabled) {
    const { general, contextWindow, contentPolicy } = live.snapshot.router.fallbacks;
    const add = (targets: readonly FallbackTarget[] | undefined): void => {
      for (const target of targets ?? []) {
        // By lists there are a few, and no list is endless.
        if (target.overrides) changed.add(target as Changed);
        if (!asked.has(target.name) && fallbacks.size < maxNames) fallbacks.add(target.name);
      }
    };
    // What is added while this goes on is looked at as well: a fallback has fallbacks.
    for (const each of both(asked, fallbacks)) {
      add(own?.targets ?? of(general, each));
      add(of(own?.contextWindow, each) ?? of(contextWindow, each));
      add(of(contentPolicy, each));
    }
  }
  return { asked: [...asked], fallbacks: [...fallbacks], changed: [...changed] };
};

function* both(first: Iterable<string>, second: Iterable<string>): Iterable<string> {
  yield* first;
  yield* second;
}

type Lists = Readonly<Record<string, readonly FallbackTarget[]>> | undefined;

const of = (lists: Lists, name: string): readonly FallbackTarget[] | undefined =>
  lists && (Object.hasOwn(lists, name) ? lists[name] : lists['*']);

const choicesOf = (router: AutoRouter): string[] => {
  const last = router.defaultModel === undefined ? [] : [router.defaultModel];
  return router.kind === 'semantic'
    ? [...router.routes.map(({ name }) => name), ...last]
    : [...Object.values(router.tiers).flatMap((names) => names ?? []), ...last];
};

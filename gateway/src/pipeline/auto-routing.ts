import {
  complexityTiers,
  createComplexityScorer,
  createSemanticRouter,
  SluiceError,
  type CancelSignal,
  type EmbedTexts,
  type JsonObject,
  type SemanticChoice,
} from 'sluice/kit';
import type { AutoRouter, ComplexityRouter, ConfigSnapshot, SemanticRouter } from '../config/snapshot.ts';
import { lastUserText } from './last-user-text.ts';

/** Where a request goes by what it is about, and why. */
export interface Routed {
  readonly model: string;
  /** For people: `complexity: SIMPLE score=0.08 -> gpt-4o-mini`. Holds nothing of the request. */
  readonly by: string;
}

/** What a choice is made with. */
export interface ChoiceWorld {
  /** Whether a model name leads to something that does not rest. */
  isHealthy(name: string): boolean;
  /** Vectors by an embedding model. */
  embedder(embeddingModel: string): EmbedTexts;
  readonly signal: CancelSignal;
  readonly random?: () => number;
}

/** The model names of a configuration that are no places but choices (`auto_router/...`). */
export interface AutoRouting {
  /** @param name an alias may stand for it */
  has(name: string): boolean;
  /** What a call of such a name goes to. @throws SluiceError where the choices lead in a circle, and the signal's reason */
  choose(name: string, body: JsonObject, world: ChoiceWorld): Promise<Routed>;
}

/** A choice may lead to another choice, so often. */
const maxSteps = 4;

type Choose = (text: string, world: ChoiceWorld) => Routed | Promise<Routed>;

/** Undefined where there is no such name: then no call is looked at. */
export const createAutoRouting = ({ deployments, aliases }: Pick<ConfigSnapshot, 'deployments' | 'aliases'>): AutoRouting | undefined => {
  const choices = new Map<string, Choose>();
  for (const { modelName, autoRouter } of deployments)
    if (autoRouter && !choices.has(modelName)) choices.set(modelName, choiceOf(autoRouter));
  if (choices.size === 0) return undefined;
  const find = (name: string): Choose | undefined => choices.get(Object.hasOwn(aliases, name) ? aliases[name]!.model : name);
  return {
    has: (name) => find(name) !== undefined,
    async choose(name, body, world) {
      const text = lastUserText(body);
      const why: string[] = [];
      let model = name;
      for (let step = 0; step < maxSteps; step++) {
        const choice = find(model);
        if (!choice) return { model, by: why.join('; ') };
        const routed = await choice(text, world);
        why.push(routed.by);
        model = routed.model;
      }
      if (!find(model)) return { model, by: why.join('; ') };
      const message = `The auto-routers of '${name.slice(0, 100)}' lead from one to another and to no model.`;
      throw new SluiceError('internal', message, { retry: false });
    },
  };
};

/** Deployments that come and go make another list of them, and must not make an embedding model be asked for all again. */
const known = new WeakMap<AutoRouter, Choose>();

const choiceOf = (router: AutoRouter): Choose => {
  let choose = known.get(router);
  if (!choose) known.set(router, (choose = router.kind === 'semantic' ? byLikeness(router) : byComplexity(router)));
  return choose;
};

const byComplexity = ({ tiers, defaultModel, boundaries, tokenThresholds, weights, keywords }: ComplexityRouter): Choose => {
  const score = createComplexityScorer({ boundaries, tokenThresholds, weights, keywords });
  return (text, world) => {
    const { tier, score: sum } = score(text);
    const model = pick(namesOf(tiers, tier, defaultModel), world);
    return { model, by: `complexity: ${tier} score=${shown(sum)} -> ${model}` };
  };
};

/** The tier's own names, else the default, else those of the nearest tier that has some, a harder one first. */
const namesOf = (
  tiers: ComplexityRouter['tiers'],
  tier: (typeof complexityTiers)[number],
  defaultModel: string | undefined,
): readonly string[] => {
  const own = tiers[tier];
  if (own && own.length > 0) return own;
  if (defaultModel !== undefined) return [defaultModel];
  const at = complexityTiers.indexOf(tier);
  for (const other of [...complexityTiers.slice(at + 1), ...complexityTiers.slice(0, at).toReversed()]) {
    const names = tiers[other];
    if (names && names.length > 0) return names;
  }
  throw new SluiceError('internal', 'The complexity router has no model for any tier.', { retry: false });
};

/** Any of those that can be asked, else any: what rests may still be the best there is. */
const pick = (names: readonly string[], { isHealthy, random = Math.random }: ChoiceWorld): string => {
  if (names.length === 1) return names[0]!;
  const healthy = names.filter(isHealthy);
  const from = healthy.length > 0 ? healthy : names;
  return from[Math.floor(random() * from.length)]!;
};

const byLikeness = ({ routes, defaultModel, embeddingModel }: SemanticRouter): Choose => {
  const router = createSemanticRouter({ routes, defaultModel });
  return async (text, { embedder, signal }) => {
    const choice = await router.choose(text, embedder(embeddingModel), signal);
    return { model: choice.model, by: `semantic: ${wordsOf(choice)} -> ${choice.model}` };
  };
};

const wordsOf = ({ nearest, score, why }: SemanticChoice): string => {
  const found = nearest === undefined || score === undefined ? [] : [`${nearest} score=${shown(score)}`];
  return [...found, ...(why === undefined ? [] : [why])].join(' ');
};

const shown = (score: number): string => String(Math.round(score * 1000) / 1000);

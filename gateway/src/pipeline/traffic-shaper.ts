import { createExperiment, failureClassOf, LadderState, type Attempt, type Dealt, type Ladder, type RouteRequest } from 'sluice/kit';
import type { ConfigSnapshot, RouterSettings } from '../config/snapshot.ts';

/** What became of a call's name before a deployment was picked. */
export interface Shaped {
  /** The model name whose deployments are asked. */
  readonly model: string;
  /** Undefined: no experiment is of its name. */
  readonly dealt?: Dealt;
  /** How many steps down a ladder; undefined: none is of its name. */
  readonly step?: number;
  /** The call is over, after these tries. Once. */
  ended(tries: readonly Attempt[], now: number): void;
}

/** What ladders cannot see themselves; asked when one is looked at. */
export interface ShaperSignals {
  queueLength(name: string): number;
  budgetShare(name: string): number | undefined;
}

/** Experiments and ladders of a configuration. */
export interface TrafficShaper {
  /** Undefined: nothing is of this name. */
  shape(name: string, request: RouteRequest, now: number): Shaped | undefined;
  /** By what they were made of: a configuration that says the same goes on with them. */
  readonly ladders: ReadonlyMap<string, LadderState>;
}

const nothing: RouteRequest = {};

/**
 * Undefined where nothing is shaped, so that calls pay nothing for it.
 * @param before of the configuration before: a ladder that is still the same must not step up because of a reload
 */
export const createTrafficShaper = (
  {
    aliases,
    router: { experiments, ladders },
  }: Pick<ConfigSnapshot, 'aliases'> & { router: Pick<RouterSettings, 'experiments' | 'ladders'> },
  signals: ShaperSignals,
  before?: TrafficShaper,
  random: () => number = Math.random,
): TrafficShaper | undefined => {
  if (experiments.length === 0 && ladders.length === 0) return undefined;
  const dealers = new Map(experiments.map((each) => [each.model, createExperiment(each)]));
  const kept = new Map<string, LadderState>();
  const running = new Map(
    ladders.map((ladder: Ladder) => {
      const text = JSON.stringify(ladder);
      const state = before?.ladders.get(text) ?? new LadderState(ladder);
      kept.set(text, state);
      return [ladder.model, state];
    }),
  );

  /** What is of a name, or of what it is another name for. */
  const find = <T>(of: ReadonlyMap<string, T>, name: string): T | undefined => {
    if (of.size === 0) return undefined;
    const found = of.get(name);
    if (found !== undefined) return found;
    const alias = Object.hasOwn(aliases, name) ? aliases[name]!.model : undefined;
    return alias === undefined ? undefined : of.get(alias);
  };

  return {
    ladders: kept,
    shape(name, request, now) {
      const dealt = find(dealers, name)?.(request ?? nothing, random);
      const ladder = find(running, dealt?.model ?? name);
      if (!ladder) return dealt && { model: dealt.model, dealt, ended: ignore };
      const model = ladder.choose(now, signals);
      const step = ladder.level;
      ladder.started();
      return {
        // The name itself, which may be an alias, at the top.
        model: step === 0 ? (dealt?.model ?? name) : model,
        ...(dealt && { dealt }),
        step,
        ended(tries, endedAt) {
          ladder.ended();
          for (const each of tries) if (each.code !== 'client_closed_request') tell(ladder, each, model, endedAt);
        },
      };
    },
  };
};

const ignore = (): void => {};

/** A request that was wrong, or that a vendor will not answer, says nothing of how well a model does. */
const blameless: ReadonlySet<string | undefined> = new Set(['badRequest', 'contentPolicy', undefined]);

const tell = (ladder: LadderState, { reason, name, code, ms }: Attempt, asked: string, now: number): void => {
  const failed = code !== undefined;
  if (failed && blameless.has(failureClassOf(code))) return;
  // Whatever the names that led there: what is no fallback was asked of the step.
  ladder.tried(reason === 'fallback' || reason === 'resume' ? name : asked, failed, failed ? undefined : ms, now);
};

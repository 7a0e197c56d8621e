import type { Candidate } from '../../sdk/src/router/candidate.ts';
import type { Deployment, ModelFacts } from '../../sdk/src/router/deployment.ts';
import { DeploymentState } from '../../sdk/src/router/state.ts';
import type { Outcome, PickContext, Strategy } from '../../sdk/src/router/strategy.ts';
import { seededRandom } from './chunks.ts';

/** A full minute, Unix milliseconds. */
export const fullMinute = 60_000 * 29_000_000;

export const candidateOf = (id: string, more: Partial<Deployment<string>> = {}, facts: ModelFacts = {}): Candidate<string> => ({
  deployment: { id, name: 'model', model: id, payload: id, ...more },
  model: id,
  state: new DeploymentState(),
  facts,
});

export const contextOf = (more: Partial<PickContext> = {}): PickContext => ({
  random: seededRandom(1),
  now: fullMinute,
  request: {},
  ...more,
});

/** How often each is picked. */
export const picks = (
  strategy: Strategy<string>,
  candidates: readonly Candidate<string>[],
  times = 1000,
  context: PickContext = contextOf(),
): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (let time = 0; time < times; time++) {
    const { id } = strategy.pick(candidates, context).deployment;
    counts[id] = (counts[id] ?? 0) + 1;
  }
  return counts;
};

/** One call, told as the router tells it, all at the time of its end: so it is within one minute. */
export const callOf = (strategy: Strategy<string>, candidate: Candidate<string>, outcome: Partial<Outcome> = {}): void => {
  const full: Outcome = { now: fullMinute, ms: 1000, inputTokens: 50, outputTokens: 50, ...outcome };
  candidate.state.started(full.now);
  strategy.started?.(candidate);
  if (!full.error) candidate.state.answered(full.firstOutputMs ?? full.ms, full.now);
  candidate.state.finished(full, true);
  strategy.finished?.(candidate, full);
};

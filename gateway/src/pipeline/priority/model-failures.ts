import type { Attempt } from 'sluice/kit';
import type { Live } from '../live.ts';
import { groupOf } from './model-capacity.ts';
import { targetOf, type Targeted } from './target-of.ts';

const lastMs = 60_000;
const maxGroups = 1000;

/** What providers answer when it is too much for them, or when they are broken. */
const isFailure = ({ status }: Attempt): boolean => status === 429 || (status !== undefined && status >= 500);

/** When models have failed lately: their last failures, as many as are asked for. */
export class ModelFailures {
  /** Unix milliseconds, rising. By the name that deployments have in the configuration. */
  readonly #groups = new Map<string, number[]>();

  /** The tries of a call that is over. */
  saw(tries: readonly Attempt[], live: Live): void {
    for (const one of tries) {
      if (!isFailure(one)) continue;
      const group = groupOf(live, one.name);
      if (group !== undefined) this.#add(group, one.startedAt + one.ms, live.snapshot.priority.failuresPerMinute);
    }
  }

  /**
   * Whether the model that a call is for has failed in the minute before `now`, as often as limits of type `dynamic` wait for.
   * @param model as its caller names it, past the caller's own aliases; undefined: none
   */
  holdsFor(state: Targeted, model: string | undefined, now: number): boolean {
    const group = model === undefined ? undefined : groupOf(state.live, targetOf(state, model));
    if (group === undefined) return false;
    const first = this.#groups.get(group)?.at(-state.live.snapshot.priority.failuresPerMinute);
    return first !== undefined && first > now - lastMs;
  }

  #add(group: string, at: number, keep: number): void {
    const times = this.#groups.get(group) ?? [];
    this.#groups.delete(group);
    this.#groups.set(group, times);
    if (this.#groups.size > maxGroups) this.#groups.delete(this.#groups.keys().next().value!);
    // Calls end in another order than their tries.
    times.push(at);
    times.sort((a, b) => a - b);
    if (times.length > keep) times.splice(0, times.length - keep);
  }
}

import type { Limit, Remaining } from '../../limits/index.ts';
import type { CallState } from '../call-state.ts';
import type { Live } from '../live.ts';
import { callerOf } from '../model-rights.ts';
import { ActiveCallers } from './active-callers.ts';
import { HeardUse } from './heard-use.ts';
import { capacityOf } from './model-capacity.ts';
import { ModelLimits, type Pool } from './model-limits.ts';
import { priorityOf } from './priority-of.ts';
import { targetOf } from './target-of.ts';

/** How busy a model was when a call came, and as whose it counts there. */
export interface SharedModel {
  /** `default`: no priority. */
  readonly priority: string;
  /** What is used and reserved of what the model takes, without this call. */
  readonly saturation: number;
  /** LiteLLM's version of the limiter. Absent: only fair shares are asked for. */
  readonly limiter?: 'v1' | 'v3';
}

/** What is used and reserved of a limit. @param now Unix milliseconds */
type UsedOf = (limit: Limit, now: number) => number;

const none: readonly Limit[] = [];
const known = new WeakMap<Live, Map<string, ModelLimits>>();

/**
 * Who may use what of a model that many want: the model's own limits, those of priorities, and fair shares of callers. They
 * are limits like a caller's own, so that all of them are taken together or none, here or in the shared store.
 */
export class ModelSharing {
  readonly #active = new ActiveCallers();
  readonly #heard = new HeardUse();

  /**
   * The limits of the model that a call is for. Notes in the call's state what headers tell of them.
   * @param model as the caller names it, past its own aliases
   * @param now Unix milliseconds
   * @param ownUse of the engine that counts here; absent: another one counts for several gateways, and is heard of
   */
  limitsOf(state: CallState, model: string | undefined, now: number, ownUse?: UsedOf): readonly Limit[] {
    const { live, principal } = state;
    const { limiter, fairShare, saturationThreshold, saturationTtlMs } = live.snapshot.priority;
    if ((!limiter && !fairShare) || model === undefined || !principal) return none;
    // It may have been refused at another model already.
    if (state.sharing) delete state.sharing;
    const capacity = capacityOf(live, targetOf(state, model));
    if (!capacity) return none;
    const limits = limitsAt(live, capacity.group, () => new ModelLimits(live.snapshot.priority, capacity));
    const pool = limits.poolOf(priorityOf(principal));
    const usedOf = ownUse ?? ((limit: Limit, at: number) => this.#heard.usedOf(limit, at, saturationTtlMs));
    const saturation = saturationOf(limits.whole, now, usedOf);
    const busy = saturation >= saturationThreshold;
    const version = limiter && (limiter === 'shares' ? 'v3' : 'v1');
    state.sharing = { priority: pool.name, saturation, ...(version && { limiter: version }) };
    if (!fairShare && limiter === 'shares') return busy ? held(limits, pool) : lent(limits, pool);
    const caller = callerOf(principal) ?? principal.kind;
    const active = this.#active.saw(pool.place, caller, now);
    const ofCaller = fairShare ? limits.ofCaller(pool, caller, active, busy) : none;
    if (limiter === 'equal') return [...limits.divided(sharersOf(pool, limits, active)), ...ofCaller];
    if (limiter === 'shares') return [...(busy ? held(limits, pool) : lent(limits, pool)), ...ofCaller];
    return [...limits.whole, ...ofCaller];
  }

  /** What an engine that several gateways share has said of a call's limits. */
  heard(state: CallState, remaining: readonly Pick<Remaining, 'limit' | 'used'>[], now: number): void {
    if (state.sharing) this.#heard.hear(remaining, now);
  }
}

const limitsAt = (live: Live, group: string, make: () => ModelLimits): ModelLimits => {
  let groups = known.get(live);
  if (!groups) known.set(live, (groups = new Map()));
  let limits = groups.get(group);
  // As many as the configuration has names.
  if (!limits) groups.set(group, (limits = make()));
  return limits;
};

const joined = new WeakMap<readonly Limit[], readonly Limit[]>();

/** The same array each time, as nothing of it changes. */
const withWhole = (limits: ModelLimits, ofPool: readonly Limit[]): readonly Limit[] => {
  let all = joined.get(ofPool);
  if (!all) joined.set(ofPool, (all = [...limits.whole, ...ofPool]));
  return all;
};
const lent = (limits: ModelLimits, pool: Pool): readonly Limit[] => withWhole(limits, pool.lent);
const held = (limits: ModelLimits, pool: Pool): readonly Limit[] => withWhole(limits, pool.held);

const saturationOf = (whole: readonly Limit[], now: number, usedOf: UsedOf): number => {
  let saturation = 0;
  for (const limit of whole) saturation = Math.max(saturation, limit.max === 0 ? 1 : usedOf(limit, now) / limit.max);
  return saturation;
};

/** A priority's share stands for so many callers; the others count themselves. */
const sharersOf = ({ part, lent: { length } }: Pool, { capacity }: ModelLimits, active: number): number => {
  if (length === 0) return active;
  const [whole, own] = capacity.rpm === undefined ? [capacity.tpm!, part.tpm!] : [capacity.rpm, part.rpm!];
  return own === 0 ? whole + 1 : Math.ceil(whole / own);
};

import { Secret } from 'sluice/kit';
import type { Principal } from '../../access/principal.ts';
import { loadConfig } from '../../config/load.ts';
import { createLimiter, type Limit } from '../../limits/index.ts';
import type { CallState } from '../call-state.ts';
import { createLive, type Live } from '../live.ts';
import { createLoopGuard } from '../loops.ts';
import { builtInPrices } from '../prices.ts';
import { ModelSharing, type SharedModel } from './model-sharing.ts';

/** @returns what a configuration makes. @throws Error where it is wrong */
export const liveOf = (config: string): Live => {
  const loaded = loadConfig(config, { file: 'test.yaml', env: {} });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return createLive(loaded.snapshot, new Secret('sk-master-key-of-this-test'), {}, createLoopGuard('test'), builtInPrices());
};

/** A caller with a key, of a priority or none. */
export const aCaller = (id: string, priority?: unknown, teamPriority?: unknown): Principal => {
  const metadata = (value: unknown) => (value === undefined ? {} : { metadata: { priority: value } });
  return {
    kind: 'key',
    key: { id, createdAt: 0, data: { key_name: id, models: [], ...metadata(priority) } },
    ...(teamPriority !== undefined && { team: { id: 't', createdAt: 0, data: { models: [], ...metadata(teamPriority) } } }),
    budgets: [],
  } as unknown as Principal;
};

export interface Outcome {
  readonly ok: boolean;
  /** Of what refused. */
  readonly subject: string | undefined;
  readonly max: number | undefined;
  readonly resetsAt: number | undefined;
  readonly sharing: SharedModel | undefined;
}

/** Calls of models, with the engine of one process and a clock that stands still until it is told to move. */
export const aBusyModel = (config: string) => {
  const live = liveOf(config);
  let now = 1_800_000_000_000;
  const limiter = createLimiter({ clock: () => now });
  const sharing = new ModelSharing();
  const call = (principal: Principal, { model = 'm', tokens = 0 }: { model?: string; tokens?: number } = {}): Outcome => {
    const state = { live, principal } as unknown as CallState;
    const limits = sharing.limitsOf(state, model, now, limiter.usedOf);
    const worst = { inputTokens: tokens, outputTokens: 0, costNanodollars: 0 };
    const verdict = limiter.reserve(limits, worst, { now, expiresAfterMs: 1000 });
    if (verdict.ok) verdict.reservation.settle(worst);
    const refusal = verdict.ok ? undefined : verdict.refusal;
    return {
      ok: verdict.ok,
      subject: refusal?.limit.subject,
      max: refusal?.limit.max,
      resetsAt: refusal?.resetsAt,
      sharing: state.sharing,
    };
  };
  return {
    live,
    limitsOf: (principal: Principal, model = 'm'): readonly Limit[] =>
      sharing.limitsOf({ live, principal } as unknown as CallState, model, now, limiter.usedOf),
    /** One call, over at once. `tokens` is what it takes at worst, and uses. */
    call,
    /** How many of so many calls are let through. */
    served: (principal: Principal, calls: number): number =>
      Array.from({ length: calls }, () => call(principal)).filter(({ ok }) => ok).length,
    pass: (ms: number) => void (now += ms),
    now: () => now,
  };
};

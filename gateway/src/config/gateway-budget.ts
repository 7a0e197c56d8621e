import type { z } from 'zod';
import type { generalSettings } from './schema/general-settings.ts';
import type { litellmSettings } from './schema/litellm-settings.ts';
import type { sluiceSettings } from './schema/sluice-settings.ts';

export const limitKinds = ['requests', 'tokens', 'cost', 'parallel'] as const;
export type LimitKind = (typeof limitKinds)[number];

/** Calls of models without a price, where a budget holds. */
export type UnpricedCalls =
  | { readonly policy: 'refuse' }
  | { readonly policy: 'charge' | 'charge_budgeted'; readonly usdPerCall: number; readonly usdPerMillionTokens: number };

type Given<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };

/** What holds for an agent's calls, as keys have it, and for each of its sessions. */
export type AgentLimits = Given<NonNullable<NonNullable<NonNullable<z.output<typeof sluiceSettings>>['budgets']>['agents']>[string]>;

/** Budgets beside those of keys, teams and users, and how all of them are told. */
export interface BudgetSettings {
  /** Of the whole gateway; absent: none. */
  readonly gateway?: { readonly maxUsd: number; readonly duration?: string };
  /**
   * IANA's name (absent: UTC), and behind a space the time of the day at which periods begin, where that is not midnight:
   * `Europe/Berlin 09:30`. One text, as all that counts or shows a period is handed it.
   */
  readonly timeZone?: string;
  /** Calls under way in the whole gateway; absent: as many as come. */
  readonly maxParallelRequests?: number;
  readonly exceededStatus: number;
  /** What `tpm_limit` counts. */
  readonly tokenMetric: 'tokens' | 'input_tokens' | 'output_tokens';
  /** Whether a person's own budget holds for their keys of a team as well. */
  readonly userBudgetOnTeamKeys: boolean;
  /** Of keys that say none, and of users that have none. US dollars. */
  readonly defaultSoftBudgetUsd?: number;
  readonly defaultUserBudgetUsd?: number;
  /** The share of its rates that a key keeps whose budget is spent (`throttle_on_budget_exceeded`); absent: it is refused. */
  readonly throttledShare?: number;
  readonly unpriced: UnpricedCalls;
  /** What is set aside for a call of which nobody knows a bound. US dollars. */
  readonly unknownCostUsd: number;
  /** What a call that does not bound its answer is taken for at most, in tokens; absent: the model's maximum. */
  readonly unsaidOutputTokens?: number;
  /** By their ids; `*` is for those that are not named. */
  readonly agents: Readonly<Record<string, AgentLimits>>;
  /** Kinds of limits that are looked at and told, and refuse nothing. */
  readonly shadow: readonly LimitKind[];
}

const usual = { status: 400, unknownCostUsd: 0.01, usdPerCall: 0, usdPerMillionTokens: 1 } as const;

export const budgetSettings = (
  litellm: z.output<typeof litellmSettings>,
  general?: z.output<typeof generalSettings>,
  sluice?: z.output<typeof sluiceSettings>,
): BudgetSettings => {
  const own = sluice?.budgets;
  const timeZone =
    litellm?.budget_reset_time === undefined ? litellm?.timezone : `${litellm.timezone ?? 'UTC'} ${litellm.budget_reset_time}`;
  return {
    ...(litellm?.max_budget !== undefined && {
      gateway: { maxUsd: litellm.max_budget, ...(litellm.budget_duration !== undefined && { duration: litellm.budget_duration }) },
    }),
    ...(general?.global_max_parallel_requests !== undefined && { maxParallelRequests: general.global_max_parallel_requests }),
    ...(timeZone !== undefined && { timeZone }),
    exceededStatus: litellm?.budget_exceeded_status_code ?? usual.status,
    tokenMetric: tokenMetrics[general?.token_rate_limit_type ?? 'total'],
    userBudgetOnTeamKeys: general?.apply_user_budget_to_team_keys ?? !(general?.skip_user_budget_on_team_key ?? false),
    ...(litellm?.default_soft_budget !== undefined && { defaultSoftBudgetUsd: litellm.default_soft_budget }),
    ...(litellm?.max_user_budget !== undefined && { defaultUserBudgetUsd: litellm.max_user_budget }),
    ...(litellm?.budget_exceeded_throttle_percentage !== undefined && { throttledShare: litellm.budget_exceeded_throttle_percentage }),
    unpriced:
      own?.unpriced === 'refuse'
        ? { policy: 'refuse' }
        : {
            policy: own?.unpriced ?? 'charge_budgeted',
            usdPerCall: own?.unpriced_usd_per_call ?? usual.usdPerCall,
            usdPerMillionTokens: own?.unpriced_usd_per_million_tokens ?? usual.usdPerMillionTokens,
          },
    unknownCostUsd: own?.unknown_cost_reserve_usd ?? usual.unknownCostUsd,
    ...(own?.unsaid_output_tokens !== undefined && { unsaidOutputTokens: own.unsaid_output_tokens }),
    agents: own?.agents ?? {},
    shadow: own?.shadow ?? [],
  };
};

/** What holds for an agent; undefined: nothing of its own. */
export const limitsOfAgent = ({ agents }: Pick<BudgetSettings, 'agents'>, id: string): AgentLimits | undefined =>
  Object.hasOwn(agents, id) ? agents[id] : agents['*'];

const tokenMetrics = { total: 'tokens', input: 'input_tokens', output: 'output_tokens' } as const;

import type { Limits, ObjectPermission } from '../../access/records/records.ts';
import { budgetPeriod, effectiveLimits } from '../../pipeline/governance/effective-limits.ts';

/** Moments as clients read them: ISO 8601, UTC. */
export const iso = (ms: number): string => new Date(ms).toISOString();
export const isoOrNull = (ms: number | null | undefined): string | null => (ms == null ? null : iso(ms));

/**
 * When a budget begins anew: the end of the period that enforcement counts in.
 * @param startedAt when the thing was made
 * @param timeZone the gateway's (`litellm_settings.timezone`); absent: UTC
 */
export const budgetResetAt = ({ budget_duration }: Limits, startedAt: number, now: number, timeZone: string | undefined): string | null =>
  budget_duration ? iso(budgetPeriod(budget_duration, startedAt, timeZone)(now).end) : null;

/** A thing's limits under the names that all things share; `null` where there is none. */
export const limitsShown = (limits: Limits, startedAt: number, now: number, timeZone: string | undefined) => ({
  max_budget: limits.max_budget ?? null,
  soft_budget: limits.soft_budget ?? null,
  budget_duration: limits.budget_duration ?? null,
  budget_reset_at: budgetResetAt(limits, startedAt, now, timeZone),
  tpm_limit: limits.tpm_limit ?? null,
  rpm_limit: limits.rpm_limit ?? null,
  max_parallel_requests: limits.max_parallel_requests ?? null,
  model_max_budget: limits.model_max_budget ?? null,
});

interface SharedBudget {
  readonly id: string;
  readonly data: Limits;
  readonly createdAt: number;
}

/**
 * `litellm_budget_table` of a thing: what holds for it, its own limits before those of the budget that it names.
 * Null: it has neither.
 */
export const budgetTable = (
  own: Limits,
  startedAt: number,
  shared: SharedBudget | undefined,
  now: number,
  timeZone: string | undefined,
) => {
  const merged = effectiveLimits(limitsOf(own), shared?.data);
  if (!shared && Object.values(limitsOf(own)).every((value) => value == null)) return null;
  return {
    budget_id: shared?.id ?? null,
    ...limitsShown(merged, startedAt, now, timeZone),
    allowed_models: null,
    created_at: iso(shared?.createdAt ?? startedAt),
  };
};

const limitsOf = ({
  max_budget,
  soft_budget,
  budget_duration,
  tpm_limit,
  rpm_limit,
  max_parallel_requests,
  model_max_budget,
}: Limits): Limits => ({
  max_budget,
  soft_budget,
  budget_duration,
  tpm_limit,
  rpm_limit,
  max_parallel_requests,
  model_max_budget,
});

/** `object_permission` as LiteLLM's table of them has it. @param owner the id of what it belongs to */
export const objectPermissionShown = (owner: string, permission: ObjectPermission | null | undefined) =>
  permission
    ? {
        object_permission_id: owner,
        models: permission.models ?? null,
        vector_stores: permission.vector_stores ?? null,
        search_tools: permission.search_tools ?? null,
        mcp_servers: [],
        mcp_access_groups: [],
        mcp_tool_permissions: null,
        mcp_toolsets: null,
        mcp_tool_search_enabled: null,
        blocked_tools: [],
        agents: [],
        agent_access_groups: [],
      }
    : null;

import { keySubject } from '../access/keys/key-subject.ts';
import type { Principal } from '../access/principal.ts';
import { effectiveLimits } from '../pipeline/governance/effective-limits.ts';
import { raisedUsdOf } from '../pipeline/governance/caller-limits.ts';
import { spenderOfSubject, type Spender } from '../pipeline/governance/subject-limits.ts';
import type { CallState } from '../pipeline/call-state.ts';

const nanoPerUsd = 1_000_000_000;

interface KeyLimits {
  readonly tokensPerMinute: number | null | undefined;
  readonly requestsPerMinute: number | null | undefined;
  readonly budgetUsd: number | null | undefined;
  readonly spender: Spender;
}

/** Worked out once for a caller; undefined: its key has no limits. */
const known = new WeakMap<Principal, { limits: KeyLimits | undefined; timeZone: string | undefined }>();

const limitsOf = (principal: Principal, timeZone: string | undefined): KeyLimits | undefined => {
  const found = known.get(principal);
  if (found && found.timeZone === timeZone) return found.limits;
  const limits = read(principal, timeZone);
  known.set(principal, { limits, timeZone });
  return limits;
};

const read = ({ key, budgets }: Principal, timeZone: string | undefined): KeyLimits | undefined => {
  if (!key) return undefined;
  const { data, createdAt: startedAt } = key;
  const shared = budgets.find((budget) => budget.id === data.budget_id)?.data;
  const limits = effectiveLimits(data, shared);
  const { tpm_limit: tokensPerMinute, rpm_limit: requestsPerMinute, max_budget: budgetUsd } = limits;
  if (tokensPerMinute == null && requestsPerMinute == null && budgetUsd == null) return undefined;
  const spender = spenderOfSubject({ subject: keySubject(key), limits: data, shared, startedAt }, timeZone);
  return { tokensPerMinute, requestsPerMinute, budgetUsd, spender };
};

/**
 * What a key has, and has spent of its budget, under LiteLLM's names (v1.104): for callers with a key that has limits. With
 * this call, where its cost is known by now; without the others that are under way.
 */
export const addKeyLimits = (headers: Record<string, string>, { principal, governor, live, clock, cost, settled }: CallState): void => {
  if (!principal?.key) return;
  const limits = limitsOf(principal, live.snapshot.budgets.timeZone);
  if (!limits) return;
  const { tokensPerMinute, requestsPerMinute, budgetUsd, spender } = limits;
  if (tokensPerMinute != null) headers['x-litellm-key-tpm-limit'] = String(tokensPerMinute);
  if (requestsPerMinute != null) headers['x-litellm-key-rpm-limit'] = String(requestsPerMinute);
  if (budgetUsd == null) return;
  headers['x-litellm-key-max-budget'] = String(budgetUsd + raisedUsdOf(principal.key.data, clock()));
  const spentUsd = governor?.spentUsd(spender);
  const own = settled ? 0 : (cost?.charged?.total ?? 0);
  if (spentUsd !== undefined) headers['x-litellm-key-spend'] = String((Math.round(spentUsd * nanoPerUsd) + own) / nanoPerUsd);
};

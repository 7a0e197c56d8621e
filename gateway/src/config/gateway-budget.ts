import type { z } from 'zod';
import type { litellmSettings } from './schema/litellm-settings.ts';

/** Budgets beside those of keys, teams and users, and how all of them are told. */
export interface BudgetSettings {
  /** Of the whole gateway; absent: none. */
  readonly gateway?: { readonly maxUsd: number; readonly duration?: string };
  /** IANA's name; absent: UTC. */
  readonly timeZone?: string;
  readonly exceededStatus: number;
}

const usualStatus = 400;

export const budgetSettings = (litellm: z.output<typeof litellmSettings>): BudgetSettings => ({
  ...(litellm?.max_budget !== undefined && {
    gateway: { maxUsd: litellm.max_budget, ...(litellm.budget_duration !== undefined && { duration: litellm.budget_duration }) },
  }),
  ...(litellm?.timezone !== undefined && { timeZone: litellm.timezone }),
  exceededStatus: litellm?.budget_exceeded_status_code ?? usualStatus,
});

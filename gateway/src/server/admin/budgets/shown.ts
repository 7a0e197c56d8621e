import type { BudgetRecord } from '../../../access/records/records.ts';
import type { Stored } from '../../../access/store/stored.ts';
import type { AdminContext } from '../admin-route.ts';
import { iso, limitsShown } from '../answer-parts.ts';

/** A shared budget as LiteLLM's table has it. */
export const budgetShown = (
  { id, data, createdAt, createdBy, updatedAt, updatedBy }: Stored<BudgetRecord>,
  { services, now }: Pick<AdminContext, 'services' | 'now'>,
) => ({
  budget_id: id,
  ...limitsShown(data, createdAt, now, services.live().snapshot.budgets.timeZone),
  created_at: iso(createdAt),
  created_by: createdBy ?? null,
  updated_at: iso(updatedAt),
  updated_by: updatedBy ?? null,
});

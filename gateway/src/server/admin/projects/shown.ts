import type { ProjectRecord } from '../../../access/records/records.ts';
import type { Stored } from '../../../access/store/stored.ts';
import type { AdminContext } from '../admin-route.ts';
import { budgetTable, iso, limitsShown, objectPermissionShown } from '../answer-parts.ts';
import { budgetsOf } from '../budgets/known-budget.ts';
import { spentOf } from '../spender.ts';

/** Projects as `LiteLLM_ProjectTable`. */
export const projectsShown = async (
  { store, services, now }: Pick<AdminContext, 'store' | 'services' | 'now'>,
  all: readonly Stored<ProjectRecord>[],
) => {
  const budgets = await budgetsOf(store, all);
  const spent = await spentOf(
    all.map(({ id, data, createdAt }) => ({
      subject: `project:${id}`,
      limits: data,
      shared: budgets.get(data.budget_id ?? ''),
      startedAt: createdAt,
    })),
    { services, now },
  );
  return all.map(({ id, data, createdAt, createdBy, updatedAt, updatedBy }) => ({
    project_id: id,
    project_alias: data.project_alias ?? null,
    description: data.description ?? null,
    team_id: data.team_id,
    budget_id: data.budget_id ?? null,
    ...limitsShown(data, createdAt, now, services.live().snapshot.budgets.timeZone),
    budget_limits: data.budget_limits ?? null,
    model_rpm_limit: data.model_rpm_limit ?? null,
    model_tpm_limit: data.model_tpm_limit ?? null,
    metadata: data.metadata ?? null,
    tags: data.tags ?? null,
    models: data.models,
    spend: spent(`project:${id}`),
    model_spend: {},
    blocked: data.blocked ?? false,
    litellm_budget_table: budgetTable(data, createdAt, budgets.get(data.budget_id ?? ''), now, services.live().snapshot.budgets.timeZone),
    object_permission_id: data.object_permission ? id : null,
    object_permission: objectPermissionShown(id, data.object_permission),
    created_at: iso(createdAt),
    created_by: createdBy ?? null,
    updated_at: iso(updatedAt),
    updated_by: updatedBy ?? null,
  }));
};

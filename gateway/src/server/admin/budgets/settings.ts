import { kinds } from '../../../access/records/kinds.ts';
import { notFound } from '../../../access/store/writing.ts';
import { adminRoute } from '../admin-route.ts';
import { budgetOfQuery } from './schemas.ts';

const fields = [
  ['max_parallel_requests', 'Integer', 'Calls at the same time.'],
  ['tpm_limit', 'Integer', 'Tokens a minute.'],
  ['rpm_limit', 'Integer', 'Requests a minute.'],
  ['budget_duration', 'String', 'The period after which the budget is whole again. Absent: never.'],
  ['max_budget', 'Float', 'US dollars that may be spent. 0 is none.'],
  ['soft_budget', 'Float', 'US dollars; told when they are spent.'],
  ['model_max_budget', 'Object', 'Limits of single models.'],
] as const;

export const budgetSettings = adminRoute({
  method: 'GET',
  paths: ['/budget/settings'],
  action: 'budget.see',
  query: budgetOfQuery,
  summary: "Lists a budget's fields with their values and what they mean.",
  handle: async ({ query, store }) => {
    const budget = await store.get(kinds.budget, query.budget_id);
    if (!budget) throw notFound(kinds.budget, query.budget_id);
    return fields.map(([name, type, description]) => ({
      field_name: name,
      field_type: type,
      field_description: description,
      field_value: budget.data[name] ?? null,
      stored_in_db: true,
      field_default_value: null,
    }));
  },
});

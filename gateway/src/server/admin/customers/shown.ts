import type { BudgetRecord, CustomerRecord } from '../../../access/records/records.ts';
import type { Stored } from '../../../access/store/stored.ts';
import type { AdminContext } from '../admin-route.ts';
import { budgetTable, objectPermissionShown } from '../answer-parts.ts';
import { budgetsOf } from '../budgets/known-budget.ts';
import { setSpent, spentOf, type Spending } from '../spender.ts';

export const customerSubject = (id: string): string => `customer:${id}`;

/** With the budget that end users have who name none (`max_end_user_budget_id`), as it is enforced. */
const customerSpending = ({ id, data, createdAt }: Stored<CustomerRecord>, shared: Stored<BudgetRecord> | undefined): Spending => ({
  subject: customerSubject(id),
  limits: data,
  shared,
  startedAt: createdAt,
});

type Context = Pick<AdminContext, 'store' | 'services' | 'now'>;

/** The shared budgets of customers: of each its own, or that of all. */
const budgetsOfCustomers = async ({ store, services }: Context, customers: readonly Stored<CustomerRecord>[]) => {
  const otherwise = services.live().snapshot.users.customerBudgetId;
  const named = ({ data }: Stored<CustomerRecord>) => data.budget_id ?? otherwise ?? null;
  const budgets = await budgetsOf(
    store,
    customers.map((customer) => ({ data: { budget_id: named(customer) } })),
  );
  return (customer: Stored<CustomerRecord>) => budgets.get(named(customer) ?? '');
};

/** Sets what a customer has spent. Undefined and null: it stays. */
export const setCustomerSpend = async (
  context: Context,
  customer: Stored<CustomerRecord>,
  usd: number | null | undefined,
): Promise<void> => {
  const budgetOf = await budgetsOfCustomers(context, [customer]);
  await setSpent(customerSpending(customer, budgetOf(customer)), usd, context);
};

const customerShown = (
  { id, data, createdAt }: Stored<CustomerRecord>,
  budget: Stored<BudgetRecord> | undefined,
  spentUsd: number,
  now: number,
  timeZone: string | undefined,
) => ({
  user_id: id,
  blocked: data.blocked ?? false,
  alias: data.alias ?? null,
  spend: spentUsd,
  allowed_model_region: data.allowed_model_region ?? null,
  default_model: data.default_model ?? null,
  budget_id: data.budget_id ?? null,
  litellm_budget_table: budgetTable(data, createdAt, budget, now, timeZone),
  budget_limits: data.budget_limits ?? null,
  model_rpm_limit: data.model_rpm_limit ?? null,
  model_tpm_limit: data.model_tpm_limit ?? null,
  object_permission_id: data.object_permission ? id : null,
  object_permission: objectPermissionShown(id, data.object_permission),
});

/** Customers as LiteLLM's clients read them, with what they spent and the budgets that they name. */
export const customersShown = async (context: Context, customers: readonly Stored<CustomerRecord>[]) => {
  const { services, now } = context;
  const { timeZone } = services.live().snapshot.budgets;
  const budgetOf = await budgetsOfCustomers(context, customers);
  const spent = await spentOf(
    customers.map((customer) => customerSpending(customer, budgetOf(customer))),
    context,
  );
  return customers.map((customer) => customerShown(customer, budgetOf(customer), spent(customerSubject(customer.id)), now, timeZone));
};

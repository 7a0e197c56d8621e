import { z } from 'zod';
import { anId, aText, ids, limitsShape, money, pageNumber, pageSize } from '../fields.ts';
import { notBuiltOfCustomers, notTaken } from '../not-built.ts';

const customer = z.strictObject({
  user_id: anId,
  alias: aText.nullish(),
  blocked: z.boolean().nullish(),
  budget_id: anId.nullish(),
  ...limitsShape,
  spend: money.nullish(),
  budget_reset_at: notTaken('is worked out from `budget_duration`: leave it out'),
  ...notBuiltOfCustomers,
});

/** LiteLLM takes one or the other, too: a request that gives both means something that neither is. */
const oneBudget = ({ max_budget, budget_id }: { max_budget?: number | null | undefined; budget_id?: string | null | undefined }): boolean =>
  max_budget == null || budget_id == null;
const both = { error: 'must have `max_budget` or `budget_id`, not both' };

export const newCustomer = customer.refine(oneBudget, both);
export const updatedCustomer = customer.refine(oneBudget, both);
export const namedCustomers = z.strictObject({ user_ids: ids.min(1, { error: 'must name at least one customer' }) });
export const customerQuery = z.strictObject({ end_user_id: anId });

/** Without a page: all of them, at most 10,000. */
export const customersQuery = z.strictObject({ page: pageNumber.optional(), page_size: pageSize(100, 1000).optional() });

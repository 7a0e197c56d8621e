import { SluiceError } from 'sluice/kit';
import { kinds } from '../../../access/records/kinds.ts';
import { adminRoute } from '../admin-route.ts';
import { demandBudget } from '../budgets/known-budget.ts';
import { changed, filled } from '../patch.ts';
import { newCustomer, updatedCustomer } from './schemas.ts';
import { customersShown, setCustomerSpend } from './shown.ts';

export const createCustomer = adminRoute({
  method: 'POST',
  paths: ['/customer/new', '/end_user/new'],
  action: 'customer.write',
  body: newCustomer,
  summary: 'Makes an end user with limits of its own.',
  handle: async (context) => {
    const { store, actor } = context;
    const { user_id, spend, ...fields } = context.body;
    const customer = await store.write(actor, async (writing) => {
      if (await writing.get(kinds.customer, user_id))
        throw new SluiceError('invalid_request', `There is already a customer ${JSON.stringify(user_id)}.`, { param: 'user_id' });
      await demandBudget(writing, fields.budget_id);
      return writing.insert(kinds.customer, user_id, filled(fields));
    });
    await setCustomerSpend(context, customer, spend);
    return (await customersShown(context, [customer]))[0];
  },
});

export const updateCustomer = adminRoute({
  method: 'POST',
  paths: ['/customer/update', '/end_user/update'],
  action: 'customer.write',
  body: updatedCustomer,
  summary: 'Changes an end user. What is not named is not touched; null is unlimited.',
  handle: async (context) => {
    const { store, actor } = context;
    const { user_id, spend, ...fields } = context.body;
    const customer = await store.write(actor, async (writing) => {
      await demandBudget(writing, fields.budget_id);
      return writing.update(kinds.customer, user_id, (data) => changed(data, fields));
    });
    await setCustomerSpend(context, customer, spend);
    return (await customersShown(context, [customer]))[0];
  },
});

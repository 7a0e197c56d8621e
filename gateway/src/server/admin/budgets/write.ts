import { SluiceError } from 'sluice/kit';
import { kinds } from '../../../access/records/kinds.ts';
import { notFound } from '../../../access/store/writing.ts';
import { adminRoute } from '../admin-route.ts';
import { changed, filled } from '../patch.ts';
import { usersOfBudget } from './budget-users.ts';
import { budgetLock } from './known-budget.ts';
import { deletedBudget, namedBudgets, newBudget, updatedBudget } from './schemas.ts';
import { budgetShown } from './shown.ts';

export const createBudget = adminRoute({
  method: 'POST',
  paths: ['/budget/new'],
  action: 'budget.write',
  body: newBudget,
  summary: 'Makes a budget that keys, customers and other things can share.',
  handle: async (context) => {
    const { store, actor } = context;
    const { budget_id, ...limits } = context.body;
    const id = budget_id ?? crypto.randomUUID();
    const budget = await store.write(actor, async (writing) => {
      if (await writing.get(kinds.budget, id))
        throw new SluiceError('invalid_request', `There is already a budget ${JSON.stringify(id)}.`, { param: 'budget_id' });
      return writing.insert(kinds.budget, id, filled(limits));
    });
    return budgetShown(budget, context);
  },
});

export const updateBudget = adminRoute({
  method: 'POST',
  paths: ['/budget/update'],
  action: 'budget.write',
  body: updatedBudget,
  summary: 'Changes a budget for all that share it. What is not named is not touched; null is unlimited.',
  handle: async (context) => {
    const { store, actor } = context;
    const { budget_id, ...limits } = context.body;
    const budget = await store.write(actor, (writing) => writing.update(kinds.budget, budget_id, (data) => changed(data, limits)));
    return budgetShown(budget, context);
  },
});

export const budgetInfo = adminRoute({
  method: 'POST',
  paths: ['/budget/info'],
  action: 'budget.see',
  body: namedBudgets,
  summary: 'Shows those of the named budgets that there are.',
  handle: async (context) => (await context.store.getAll(kinds.budget, context.body.budgets)).map((budget) => budgetShown(budget, context)),
});

export const deleteBudget = adminRoute({
  method: 'POST',
  paths: ['/budget/delete'],
  action: 'budget.write',
  body: deletedBudget,
  summary: 'Deletes a budget that nothing uses.',
  handle: async (context) => {
    const { body, store, services, actor } = context;
    const { id } = body;
    if (services.snapshot().users.customerBudgetId === id) throw inUse(id, 'the configuration file, as `max_end_user_budget_id`');
    const budget = await store.write(actor, async (writing) => {
      await writing.tx.lock(budgetLock(id));
      const users = await usersOfBudget(writing, id);
      if (users !== undefined) throw inUse(id, users);
      return writing.remove(kinds.budget, id);
    });
    if (!budget) throw notFound(kinds.budget, id);
    return budgetShown(budget, context);
  },
});

/** Without it, they would have no limit. */
const inUse = (id: string, users: string): SluiceError =>
  new SluiceError('invalid_request', `The budget ${JSON.stringify(id)} is used by ${users}. Give them another one first.`, { param: 'id' });

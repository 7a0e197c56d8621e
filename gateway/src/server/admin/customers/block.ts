import { kinds } from '../../../access/records/kinds.ts';
import { adminRoute } from '../admin-route.ts';
import { namedCustomers } from './schemas.ts';
import { customersShown } from './shown.ts';

export const blockCustomers = adminRoute({
  method: 'POST',
  paths: ['/customer/block', '/end_user/block'],
  action: 'customer.write',
  body: namedCustomers,
  summary: 'Refuses calls for these end users; those that are not known are made.',
  handle: async (context) => {
    const blocked = await context.store.write(context.actor, async (writing) => {
      const all = [];
      for (const id of new Set(context.body.user_ids)) {
        const known = await writing.get(kinds.customer, id);
        all.push(
          known
            ? await writing.update(kinds.customer, id, (data) => (data.blocked ? data : { ...data, blocked: true }), 'blocked')
            : await writing.insert(kinds.customer, id, { blocked: true }),
        );
      }
      return all;
    });
    return { blocked_users: await customersShown(context, blocked) };
  },
});

/** Of those that are still blocked. */
const maxListed = 1000;

export const unblockCustomers = adminRoute({
  method: 'POST',
  paths: ['/customer/unblock', '/end_user/unblock'],
  action: 'customer.write',
  body: namedCustomers,
  summary: `Takes calls for these end users again. Answers with up to ${maxListed} that are still blocked.`,
  handle: async ({ body, store, actor }) => {
    await store.write(actor, async (writing) => {
      for (const id of new Set(body.user_ids))
        await writing.update(kinds.customer, id, (data) => (data.blocked ? { ...data, blocked: false } : data), 'unblocked');
    });
    const { rows } = await store.page(kinds.customer, { is: { blocked: 1 }, page: 1, size: maxListed });
    return { blocked_users: rows.map(({ id }) => id) };
  },
});

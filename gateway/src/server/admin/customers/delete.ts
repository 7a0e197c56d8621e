import { kinds } from '../../../access/records/kinds.ts';
import { notFound } from '../../../access/store/writing.ts';
import { adminRoute } from '../admin-route.ts';
import { namedCustomers } from './schemas.ts';
import { customerSubject } from './shown.ts';

export const deleteCustomers = adminRoute({
  method: 'POST',
  paths: ['/customer/delete', '/end_user/delete'],
  action: 'customer.write',
  body: namedCustomers,
  summary: 'Deletes end users with their limits, all or none.',
  handle: async ({ body, store, services, actor }) => {
    const ids = [...new Set(body.user_ids)];
    await store.write(actor, async (writing) => {
      for (const id of ids) if (!(await writing.remove(kinds.customer, id))) throw notFound(kinds.customer, id);
    });
    // Who comes again under the same id begins anew.
    for (const id of ids) await services.spend.clear(customerSubject(id));
    return { deleted_customers: ids.length, message: `Successfully deleted customers with ids: ${ids.join(', ')}` };
  },
});

import { kinds } from '../../../access/records/kinds.ts';
import { notFound } from '../../../access/store/writing.ts';
import { adminRoute } from '../admin-route.ts';
import { customerQuery, customersQuery } from './schemas.ts';
import { customersShown } from './shown.ts';

export const customerInfo = adminRoute({
  method: 'GET',
  paths: ['/customer/info', '/end_user/info'],
  action: 'customer.see',
  query: customerQuery,
  summary: 'Shows an end user.',
  handle: async (context) => {
    const { end_user_id: id } = context.query;
    const customer = await context.store.get(kinds.customer, id);
    if (!customer) throw notFound(kinds.customer, id);
    return (await customersShown(context, [customer]))[0];
  },
});

export const listCustomers = adminRoute({
  method: 'GET',
  paths: ['/customer/list', '/end_user/list'],
  action: 'customer.see',
  query: customersQuery,
  summary: 'Lists end users: those of a page, or without one all, at most 10,000.',
  handle: async (context) => {
    const { page, page_size: size } = context.query;
    const paged = page !== undefined || size !== undefined;
    const rows = paged
      ? (await context.store.page(kinds.customer, { page: page ?? 1, size: size ?? 100 })).rows
      : await context.store.find(kinds.customer);
    return customersShown(context, rows);
  },
});

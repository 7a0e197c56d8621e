import type { AdminRoute } from '../admin-route.ts';
import { blockCustomers, unblockCustomers } from './block.ts';
import { deleteCustomers } from './delete.ts';
import { customerInfo, listCustomers } from './read.ts';
import { createCustomer, updateCustomer } from './write.ts';

export const customersRoutes: readonly AdminRoute[] = [
  createCustomer,
  updateCustomer,
  customerInfo,
  listCustomers,
  deleteCustomers,
  blockCustomers,
  unblockCustomers,
];

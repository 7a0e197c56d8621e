import type { AdminRoute } from '../admin-route.ts';
import { listBudgets, pageOfBudgets } from './list.ts';
import { budgetSettings } from './settings.ts';
import { budgetInfo, createBudget, deleteBudget, updateBudget } from './write.ts';

export const budgetsRoutes: readonly AdminRoute[] = [
  createBudget,
  updateBudget,
  budgetInfo,
  budgetSettings,
  listBudgets,
  deleteBudget,
  pageOfBudgets,
];

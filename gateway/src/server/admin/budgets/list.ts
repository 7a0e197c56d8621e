import { kinds } from '../../../access/records/kinds.ts';
import { adminRoute } from '../admin-route.ts';
import { iso } from '../answer-parts.ts';
import { budgetsPage } from './page.ts';
import { budgetsQuery, type BudgetsQuery } from './schemas.ts';
import { budgetShown } from './shown.ts';

const path = '/management/v1/budgets';

export const listBudgets = adminRoute({
  method: 'GET',
  paths: ['/budget/list'],
  action: 'budget.see',
  summary: 'Lists all shared budgets, at most 10,000.',
  handle: async (context) => (await context.store.find(kinds.budget)).map((budget) => budgetShown(budget, context)),
});

export const pageOfBudgets = adminRoute({
  method: 'GET',
  paths: [path],
  action: 'budget.see',
  query: budgetsQuery,
  summary: 'Lists shared budgets by pages, sorted and filtered.',
  handle: async (context) => {
    const { query, store } = context;
    const { rows, total } = await budgetsPage(store.database, query);
    const pages = Math.max(1, Math.ceil(total / query.page_size));
    return {
      data: rows.map((row) => {
        const {
          max_parallel_requests: _,
          model_max_budget: _models,
          created_by: _by,
          updated_by: _last,
          ...shown
        } = budgetShown(row, context);
        return shown;
      }),
      meta: { total_count: total, page: query.page, page_size: query.page_size, total_pages: pages },
      links: {
        self: linkTo(query, query.page),
        first: linkTo(query, 1),
        prev: query.page > 1 ? linkTo(query, query.page - 1) : null,
        next: query.page < pages ? linkTo(query, query.page + 1) : null,
        last: linkTo(query, pages),
      },
    };
  },
});

/** The same question for another page. */
const linkTo = ({ sort, page: _, ...rest }: BudgetsQuery, page: number): string => {
  const parameters = new URLSearchParams({ page: String(page) });
  if (sort) parameters.set('sort', sort.map(({ by, descending }) => (descending ? `-${by}` : by)).join(','));
  for (const [name, value] of Object.entries(rest)) {
    if (value === undefined) continue;
    const moment = name.startsWith('filter[created_at]') && typeof value === 'number';
    parameters.set(name, moment ? iso(value) : String(value));
  }
  return `${path}?${parameters}`;
};

import { z } from 'zod';
import { kinds } from '../../../access/records/kinds.ts';
import { sumsBy } from '../../../spend/reports/sums.ts';
import { usdOf } from '../../../spend/reports/counts.ts';
import { sql } from '../../../storage/sql/statement.ts';
import { adminRoute, type AdminContext } from '../admin-route.ts';
import { pageNumber, pageSize } from '../fields.ts';
import { subjectColumn } from '../keys/list.ts';
import { shownKeys } from '../keys/shown.ts';
import { visibleKeys } from '../keys/visible.ts';
import { shownUsers } from '../users/shown.ts';
import { dates, daysOf, wantedId } from './query-fields.ts';
import { seesAll } from '../teams/visible.ts';
import { sumReader } from './reading.ts';

/** What is enforced with (FP-66): who has a budget's period is shown by that, and sorted by all that was ever spent. */
const spentEver = (kind: 'key' | 'user') =>
  sql`coalesce((select max(nanodollars) from spend_totals where subject = ${kind === 'key' ? subjectColumn : sql`'user:' || users.id`}), 0)`;

export const keysSpend = adminRoute({
  method: 'GET',
  paths: ['/spend/keys'],
  action: 'spend.logs',
  about: () => [],
  query: z.strictObject({ page: pageNumber, page_size: pageSize(100, 100) }),
  summary: 'Lists keys by what they spent, the dearest first: those that the caller may see.',
  handle: async (context) => {
    const { page, page_size: size } = context.query;
    const where = await visibleKeys(context, { ofTeams: true, made: false });
    const { rows } = await context.store.page(kinds.key, { ...where, page, size, sortByValue: spentEver('key'), descending: true });
    return shownKeys(context, rows);
  },
});

export const usersSpend = adminRoute({
  method: 'GET',
  paths: ['/spend/users'],
  action: 'spend.user',
  about: ({ query: { user_id: userId } }) => (userId === undefined ? [] : [{ userId }]),
  query: z.strictObject({ user_id: wantedId, page: pageNumber, page_size: pageSize(100, 100) }),
  summary: 'Lists users by what they spent, the dearest first; who administers nothing sees themselves.',
  handle: async (context: AdminContext<unknown, { user_id?: string | undefined; page: number; page_size: number }>) => {
    const { user_id, page, page_size: size } = context.query;
    const id = user_id ?? (seesAll(context) ? undefined : (context.principal.userId ?? null));
    const { rows } = await context.store.page(kinds.user, { is: { id }, page, size, sortByValue: spentEver('user'), descending: true });
    return shownUsers(context, rows);
  },
});

export const tagsSpend = adminRoute({
  method: 'GET',
  paths: ['/spend/tags'],
  action: 'spend.global',
  query: z.strictObject(dates),
  summary: 'Shows what was spent under each tag, the dearest first; a call with several tags counts under each of them.',
  handle: async ({ store, query, now, services }) => {
    const tags = await sumsBy(sumReader({ store, services }), {
      lens: { kind: 'tag' },
      span: daysOf(query, now),
      by: ['entity'],
      top: 1000,
    });
    return tags.map(({ entity, requests, nanodollars }) => ({
      individual_request_tag: entity,
      log_count: requests,
      total_spend: usdOf(nanodollars),
    }));
  },
});

import { z } from 'zod';
import { dateOf, dayOf } from '../../../spend/reports/days.ts';
import { tagUsers, usersOfTags, type TagLens } from '../../../spend/reports/tag-users.ts';
import { usdOf } from '../../../spend/reports/counts.ts';
import { among } from '../../../spend/reports/lens.ts';
import { sql } from '../../../storage/sql/statement.ts';
import { adminRoute } from '../admin-route.ts';
import { pageNumber, pageSize } from '../fields.ts';
import { activityDays } from './activity-query.ts';
import { emptyIsAbsent, endMoment, startMoment, wantedText } from './query-fields.ts';
import { sumReader } from './reading.ts';

/*
 * Who used what under which tag. A user agent is a tag as LiteLLM sees it: `User-Agent: claude-cli` (its source, v1.96.0,
 * read 2026-11-22). Keys that belong to nobody are users of their own.
 */

const many = z
  .union([z.string(), z.array(z.string())])
  .transform((given) => (Array.isArray(given) ? given : [given]))
  .pipe(z.array(z.string().min(1).max(512)).max(100));

const filters = { tag_filter: wantedText, tag_filters: emptyIsAbsent(many) };
interface Filters {
  readonly tag_filter?: string | undefined;
  readonly tag_filters?: readonly string[] | undefined;
}

const lensOf = ({ tag_filter, tag_filters }: Filters): TagLens => {
  const names = tag_filters ?? (tag_filter === undefined ? undefined : [tag_filter]);
  return names === undefined ? {} : { names };
};

/** `Nov 22` */
const monthDay = (day: number): string =>
  new Date(day * 86_400_000).toLocaleDateString('en-US', { month: 'short', day: 'numeric', timeZone: 'UTC' });
const month = (day: number): string => new Date(day * 86_400_000).toLocaleDateString('en-US', { month: 'short', timeZone: 'UTC' });

interface Period {
  readonly first: number;
  readonly last: number;
  readonly label: string;
}

/** Seven periods, the last of which ends today; the earliest is the first. */
const periodsOf = (today: number, days: number, label: (first: number, number: number) => string): readonly Period[] =>
  Array.from({ length: 7 }, (_, at) => {
    const last = today - (6 - at) * days;
    const first = last - days + 1;
    return { first, last, label: label(first, at + 1) };
  });

const activeUsers = (path: string, days: number, summary: string, label: (first: number, number: number) => string) =>
  adminRoute({
    method: 'GET',
    paths: [path],
    action: 'spend.global',
    query: z.strictObject(filters),
    summary,
    handle: async (context) => {
      const results: object[] = [];
      for (const { first, last, label: date } of periodsOf(dayOf(context.now), days, label))
        for (const { tag, users } of await usersOfTags(sumReader(context), lensOf(context.query), { first, last }))
          results.push({ tag, active_users: users, date, period_start: dateOf(first), period_end: dateOf(last) });
      return { results };
    },
  });

export const dailyUsers = activeUsers(
  '/tag/dau',
  1,
  'Shows how many users each tag and user agent had on each of the last 7 days.',
  dateOf,
);
export const weeklyUsers = activeUsers(
  '/tag/wau',
  7,
  'Shows how many users each tag and user agent had in each of the last 7 weeks.',
  (first, number) => `Week ${number} (${monthDay(first)})`,
);
export const monthlyUsers = activeUsers(
  '/tag/mau',
  30,
  'Shows how many users each tag and user agent had in each of the last 7 times 30 days.',
  (first, number) => `Month ${number} (${month(first)})`,
);

export const tagSummary = adminRoute({
  method: 'GET',
  paths: ['/tag/summary'],
  action: 'spend.global',
  query: z.strictObject({ start_date: startMoment, end_date: endMoment, ...filters }),
  summary: 'Shows users, calls, tokens and spend of each tag and user agent.',
  handle: async (context) => {
    const tags = await usersOfTags(sumReader(context), lensOf(context.query), activityDays(context.query, context.now));
    return {
      results: tags.map(({ tag, users, counts }) => ({
        tag,
        unique_users: users,
        total_requests: counts.requests,
        successful_requests: counts.requests - counts.failed,
        failed_requests: counts.failed,
        total_tokens: counts.input_tokens + counts.output_tokens,
        total_spend: usdOf(counts.nanodollars),
      })),
    };
  },
});

export const perUserAnalytics = adminRoute({
  method: 'GET',
  paths: ['/tag/user-agent/per-user-analytics'],
  action: 'spend.global',
  query: z.strictObject({ ...filters, page: pageNumber, page_size: pageSize(50, 1000) }),
  summary: 'Shows calls, tokens and spend of the last 30 days by user and user agent, those with most calls first.',
  handle: async (context) => {
    const { page, page_size: size } = context.query;
    const today = dayOf(context.now);
    const { rows, total } = await tagUsers(sumReader(context), lensOf(context.query), { first: today - 29, last: today }, { page, size });
    const emails = new Map(
      rows.length === 0
        ? []
        : (
            await context.store.database.all<{ id: string; email: string | null }>(
              sql`select id, email from users where ${among(
                sql`id`,
                rows.map(({ user }) => user),
              )}`,
            )
          ).map(({ id, email }) => [id, email] as const),
    );
    return {
      results: rows.map(({ user, tag, ...counts }) => ({
        user_id: user,
        user_email: emails.get(user) ?? null,
        user_agent: tag,
        successful_requests: counts.requests - counts.failed,
        failed_requests: counts.failed,
        total_requests: counts.requests,
        total_tokens: counts.input_tokens + counts.output_tokens,
        spend: usdOf(counts.nanodollars),
      })),
      total_count: total,
      page,
      page_size: size,
      total_pages: Math.ceil(total / size),
    };
  },
});

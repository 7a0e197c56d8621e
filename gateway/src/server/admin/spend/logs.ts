import { SluiceError } from 'sluice/kit';
import { sumsBy } from '../../../spend/reports/sums.ts';
import { usdOf } from '../../../spend/reports/counts.ts';
import { dateOf, dayOf } from '../../../spend/reports/days.ts';
import { eventPage, eventsOfRequest, type PageAsked } from '../../../spend/reports/event-page.ts';

import { adminRoute, type AdminContext } from '../admin-route.ts';
import { contentShown, logShown } from './log-shown.ts';
import { eventFilterOf, legacyQuery, pageQuery, sessionQuery } from './logs-query.ts';
import { dates, daysOf, timeOf } from './query-fields.ts';
import { ownLens, visibleEvents } from './scope.ts';
import { z } from 'zod';
import { rowSource, sumReader } from './reading.ts';

const page = async ({ store, services }: Pick<AdminContext, 'store' | 'services'>, asked: PageAsked) => {
  const { rows, total, exact } = await eventPage(rowSource({ store, services }), asked);
  return {
    data: rows.map(logShown),
    total,
    /** False: there are more, which are not counted. */
    total_is_exact: exact,
    page: asked.page,
    page_size: asked.size,
    total_pages: Math.ceil(total / asked.size),
  };
};

export const pageLogs = adminRoute({
  method: 'GET',
  paths: ['/spend/logs/v2', '/spend/logs/ui'],
  action: 'spend.logs',
  about: () => [],
  query: pageQuery,
  summary: 'Shows calls with what they cost, the newest first, with filters, sorting and pages.',
  handle: (context) => {
    const { page: number, page_size: size, sort_by: sortBy, sort_order, ...query } = context.query;
    return page(context, { filter: eventFilterOf(context, query), sortBy, descending: sort_order === 'desc', page: number, size });
  },
});

export const sessionLogs = adminRoute({
  method: 'GET',
  paths: ['/spend/logs/session/ui'],
  action: 'spend.logs',
  about: () => [],
  query: sessionQuery,
  summary: 'Shows the calls of one session, the first one first.',
  handle: (context) => {
    const { session_id: sessionId, page: number, page_size: size, ...query } = context.query;
    const filter = { scope: visibleEvents(context), time: timeOf(query, context.now), sessionId };
    return page(context, { filter, sortBy: 'startTime', descending: false, page: number, size });
  },
});

export const oneLog = adminRoute({
  method: 'GET',
  paths: ['/spend/logs/ui/{request_id:path}'],
  action: 'spend.logs',
  about: () => [],
  // LiteLLM's pages send the day of the call: it finds its rows sooner.
  query: z.strictObject(dates),
  summary: 'Shows one call by its id: what it cost, what that is made of, and what was said in it, where that is kept.',
  handle: async (context) => {
    const requestId = context.params['request_id']!;
    const time = timeOf(context.query, context.now);
    const filter = { scope: visibleEvents(context), requestId, ...(time && { time }) };
    const [row] = await eventsOfRequest(rowSource(context), filter);
    if (!row)
      throw new SluiceError('not_found', `There is no call '${requestId.slice(0, 200)}' that you may see.`, { param: 'request_id' });
    const content = await context.services.contents?.of(row.id, row.at);
    return { ...logShown(row), ...(content && contentShown(content)) };
  },
});

/** As many as the old route gives at once; the newest. */
const maxLegacy = 1000;

export const legacyLogs = adminRoute({
  method: 'GET',
  paths: ['/spend/logs'],
  action: 'spend.logs',
  about: () => [],
  query: legacyQuery,
  summary: `Shows the newest ${maxLegacy} calls; with dates, sums of each day unless summarize=false. /spend/logs/v2 has pages.`,
  handle: async (context) => {
    const { start_date, end_date, api_key, user_id, request_id, summarize } = context.query;
    if (request_id !== undefined) {
      const filter = { scope: visibleEvents(context), requestId: request_id, keyId: api_key, userId: user_id };
      return (await eventsOfRequest(rowSource(context), filter)).map(logShown);
    }
    if (start_date !== undefined && end_date !== undefined && summarize)
      return summary(context, { start_date, end_date, api_key, user_id });
    const filter = { scope: visibleEvents(context), time: timeOf({ start_date, end_date }, context.now), keyId: api_key, userId: user_id };
    return (await page(context, { filter, sortBy: 'startTime', descending: true, page: 1, size: maxLegacy })).data;
  },
});

interface SummaryAsked {
  readonly start_date: number;
  readonly end_date: number;
  readonly api_key: string | undefined;
  readonly user_id: string | undefined;
}

/** So many of them stand in a summary: the dearest. */
const maxSummaryKeys = 10_000;

/** Of each day: spend, and spend by user, by model, and by key under the key's own hash (LiteLLM's source, read 2026-11-22). */
const summary = async (context: AdminContext<unknown, unknown>, { api_key, user_id, ...query }: SummaryAsked) => {
  const own = ownLens(context);
  // Another one's sums are not theirs to see.
  if (own.kind !== 'gateway' && user_id !== undefined && own.entities?.[0] !== user_id) return [];
  const lens = user_id === undefined ? own : { kind: 'user' as const, entities: [user_id] };
  const asked = { lens, span: daysOf(query, context.now), filter: { keyIds: api_key === undefined ? undefined : [api_key] } };
  const byModel = await sumsBy(sumReader(context), { ...asked, by: ['day', 'model'] });
  const users = lens.kind === 'gateway' ? { ...asked, lens: { kind: 'user' as const } } : asked;
  const byUser = lens.kind === 'key' ? [] : await sumsBy(sumReader(context), { ...users, by: ['day', 'entity'] });
  const byKey = await sumsBy(sumReader(context), { ...asked, by: ['day', 'key_id'], top: maxSummaryKeys });
  const days = new Map<number, DaySummary>();
  for (const { day, model, nanodollars } of byModel) {
    const entry = days.get(day) ?? { keys: byName(), spend: 0, users: byName(), models: byName() };
    days.set(day, entry);
    entry.spend += nanodollars;
    entry.models[model] = usdOf(nanodollars);
  }
  for (const { day, entity, nanodollars } of byUser) {
    const entry = days.get(day);
    if (entry) entry.users[entity] = usdOf(nanodollars);
  }
  for (const { day, key_id, nanodollars } of byKey) {
    const entry = days.get(day);
    if (entry && key_id !== '') entry.keys[key_id] = usdOf(nanodollars);
  }
  const shown = [...days]
    .toSorted(([a], [b]) => a - b)
    .map(([day, { keys, spend, users, models }]) => ({ ...keys, startTime: dateOf(day), spend: usdOf(spend), users, models }));
  return [...shown, ...emptyDays(Math.max(...days.keys()), Math.min(asked.span.last, dayOf(context.now)))];
};

interface DaySummary {
  readonly keys: Record<string, number>;
  spend: number;
  readonly users: Record<string, number>;
  readonly models: Record<string, number>;
}

/** The days after the last one that has calls, as LiteLLM has them. None where no day has. */
const emptyDays = (after: number, last: number) =>
  Array.from({ length: Number.isFinite(after) ? Math.max(0, last - after) : 0 }, (_, at) => ({
    startTime: dateOf(after + 1 + at),
    spend: 0,
    users: {},
    models: {},
  }));

/** Names are anybody's: one that is called `__proto__` is a name too. */
const byName = (): Record<string, number> => Object.create(null) as Record<string, number>;

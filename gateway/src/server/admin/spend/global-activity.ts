import { z } from 'zod';
import { timeOfDays, dateOf } from '../../../spend/reports/days.ts';
import { eventGroups } from '../../../spend/reports/event-groups.ts';

import { sumsBy } from '../../../spend/reports/sums.ts';
import { sql } from '../../../storage/sql/statement.ts';
import { adminRoute, type AdminContext } from '../admin-route.ts';
import { dates, daysOf, wantedText, type Dates } from './query-fields.ts';
import { ownLens } from './scope.ts';
import { callTypeOf } from './routes-shown.ts';
import { rowSource, sumReader } from './reading.ts';

interface DayOfCalls {
  readonly day: number;
  readonly requests: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
}

/** Days of calls and tokens, and their sums. */
const activityOf = (days: readonly DayOfCalls[]) => ({
  daily_data: days
    .toSorted((a, b) => a.day - b.day)
    .map(({ day, requests, input_tokens, output_tokens }) => ({
      date: dateOf(day),
      api_requests: requests,
      total_tokens: input_tokens + output_tokens,
    })),
  sum_api_requests: days.reduce((sum, { requests }) => sum + requests, 0),
  sum_total_tokens: days.reduce((sum, { input_tokens, output_tokens }) => sum + input_tokens + output_tokens, 0),
});

const activityQuery = z.strictObject(dates);

export const globalActivity = adminRoute({
  method: 'GET',
  paths: ['/global/activity'],
  action: 'spend.own',
  about: () => [],
  query: activityQuery,
  summary: 'Shows calls and tokens of each day, by default of the last 30.',
  handle: async (context) => {
    const { query, now } = context;
    return activityOf(await sumsBy(sumReader(context), { lens: ownLens(context), span: daysOf(query, now), by: ['day'] }));
  },
});

const maxModels = 100;

export const globalModelActivity = adminRoute({
  method: 'GET',
  paths: ['/global/activity/model'],
  action: 'spend.own',
  about: () => [],
  query: activityQuery,
  summary: `Shows calls and tokens of each day by model, of the ${maxModels} that were asked for most.`,
  handle: async (context) => {
    const { query, now } = context;
    const sums = await sumsBy(sumReader(context), { lens: ownLens(context), span: daysOf(query, now), by: ['day', 'model'] });
    const models = Map.groupBy(
      sums.filter(({ model }) => model !== ''),
      ({ model }) => model,
    );
    return [...models]
      .map(([model, days]) => ({ model, ...activityOf(days) }))
      .toSorted((a, b) => b.sum_api_requests - a.sum_api_requests)
      .slice(0, maxModels);
  },
});

export const globalCacheHits = adminRoute({
  method: 'GET',
  paths: ['/global/activity/cache_hits'],
  action: 'spend.global',
  query: activityQuery,
  summary: 'Shows by key, kind of call and model how many calls there were, and how many were answered from the cache.',
  handle: async ({ store, query, now, services }) => {
    const sums = await sumsBy(sumReader({ store, services }), {
      lens: { kind: 'gateway' },
      span: daysOf(query, now),
      by: ['key_id', 'route', 'model'],
      top: 1000,
    });
    return sums.map(({ key_id, route, model, requests, cache_hits, output_tokens }) => ({
      api_key: key_id,
      call_type: callTypeOf(route),
      model,
      total_rows: requests,
      cache_hit_true_rows: cache_hits,
      // Sums tell how many calls were answered from the cache, and not how long those answers were.
      cached_completion_tokens: null,
      generated_completion_tokens: output_tokens,
    }));
  },
});

const exceptionsQuery = z.strictObject({ ...dates, model_group: wantedText });

interface Exceptions {
  readonly day: number;
  readonly deployment: string;
  readonly count: number;
}

const rateLimited = async (
  { store, now, services }: Pick<AdminContext, 'store' | 'services' | 'now'>,
  query: Dates & { readonly model_group?: string | undefined },
): Promise<readonly Exceptions[]> =>
  eventGroups<Exceptions>(rowSource({ store, services }), {
    filter: { time: timeOfDays(daysOf(query, now)), modelGroup: query.model_group, errorCode: '429' },
    select: sql`coalesce(deployment_id, '') as deployment, count(*) as count`,
    by: [sql`coalesce(deployment_id, '')`],
  });

const exceptionsOf = (all: readonly Exceptions[]) => {
  const days = new Map<number, number>();
  for (const { day, count } of all) days.set(day, (days.get(day) ?? 0) + count);
  return {
    daily_data: [...days]
      .toSorted(([a], [b]) => a - b)
      .map(([day, num_rate_limit_exceptions]) => ({ date: dateOf(day), num_rate_limit_exceptions })),
    sum_num_rate_limit_exceptions: all.reduce((sum, { count }) => sum + count, 0),
  };
};

export const globalExceptions = adminRoute({
  method: 'GET',
  paths: ['/global/activity/exceptions'],
  action: 'spend.global',
  query: exceptionsQuery,
  summary: 'Shows how many calls ended with 429 on each day, of a model group or of all.',
  handle: async (context) => exceptionsOf(await rateLimited(context, context.query)),
});

export const globalDeploymentExceptions = adminRoute({
  method: 'GET',
  paths: ['/global/activity/exceptions/deployment'],
  action: 'spend.global',
  query: exceptionsQuery,
  summary: 'The same for each deployment. Calls that were refused before they reached one have none.',
  handle: async (context) =>
    [...Map.groupBy(await rateLimited(context, context.query), ({ deployment }) => deployment)]
      .filter(([deployment]) => deployment !== '')
      .map(([api_base, all]) => ({ api_base, ...exceptionsOf(all) })),
});

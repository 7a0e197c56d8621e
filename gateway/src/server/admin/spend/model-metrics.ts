import { z } from 'zod';
import { dateOf, dayOf, timeOfDays } from '../../../spend/reports/days.ts';
import type { EventFilter } from '../../../spend/reports/event-filter.ts';
import { eventGroups } from '../../../spend/reports/event-groups.ts';

import { sql } from '../../../storage/sql/statement.ts';
import { adminRoute } from '../admin-route.ts';
import { emptyIsAbsent, endMoment, startMoment, wantedId, wantedKey, wantedText } from './query-fields.ts';
import { rowSource } from './reading.ts';

/*
 * How quick deployments were, and how they failed. LiteLLM tells deployments apart by their addresses (`api_base`); here
 * it is their ids, since addresses may hold what is secret.
 */

const metricsQuery = z.strictObject({
  _selected_model_group: wantedText,
  startTime: emptyIsAbsent(startMoment),
  endTime: emptyIsAbsent(endMoment),
  api_key: wantedKey,
  customer: wantedId,
});

/** Calls are looked at one by one, so that it is a week where nothing else is asked for. */
const usualDays = 7;

const filterOf = (query: z.output<typeof metricsQuery>, now: number): EventFilter & { time: NonNullable<EventFilter['time']> } => ({
  time: {
    from: query.startTime ?? timeOfDays({ first: dayOf(now) - usualDays + 1, last: dayOf(now) }).from,
    before: query.endTime ?? timeOfDays({ first: dayOf(now), last: dayOf(now) }).before,
  },
  modelGroup: query._selected_model_group,
  keyId: query.api_key,
  customerId: query.customer,
});

const deployment = sql`coalesce(deployment_id, '')`;

interface Speed {
  readonly day: number;
  readonly deployment: string;
  readonly seconds: number | null;
}

/** A line of a chart for each day, with a member for each deployment. */
const chartOf = (all: readonly Speed[]) => {
  const known = all.filter((each): each is Speed & { seconds: number } => each.seconds !== null && each.deployment !== '');
  return {
    data: [...Map.groupBy(known, ({ day }) => day)]
      .toSorted(([a], [b]) => a - b)
      .map(([day, speeds]) => ({ ...Object.fromEntries(speeds.map((each) => [each.deployment, each.seconds])), date: dateOf(day) })),
    all_api_bases: [...new Set(known.map((each) => each.deployment))],
  };
};

export const modelMetrics = adminRoute({
  method: 'GET',
  paths: ['/model/metrics'],
  action: 'spend.global',
  query: metricsQuery,
  summary: 'Shows by day and deployment how many seconds an output token took, on average.',
  handle: async ({ query, store, now, services }) =>
    chartOf(
      await eventGroups<Speed>(rowSource({ store, services }), {
        filter: { ...filterOf(query, now), failed: false },
        select: sql`${deployment} as deployment, avg((ended_at - at) * 1.0 / output_tokens) / 1000 as seconds`,
        by: [deployment],
        where: sql`output_tokens > 0 and cache_hit = 0`,
      }),
    ),
});

export const streamingMetrics = adminRoute({
  method: 'GET',
  paths: ['/model/streaming_metrics'],
  action: 'spend.global',
  query: metricsQuery,
  summary: 'Shows by day and deployment after how many seconds streams had their first output, on average.',
  handle: async ({ query, store, now, services }) =>
    chartOf(
      await eventGroups<Speed>(rowSource({ store, services }), {
        filter: { ...filterOf(query, now), failed: false },
        select: sql`${deployment} as deployment, avg((first_output_at - at) * 1.0) / 1000 as seconds`,
        by: [deployment],
        where: sql`stream = 1 and first_output_at is not null and cache_hit = 0`,
      }),
    ),
});

/** LiteLLM's `alerting_threshold` where nothing else is said (reference: 300 s). */
const usualSlowSeconds = 300;

export const slowResponses = adminRoute({
  method: 'GET',
  paths: ['/model/metrics/slow_responses'],
  action: 'spend.global',
  query: z.strictObject({
    ...metricsQuery.shape,
    slow_seconds: emptyIsAbsent(z.coerce.number().min(0).max(86_400)),
  }),
  summary: `Shows by deployment how many calls there were, and how many took longer than slow_seconds (default ${usualSlowSeconds}).`,
  handle: async ({ query, store, now, services }) => {
    const slowMs = Math.round((query.slow_seconds ?? usualSlowSeconds) * 1000);
    const groups = await eventGroups<{ deployment: string; total: number; slow: number }>(rowSource({ store, services }), {
      filter: { ...filterOf(query, now), failed: false },
      select: sql`${deployment} as deployment, count(*) as total, sum(case when ended_at - at >= ${slowMs} then 1 else 0 end) as slow`,
      by: [deployment],
    });
    return [...Map.groupBy(groups, (each) => each.deployment)]
      .filter(([api_base]) => api_base !== '')
      .map(([api_base, days]) => ({
        api_base,
        total_count: days.reduce((sum, { total }) => sum + total, 0),
        slow_count: days.reduce((sum, { slow }) => sum + slow, 0),
      }))
      .toSorted((a, b) => b.slow_count - a.slow_count);
  },
});

export const modelExceptions = adminRoute({
  method: 'GET',
  paths: ['/model/metrics/exceptions'],
  action: 'spend.global',
  query: metricsQuery,
  summary: 'Shows by deployment how its calls failed, and how often.',
  handle: async ({ query, store, now, services }) => {
    const groups = await eventGroups<{ model: string; code: string; count: number }>(rowSource({ store, services }), {
      filter: { ...filterOf(query, now), failed: true },
      select: sql`coalesce(deployment_id, model, '') as model, coalesce(error_code, 'unknown') as code, count(*) as count`,
      by: [sql`coalesce(deployment_id, model, '')`, sql`coalesce(error_code, 'unknown')`],
    });
    const types = new Set(groups.map(({ code }) => code));
    const data = [...Map.groupBy(groups, ({ model }) => model)].map(([model, all]) => {
      const counts = new Map<string, number>();
      for (const { code, count } of all) counts.set(code, (counts.get(code) ?? 0) + count);
      return { ...Object.fromEntries(counts), model, sum_num_exceptions: all.reduce((sum, { count }) => sum + count, 0) };
    });
    return { data: data.toSorted((a, b) => b.sum_num_exceptions - a.sum_num_exceptions), exception_types: [...types] };
  },
});

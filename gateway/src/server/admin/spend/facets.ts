import { z } from 'zod';
import { dayMs } from '../../../spend/reports/days.ts';
import { facetOf } from '../../../spend/reports/facets.ts';

import { adminRoute } from '../admin-route.ts';
import { pageNumber, pageSize } from '../fields.ts';
import { endMoment, startMoment, wantedText } from './query-fields.ts';
import { visibleEvents } from './scope.ts';
import { rowSource } from './reading.ts';

/** LiteLLM's page of the log chooses among these (its OpenAPI, v1.96.0, read 2026-11-22: `end_users`); the others are like it. */
const facets = {
  end_users: 'customer_id',
  users: 'user_id',
  teams: 'team_id',
  keys: 'key_id',
  models: 'model',
  providers: 'provider',
  sessions: 'session_id',
  user_agents: 'user_agent',
} as const;

const facetQuery = z
  .strictObject({
    'filter[startTime][gte]': startMoment,
    'filter[startTime][lte]': endMoment,
    q: wantedText,
    page: pageNumber,
    page_size: pageSize(50, 100),
  })
  .refine((query) => query['filter[startTime][lte]'] - query['filter[startTime][gte]'] <= 31 * dayMs, {
    error: 'must be a window of at most 31 days',
    path: ['filter[startTime][gte]'],
  });

export const facetRoutes = Object.entries(facets).map(([name, column]) =>
  adminRoute({
    method: 'GET',
    paths: [`/management/v1/spend_logs/${name}`],
    action: 'spend.logs',
    about: () => [],
    query: facetQuery,
    summary: `Lists the different ${name.replace('_', ' ')} of calls in a window of time, those that the caller may see.`,
    handle: async (context) => {
      const { q, page, page_size: size } = context.query;
      const time = { from: context.query['filter[startTime][gte]'], before: context.query['filter[startTime][lte]'] };
      const values = await facetOf(rowSource(context), { column, filter: { scope: visibleEvents(context), time }, part: q, page, size });
      const has_more = values.length > size;
      const at = (number: number): string => {
        const url = new URL(context.url);
        url.searchParams.set('page', String(number));
        return `${url.pathname}${url.search}`;
      };
      return {
        data: values.slice(0, size),
        meta: { page, page_size: size, has_more },
        links: { self: at(page), prev: page > 1 ? at(page - 1) : null, next: has_more ? at(page + 1) : null },
      };
    },
  }),
);

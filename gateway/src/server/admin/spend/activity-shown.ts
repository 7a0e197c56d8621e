import { totalOf, type Counts } from '../../../spend/reports/counts.ts';
import { maxBroken, maxNestedKeys, type Activity, type DayActivity, type Part } from '../../../spend/reports/daily-activity.ts';
import { dateOf } from '../../../spend/reports/days.ts';
import type { KeyName } from './keys-shown.ts';
import { metricsShown, totalsShown } from './metrics.ts';
import { endpointOf } from './routes-shown.ts';

/** What is told beside the counts. */
export interface ActivityNames {
  readonly key: (id: string) => KeyName;
  /** What an entity is called: `{ alias: … }`. */
  readonly entity: (id: string) => object;
}

/** Days as LiteLLM's `SpendAnalyticsPaginatedResponse` has them (its OpenAPI, v1.96.0, read 2026-11-22). */
export const activityShown = ({ days, totalDays }: Activity, names: ActivityNames, { page, size }: { page: number; size: number }) => {
  const totalPages = Math.max(1, Math.ceil(totalDays / size));
  return {
    results: days.map((day) => dayShown(day, names)),
    metadata: {
      ...totalsShown(totalOf(days.map(({ counts }) => counts))),
      page,
      total_pages: totalPages,
      has_more: page < totalPages,
      /** The dearest alone stand in the breakdowns; the totals are of all. */
      max_keys_in_breakdown: maxBroken,
      max_keys_in_nested_breakdown: maxNestedKeys,
    },
  };
};

const dayShown = ({ day, counts, models, modelGroups, providers, routes, keys, entities }: DayActivity, names: ActivityNames) => ({
  date: dateOf(day),
  metrics: metricsShown(counts),
  breakdown: {
    mcp_servers: {},
    models: partsShown(models, names),
    model_groups: partsShown(modelGroups, names),
    providers: partsShown(providers, names),
    endpoints: partsShown(new Map([...routes].map(([route, part]) => [endpointOf(route), part])), names),
    api_keys: keysShown(keys, names),
    entities: partsShown(entities, names, names.entity),
  },
});

const partsShown = (parts: ReadonlyMap<string, Part>, names: ActivityNames, metadata: (name: string) => object = () => ({})) =>
  Object.fromEntries(
    [...parts].map(([name, { counts, keys }]) => [
      name,
      { metrics: metricsShown(counts), metadata: metadata(name), api_key_breakdown: keysShown(keys, names) },
    ]),
  );

const keysShown = (keys: ReadonlyMap<string, Counts>, { key }: ActivityNames) =>
  Object.fromEntries([...keys].map(([id, counts]) => [id, { metrics: metricsShown(counts), metadata: key(id) }]));

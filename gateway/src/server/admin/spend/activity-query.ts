import { z } from 'zod';
import { SluiceError } from 'sluice/kit';
import type { DaySpan } from '../../../spend/reports/days.ts';
import { pageNumber, pageSize } from '../fields.ts';
import { dates, daysOf, emptyIsAbsent, idList, wantedId, aKey, wantedText, type Dates } from './query-fields.ts';

/** One key, or several with commas between them. */
const keys = emptyIsAbsent(
  z
    .string()
    .max(100_000)
    .transform((text) => text.split(',').filter((each) => each !== ''))
    .pipe(z.array(aKey).max(1000, { error: 'must have at most 1000 entries' })),
);

const filters = { ...dates, model: wantedText, api_key: keys };
const shared = { ...filters, page: pageNumber };

/** Minutes from the caller's time to UTC, as JavaScript's `getTimezoneOffset` counts them: 480 is UTC-8. */
const timezone = emptyIsAbsent(
  z.preprocess((value) => (typeof value === 'string' && /^-?\d{1,4}$/.test(value) ? Number(value) : value), z.int().min(-1440).max(1440)),
);

export const userActivityQuery = z.strictObject({ ...shared, user_id: wantedId, page_size: pageSize(50, 1000), timezone });
export const aggregatedQuery = z.strictObject({ ...filters, user_id: wantedId, timezone });

/** Of entities under the name that a route has for them: `team_ids`, and `exclude_team_ids`. */
export const entityActivityQuery = <N extends EntitiesName>(name: N) =>
  z.strictObject({
    ...shared,
    page_size: pageSize(10, 1000),
    timezone,
    ...({ [name]: idList, [`exclude_${name}`]: idList } as Record<N | `exclude_${N}`, typeof idList>),
  });

export type EntitiesName = 'team_ids' | 'organization_ids' | 'end_user_ids' | 'agent_ids' | 'project_ids' | 'tags' | 'user_agents';

/** What every report of activity has. */
export interface ActivityQuery extends Dates {
  readonly model?: string | undefined;
  readonly api_key?: string[] | undefined;
  readonly page: number;
  readonly page_size: number;
  readonly timezone?: number | undefined;
}

/** A year of days, and a leap one. More are asked for one after another. */
const maxDays = 366;

/**
 * The days of a report. Sums are of days in UTC: with a zone, they are all those that the days there touch.
 * @throws SluiceError `invalid_request` for more than a year
 */
export const activityDays = (query: Dates & { readonly timezone?: number | undefined }, now: number): DaySpan => {
  const { first, last } = daysOf(query, now);
  if (last - first >= maxDays)
    throw new SluiceError('invalid_request', `A report is of at most ${maxDays} days: name a later start_date, or an earlier end_date.`, {
      param: 'start_date',
    });
  const zone = query.timezone ?? 0;
  return { first: zone < 0 ? first - 1 : first, last: zone > 0 ? last + 1 : last };
};

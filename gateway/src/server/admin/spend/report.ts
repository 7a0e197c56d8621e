import { SluiceError } from 'sluice/kit';
import { z } from 'zod';
import { noCounts, plus, usdOf, type Counts } from '../../../spend/reports/counts.ts';
import { dateOf, timeOfDays } from '../../../spend/reports/days.ts';
import { countsOfEvents, eventGroups } from '../../../spend/reports/event-groups.ts';

import { gatewayLens, type EntityKind, type Lens } from '../../../spend/reports/lens.ts';
import { sumsBy } from '../../../spend/reports/sums.ts';
import { teamlessKeys } from '../../../spend/reports/team-sums.ts';
import { sql, type Statement } from '../../../storage/sql/statement.ts';
import { adminRoute, type AdminContext } from '../admin-route.ts';
import { activityDays } from './activity-query.ts';
import { dates, emptyIsAbsent, wantedId, wantedKey } from './query-fields.ts';
import { visibleEvents } from './scope.ts';
import { rowSource, sumReader } from './reading.ts';

interface Grouping {
  /** Of the sums; absent: a part of the gateway's. */
  readonly kind?: EntityKind;
  /** Of the rows. Absent: they have lists of it, so that it is only known of sums. */
  readonly column?: Statement;
}

/** LiteLLM has the first three. */
const groupings = {
  // Calls of no team, and of no key, are a group as well, with the name '': a report comes to all that was spent.
  team: { kind: 'team', column: sql`coalesce(team_id, '')` },
  customer: { kind: 'customer', column: sql`customer_id` },
  api_key: { column: sql`coalesce(key_id, '')` },
  user: { kind: 'user', column: sql`user_id` },
  organization: { kind: 'organization', column: sql`organization_id` },
  project: { kind: 'project', column: sql`project_id` },
  agent: { kind: 'agent', column: sql`agent_id` },
  tag: { kind: 'tag' },
  user_agent: { kind: 'user_agent', column: sql`user_agent` },
  model: { column: sql`model` },
  provider: { column: sql`provider` },
} as const satisfies Record<string, Grouping>;
type GroupBy = keyof typeof groupings;

const reportQuery = z.strictObject({
  ...dates,
  group_by: emptyIsAbsent(z.enum(Object.keys(groupings) as [GroupBy, ...GroupBy[]])),
  api_key: wantedKey,
  internal_user_id: wantedId,
  team_id: wantedId,
  customer_id: wantedId,
  organization_id: wantedId,
});
type ReportQuery = z.output<typeof reportQuery>;

/** LiteLLM's, where nothing is said: of a key and of a user by key, else by team (its source, read 2026-11-22). */
const groupingOf = ({ group_by: said, api_key: key, internal_user_id: user }: ReportQuery): GroupBy =>
  said ?? (key !== undefined || user !== undefined ? 'api_key' : 'team');

/** What one key spent on one model on one day, in one group. */
interface Line extends Counts {
  readonly day: number;
  readonly group: string;
  readonly model: string;
  readonly key_id: string;
}

export const spendReport = adminRoute({
  method: 'GET',
  paths: ['/global/spend/report'],
  action: 'spend.own',
  about: () => [],
  query: reportQuery,
  summary:
    'Shows what was spent day by day by team, customer, key, user, organisation, project, agent, tag, user agent, model or provider.',
  handle: async (context) => {
    const lines = await linesOf(context);
    return groupingOf(context.query) === 'api_key' ? byKey(lines) : byDay(lines, context);
  },
});

type Context = AdminContext<undefined, ReportQuery>;

const linesOf = async (context: Context): Promise<readonly Line[]> => {
  const { query, now } = context;
  const span = activityDays(query, now);
  const groupBy = groupingOf(query);
  const grouping: Grouping = groupings[groupBy];
  const scope = visibleEvents(context);
  const { api_key: keyId, internal_user_id: userId, team_id: teamId, customer_id: customerId, organization_id: organizationId } = query;
  const lens = scope ? undefined : lensOf(grouping, { user: userId, team: teamId, customer: customerId, organization: organizationId });
  if (lens) {
    const reader = sumReader(context);
    const asked = { span, filter: { keyIds: keyId === undefined ? undefined : [keyId] } };
    if (grouping.kind) {
      const sums = await sumsBy(reader, { ...asked, lens, by: ['day', 'entity', 'key_id', 'model'] });
      const lines = sums.map(({ entity: group, ...sum }) => ({ ...sum, group }));
      if (groupBy !== 'team' || teamId !== undefined) return lines;
      const rest = await teamlessKeys(reader, asked, lines);
      return [...lines, ...rest.map((sum) => ({ ...sum, group: '' }))];
    }
    const by = groupBy === 'provider' ? (['day', 'provider', 'key_id', 'model'] as const) : (['day', 'key_id', 'model'] as const);
    const sums = await sumsBy(reader, { ...asked, lens, by });
    return sums.map((sum) => ({ ...sum, group: groupOf(groupBy, sum) }));
  }
  // Two things at once, or what several relations let the caller see, no sum tells apart.
  if (!grouping.column)
    throw new SluiceError(
      'invalid_request',
      'By tag, the report is of the whole gateway: it takes no other filter than api_key, and is for administrators.',
      {
        param: 'group_by',
      },
    );
  const filter = { scope, time: timeOfDays(span), keyId, userId, teamId, customerId, organizationId };
  const groups = await eventGroups<Omit<Line, 'day'>>(rowSource(context), {
    filter,
    select: sql`${grouping.column} as ${sql.name('group')}, coalesce(key_id, '') as key_id, coalesce(model, '') as model, ${countsOfEvents}`,
    by: [grouping.column, sql`coalesce(key_id, '')`, sql`coalesce(model, '')`],
    where: sql`${grouping.column} is not null`,
  });
  return groups;
};

/** The sums that know it: of one thing that is named, or of everything. Undefined: no sum does. */
const lensOf = ({ kind }: Grouping, named: Partial<Record<EntityKind, string | undefined>>): Lens | undefined => {
  const [one, ...more] = Object.entries(named).filter((each): each is [EntityKind, string] => each[1] !== undefined);
  if (!one) return kind ? { kind } : gatewayLens;
  const [namedKind, id] = one;
  return more.length === 0 && (kind ?? namedKind) === namedKind ? { kind: namedKind, entities: [id] } : undefined;
};

const groupOf = (by: GroupBy, sum: { readonly key_id: string; readonly model: string; readonly provider?: string }): string => {
  if (by === 'provider') return sum.provider ?? '';
  return by === 'model' ? sum.model : sum.key_id;
};

const addTo = <K>(sums: Map<K, Counts>, key: K, counts: Counts): void => void sums.set(key, plus(sums.get(key) ?? noCounts, counts));

const byKey = (lines: readonly Line[]) => {
  const keys = new Map<string, Map<string, Counts>>();
  for (const line of lines) {
    const models = keys.get(line.key_id) ?? new Map<string, Counts>();
    keys.set(line.key_id, models);
    addTo(models, line.model, line);
  }
  const shown = (counts: Counts) => ({
    total_cost: usdOf(counts.nanodollars),
    total_input_tokens: counts.input_tokens,
    total_output_tokens: counts.output_tokens,
  });
  return [...keys]
    .map(([api_key, models]) => ({
      api_key,
      ...shown([...models.values()].reduce(plus, noCounts)),
      model_details: [...models].map(([model, counts]) => ({ model, ...shown(counts) })),
    }))
    .toSorted((a, b) => b.total_cost - a.total_cost || (a.api_key < b.api_key ? -1 : 1));
};

/** What the lists and their members are called: LiteLLM's for teams and customers, and like them for the others. */
const byDay = async (lines: readonly Line[], { services, query }: Context) => {
  const groupBy = groupingOf(query);
  // What LiteLLM answers where a team and a customer are named at once.
  const customer =
    query.group_by === undefined && query.team_id !== undefined && query.customer_id !== undefined ? query.customer_id : undefined;
  const days = new Map<number, Map<string, Line[]>>();
  for (const line of lines) {
    if (line.group === '' && groupBy !== 'team') continue;
    const groups = days.get(line.day) ?? new Map<string, Line[]>();
    days.set(line.day, groups);
    const group = groups.get(line.group) ?? [];
    groups.set(line.group, group);
    group.push(line);
  }
  const nameOf = async (id: string) => {
    if (groupBy !== 'team') return { [groupBy]: id };
    if (id === '') return { team_name: 'Unassigned Team', team_id: null };
    const team_name = (await services.directory.team(id))?.data.team_alias ?? id;
    return { team_name, team_id: id, ...(customer !== undefined && { customer }) };
  };
  const names = new Map<string, object>();
  for (const groups of days.values()) for (const id of groups.keys()) if (!names.has(id)) names.set(id, await nameOf(id));
  return [...days]
    .toSorted(([a], [b]) => a - b)
    .map(([day, groups]) => ({
      group_by_day: dateOf(day),
      [customer === undefined ? `${groupBy}s` : 'teams_customers']: [...groups].map(([id, group]) => ({
        ...names.get(id),
        total_spend: usdOf(group.reduce((sum, { nanodollars }) => sum + nanodollars, 0)),
        metadata: group.map(({ model, key_id, nanodollars, input_tokens, output_tokens, requests }) => ({
          model,
          spend: usdOf(nanodollars),
          total_tokens: input_tokens + output_tokens,
          requests,
          api_key: key_id,
        })),
      })),
    }));
};

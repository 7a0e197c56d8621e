import { z } from 'zod';
import { usdOf } from '../../../spend/reports/counts.ts';
import { dateOf } from '../../../spend/reports/days.ts';
import { sumsBy } from '../../../spend/reports/sums.ts';
import { teamlessSums } from '../../../spend/reports/team-sums.ts';
import { adminRoute } from '../admin-route.ts';
import { dates, daysOf } from './query-fields.ts';
import { sumReader } from './reading.ts';

/** More teams than this are no chart. */
const maxTeams = 100;

/** What LiteLLM calls the calls of no team (its source, read 2026-11-22). */
const unassigned = 'Unassigned';

export const globalTeams = adminRoute({
  method: 'GET',
  paths: ['/global/spend/teams'],
  action: 'spend.global',
  query: z.strictObject(dates),
  summary: `Shows what the ${maxTeams} dearest teams spent on each day, and what was spent without a team.`,
  handle: async ({ query, store, services, now }) => {
    const reader = sumReader({ store, services });
    const span = daysOf(query, now);
    const top = await sumsBy(reader, { lens: { kind: 'team' }, span, by: ['entity'], top: maxTeams });
    const teams = top.map(({ entity }) => entity);
    const names = new Map(
      await Promise.all(teams.map(async (id) => [id, (await services.directory.team(id))?.data.team_alias ?? id] as const)),
    );
    const byDay = ['day'] as const;
    const teamless = await teamlessSums(reader, { span, by: byDay }, await sumsBy(reader, { lens: { kind: 'team' }, span, by: byDay }));
    const days = new Map<number, Map<string, number>>();
    const add = (day: number, name: string, nanodollars: number): void => {
      const entry = days.get(day) ?? new Map<string, number>();
      days.set(day, entry);
      entry.set(name, (entry.get(name) ?? 0) + nanodollars);
    };
    for (const { day, entity, nanodollars } of await sumsBy(reader, {
      lens: { kind: 'team', entities: teams },
      span,
      by: ['day', 'entity'],
    }))
      add(day, names.get(entity)!, nanodollars);
    for (const { day, nanodollars } of teamless) add(day, unassigned, nanodollars);
    const without = teamless.reduce((sum, { nanodollars }) => sum + nanodollars, 0);
    return {
      daily_spend: [...days]
        .toSorted(([a], [b]) => a - b)
        .map(([day, spent]) => ({ ...Object.fromEntries([...spent].map(([name, nano]) => [name, usdOf(nano)])), date: dateOf(day) })),
      teams: [...new Set([...names.values(), ...(teamless.length > 0 ? [unassigned] : [])])],
      total_spend_per_team: [
        ...top.map(({ entity, nanodollars }) => ({ team_id: entity, team_alias: names.get(entity)!, total_spend: usdOf(nanodollars) })),
        ...(teamless.length > 0 ? [{ team_id: unassigned, team_alias: unassigned, total_spend: usdOf(without) }] : []),
      ].toSorted((a, b) => b.total_spend - a.total_spend),
    };
  },
});

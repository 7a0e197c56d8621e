import { dayPieces, logPieces, type ExportFormat } from '../server/admin/spend/export-pieces.ts';
import { dayMs, dayOf, daysOfTime } from '../spend/reports/days.ts';
import { eventSource } from '../spend/reports/event-source.ts';
import { entityKinds, type EntityKind } from '../spend/reports/lens.ts';
import { Refusal, type Io } from './io.ts';
import { withDatabase } from './with-database.ts';

export interface SpendExportFlags {
  databaseUrl?: string;
  format?: string;
  /** Days, both included. Default: all there are. */
  from?: string;
  to?: string;
  /** Sums of days by this instead of calls. */
  days?: string;
  team?: string;
  user?: string;
}

const formats: readonly string[] = ['csv', 'jsonl'] satisfies ExportFormat[];

const dayGiven = (text: string | undefined, flag: string): number | undefined => {
  if (text === undefined) return undefined;
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : NaN;
  if (!(at >= 0) || !new Date(at).toISOString().startsWith(text))
    throw new Refusal(`${flag} is a day such as 2026-11-22, not '${text}'.`, 2);
  return at;
};

/** `sluice spend export`: calls, or sums of days, as CSV or JSON Lines; a thousand calls are in memory at a time. */
export const spendExport = async (flags: SpendExportFlags, io: Io): Promise<number> => {
  const { format = 'jsonl', days: by, team: teamId, user: userId } = flags;
  if (!formats.includes(format)) throw new Refusal(`--format is csv or jsonl, not '${format}'.`, 2);
  if (by !== undefined && !(entityKinds as readonly string[]).includes(by))
    throw new Refusal(`--days is one of ${entityKinds.join(', ')}, not '${by}'.`, 2);
  if (by !== undefined && (teamId !== undefined || userId !== undefined))
    throw new Refusal('--team and --user are for calls: sums of days are of all (--days team, --days user).', 2);
  const from = dayGiven(flags.from, '--from') ?? 0;
  const to = dayGiven(flags.to, '--to');
  const time = { from, before: (to ?? dayOf(Date.now()) * dayMs) + dayMs };
  return withDatabase({ url: flags.databaseUrl, migrated: true }, io, async ({ database }) => {
    const source = eventSource(database);
    const pieces =
      by === undefined
        ? logPieces(source, { time, teamId, userId }, format as ExportFormat)
        : dayPieces(database, { format: format as ExportFormat, by: by as EntityKind, span: await daysWithSums(source, time) });
    for await (const piece of pieces) io.out(piece);
    return 0;
  });
};

/** Not one statement for every day since 1970. */
const daysWithSums = async (source: ReturnType<typeof eventSource>, time: { from: number; before: number }) => {
  const { first, last } = daysOfTime(time);
  return { first: Math.max(first, (await source.firstDayOfSums()) ?? last), last };
};

import { createLedger, type Ledger } from '../spend/ledger/index.ts';
import { durationMs } from '../config/durations.ts';
import { Refusal, type Io } from './io.ts';
import { withDatabase } from './with-database.ts';

export interface SpendFlags {
  databaseUrl?: string;
  json?: boolean;
}

export interface SpendVerifyFlags extends SpendFlags {
  /** False: `--no-prices`. */
  prices?: boolean;
}

export interface SpendRetainFlags extends SpendFlags {
  rows?: string;
  hours?: string;
}

const dayMs = 86_400_000;

const withLedger = (flags: SpendFlags, io: Io, work: (ledger: Ledger, where: string) => Promise<number>): Promise<number> =>
  withDatabase({ url: flags.databaseUrl, migrated: true }, io, async ({ database, where }) => {
    // There is nothing else that would wait for it.
    const ledger = createLedger({ database, now: Date.now, threads: false });
    try {
      return await work(ledger, where);
    } finally {
      await ledger.close();
    }
  });

/** `sluice spend verify`: exit code 1 where sums, counters or costs are not what the rows say. */
export const spendVerify = (flags: SpendVerifyFlags, io: Io): Promise<number> =>
  withLedger(flags, io, async (ledger, where) => {
    const report = await ledger.verify({ prices: flags.prices !== false });
    const { whole, rows, priced, days, withoutRows, differences } = report;
    if (flags.json) {
      io.out(`${JSON.stringify({ database: where, ...report, days: days.map(dateOf), withoutRows: withoutRows.map(dateOf) }, null, 2)}\n`);
      return whole ? 0 : 1;
    }
    io.out(
      whole
        ? `The spend of ${where} is right: ${rows} rows of ${days.length} days, their sums and the counters agree${
            flags.prices === false ? '' : `, and so do counts x prices of ${priced} of them`
          }.\n`
        : `The spend of ${where} is not right.\n`,
    );
    for (const { what, of, is, expected } of differences) io.out(`${what}: ${of}\n  is       ${is}\n  expected ${expected}\n`);
    if (withoutRows.length > 0)
      io.out(`Of ${withoutRows.map(dateOf).join(', ')} not all rows are kept: their sums were compared among themselves.\n`);
    if (!whole) io.out('`sluice spend rebuild` makes sums and counters anew from the rows.\n');
    return whole ? 0 : 1;
  });

/** `sluice spend rebuild` */
export const spendRebuild = (flags: SpendFlags, io: Io): Promise<number> =>
  withLedger(flags, io, async (ledger, where) => {
    const { days, withoutRows, counters } = await ledger.rebuild();
    if (flags.json)
      io.out(`${JSON.stringify({ database: where, days: days.map(dateOf), withoutRows: withoutRows.map(dateOf), counters }, null, 2)}\n`);
    else
      io.out(
        `Made anew in ${where}: the sums of ${days.length} days, and ${counters} counters.${
          withoutRows.length === 0 ? '' : ` Not all rows are kept of ${withoutRows.map(dateOf).join(', ')}: their sums are as they were.`
        }\n`,
      );
    return 0;
  });

/** `sluice spend retain --rows 30d --hours 90d` @throws Refusal where it is not said how much is kept */
export const spendRetain = async (flags: SpendRetainFlags, io: Io): Promise<number> => {
  const [rowsDays, hoursDays] = [daysOf(flags.rows, '--rows'), daysOf(flags.hours, '--hours')];
  if (rowsDays === undefined && hoursDays === undefined)
    throw new Refusal('What is kept? Say it with --rows 30d, --hours 90d, or both.', 2);
  return withLedger(flags, io, async (ledger, where) => {
    const { days, hours, counters } = await ledger.retain({ rowsDays, hoursDays });
    if (flags.json) io.out(`${JSON.stringify({ database: where, days: days.map(dateOf), hours, counters }, null, 2)}\n`);
    else
      io.out(
        `Dropped from ${where}: the rows of ${days.length} days, ${hours} sums of hours, ${counters} counters of periods that are long over.\n`,
      );
    return 0;
  });
};

const daysOf = (text: string | undefined, flag: string): number | undefined => {
  if (text === undefined) return undefined;
  const milliseconds = durationMs(text);
  if (milliseconds === undefined) throw new Refusal(`${flag} is a duration such as 30d, not ${text}.`, 2);
  return Math.ceil(milliseconds / dayMs);
};

const dateOf = (day: number): string => new Date(day * dayMs).toISOString().slice(0, 10);

import { createLedger } from '../../gateway/src/spend/ledger/index.ts';
import { dayMs, dayOf } from '../../gateway/src/spend/ledger/day.ts';
import { eventDays } from '../../gateway/src/spend/ledger/event-days.ts';
import { eventPage } from '../../gateway/src/spend/reports/event-page.ts';
import { eventSource } from '../../gateway/src/spend/reports/event-source.ts';
import { sumsBy } from '../../gateway/src/spend/reports/sums.ts';
import { migrate, openDatabase, sql, type Database } from '../../gateway/src/storage/sql/index.ts';
import { Timings, type Timing } from './timings.ts';

/** What a month of a busy gateway looks like: 1,000 keys of 50 users in 20 teams, 5 models, one call in 20 fails. */
export interface ManyRowsOptions {
  readonly url: string;
  readonly rows: number;
  readonly days: number;
  /** Also whether all of it is right, which takes as long as all the rest. */
  readonly verify: boolean;
}

const keys = 1000;
const [users, teams, models] = [50, 20, 5];

/** Fills a database that is empty, and times what people ask of it. */
export const manyRows = async ({ url, rows, days, verify }: ManyRowsOptions): Promise<readonly Timing[]> => {
  const database = await openDatabase({ url, statementTimeoutMs: 1_800_000 });
  await migrate(database);
  const timings = new Timings(`${database.kind}, ${rows.toLocaleString('en')} rows of ${days} days`);
  const last = dayOf(Date.now()) - 1;
  const first = last - days + 1;
  const now = (last + 1) * dayMs;
  try {
    const perDay = Math.ceil(rows / days);
    await timings.once('generate rows', () => fill(database, first, days, perDay));
    const ledger = createLedger({ database, now: () => now });
    await timings.once('rebuild sums and counters', () => ledger.rebuild());
    if (database.kind === 'postgres') await timings.once('analyze', () => database.run(sql`analyze`));
    const source = eventSource(database, ledger);
    const span = { first, last };
    const report = (name: string, ask: () => Promise<readonly unknown[]>) => timings.several(name, 300, () => full(ask(), days));
    await report('daily report of a team', () => sumsBy(ledger, { lens: { kind: 'team', entities: ['t7'] }, span, by: ['day'] }));
    await report('daily report of a team by model and key', () =>
      sumsBy(ledger, { lens: { kind: 'team', entities: ['t7'] }, span, by: ['day', 'model', 'key_id'] }),
    );
    await report('daily report of the gateway', () => sumsBy(ledger, { lens: { kind: 'gateway' }, span, by: ['day'] }));
    await report('daily report of the gateway by model', () => sumsBy(ledger, { lens: { kind: 'gateway' }, span, by: ['day', 'model'] }));
    await report('dearest keys of the month', () => sumsBy(ledger, { lens: { kind: 'key' }, span, by: ['entity'], top: 50 }));
    const page = (name: string, filter: object, number = 1) =>
      timings.several(name, 200, async () =>
        full(
          eventPage(source, { filter, sortBy: 'startTime', descending: true, page: number, size: 50 }).then((found) => found.rows),
          50,
        ),
      );
    await page('newest 50 calls of a key', { keyId: keyOf(42) });
    await page('page 3 of all calls', {}, 3);
    await page('newest 50 failed calls of a team', { teamId: 't7', failed: true });
    await timings.once('drop the oldest day', () => ledger.retain({ rowsDays: days - 1 }), 1000);
    const verified = async () => {
      const { whole, differences } = await ledger.verify({ prices: false });
      if (!whole) throw new Error(`The ledger is not whole: ${JSON.stringify(differences.slice(0, 3))}`);
    };
    if (verify) await timings.once('verify, without prices', verified);
    await ledger.close();
    return timings.all;
  } finally {
    await database.close();
  }
};

/** A report of nothing is quick. */
const full = async (asked: Promise<readonly unknown[]>, atLeast: number): Promise<void> => {
  const { length } = await asked;
  if (length < atLeast) throw new Error(`${length} rows were found where at least ${atLeast} must be.`);
};

const keyOf = (number: number): string => number.toString(16).padStart(64, '0');

const details =
  '{"keyAlias":"a key","usage":{"inputTokens":900,"cacheReadTokens":100,"outputTokens":500},"counts":[900,100,500],"charges":{"0":["gateway","~k","~t","~u"]}}';

const fill = async (database: Database, first: number, days: number, perDay: number): Promise<void> => {
  const parts = eventDays(database);
  const sqlite = database.kind === 'sqlite';
  for (let day = first; day < first + days; day++) {
    await parts.prepare([day]);
    const numbers = sqlite
      ? sql`with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < ${perDay})`
      : sql`with numbers(n) as (select generate_series(1, ${perDay}))`;
    const key = sqlite ? sql`printf('%064x', (n * 7919) % ${keys})` : sql`lpad(to_hex((n * 7919) % ${keys}), 64, '0')`;
    const random = sqlite ? sql`lower(hex(randomblob(16)))` : sql`cast(gen_random_uuid() as text)`;
    const at = sql`${day * dayMs} + n * ${dayMs - 1000} / ${perDay}`;
    await database.transaction(
      async (tx) => {
        await parts.prepareInside(tx, [day]);
        if (!sqlite) await tx.run(sql`set local statement_timeout = 0`);
        await tx.run(sql`insert into ${parts.tableOf(day)} (day, id, call_id, at, ended_at, first_output_at, route, status, error_code,
            model, upstream_model, deployment_id, provider, stream, cache_hit, key_id, user_id, team_id, tags, user_agent, input_tokens,
            output_tokens, cache_read_tokens, cache_write_tokens, nanodollars, cost_known, details)
          ${numbers} select ${day}, ${random}, ${random}, ${at}, ${at} + 700, ${at} + 200, 'chat', case when (n / 31) % 20 = 0 then 500 else 200 end,
            case when (n / 31) % 20 = 0 then 'upstream_error' end, 'model-' || (((n * 7919) % ${keys} + n % 3) % ${models}), 'upstream', 'd1', 'openai', n % 2, 0,
            ${key}, 'u' || (((n * 7919) % ${keys}) % ${users}), 't' || (((n * 7919) % ${keys}) % ${teams}), null, 'OpenAI/Python 2.0', 1000, 500, 100, 0,
            1000000 + n % 1000, 1, ${details} from numbers`);
      },
      { timeoutMs: null },
    );
  }
};

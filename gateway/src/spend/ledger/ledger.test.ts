import { expect, test } from 'bun:test';
import { describeDatabases } from '../../../../test/kit/describe-databases.ts';
import { sql, type Database } from '../../storage/sql/index.ts';
import type { SpendEvent } from '../event.ts';
import { createLedger } from './create-ledger.ts';
import { dayMs, dayOf } from './day.ts';
import type { RowDetails } from './details.ts';
import type { Ledger } from './ledger.ts';
import { eventOf, testedAt } from './testing.ts';

const today = dayOf(testedAt);

describeDatabases('the ledger', (open) => {
  const start = async (more: { keepRows?: () => boolean; database?: Database } = {}) => {
    const database = more.database ?? (await open());
    const ledger = createLedger({ database, now: () => testedAt + 1000, ...(more.keepRows && { keepRows: more.keepRows }) });
    return { database, ledger };
  };
  const counter = async (database: Database, subject: string, periodStart = 0): Promise<number | undefined> =>
    (
      await database.one<{ nanodollars: number }>(
        sql`select nanodollars from spend_totals where subject = ${subject} and period_start = ${periodStart}`,
      )
    )?.nanodollars;
  const rowsOf = (ledger: Ledger, days: readonly number[] = [today]) =>
    ledger.all<Record<string, unknown> & { details: string }>(sql`select * from (${ledger.eventsOf(days)}) as events order by id`);
  const whole = async (ledger: Ledger) => {
    const { differences, whole: is } = await ledger.verify();
    expect(differences).toEqual([]);
    expect(is).toBe(true);
  };

  test('has a row, sums and counters of a call', async () => {
    const { database, ledger } = await start();
    const event = eventOf({ id: 'one', callId: 'call' });
    expect(await ledger.write([event])).toEqual({ written: 1, known: 0, refused: [] });
    const [row] = await rowsOf(ledger);
    expect(row).toMatchObject({
      day: today,
      id: 'one',
      call_id: 'call',
      at: testedAt,
      ended_at: testedAt + 700,
      first_output_at: testedAt + 200,
      route: 'chat',
      status: 200,
      error_code: null,
      model: 'gpt',
      upstream_model: 'gpt-4o',
      stream: 1,
      cache_hit: 0,
      key_id: 'ab12',
      tags: '["night","batch"]',
      input_tokens: 1000,
      output_tokens: 500,
      cache_read_tokens: 100,
      cache_write_tokens: 0,
      nanodollars: 12_500_000,
      cost_known: 1,
    });
    expect(row!.details.length).toBeLessThan(400);
    const details = JSON.parse(row!.details) as RowDetails;
    expect(details).toMatchObject({
      keyAlias: 'ada',
      counts: [900, 100, 500],
      charges: { 0: ['gateway', '~k', '~k/model:gpt', '~t', '~u', 'team_member:t1/u1', 'tag:night', 'tag:batch'] },
    });
    const hours = await ledger.all<{ kind: string; entity: string }>(sql`select kind, entity from spend_hours order by kind, entity`);
    expect(hours.map(({ kind, entity }) => `${kind} ${entity}`)).toEqual([
      'gateway ',
      'key ab12',
      'tag batch',
      'tag night',
      'team t1',
      'user u1',
      'user_agent OpenAI/Python 2.0',
    ]);
    expect(await ledger.all<unknown>(sql`select * from spend_days where kind = 'team'`)).toEqual([
      {
        kind: 'team',
        entity: 't1',
        day: today,
        requests: 1,
        failed: 0,
        input_tokens: 1000,
        output_tokens: 500,
        cache_read_tokens: 100,
        cache_write_tokens: 0,
        cache_hits: 0,
        nanodollars: 12_500_000,
      },
    ]);
    for (const [subject, periodStart] of event.charges) expect(await counter(database, subject, periodStart)).toBe(12_500_000);
    await whole(ledger);
    await ledger.close();
  });

  test('FP-47: what comes again is counted once: in a batch, in the next one, and from several processes at once', async () => {
    const { database, ledger } = await start();
    const events = Array.from({ length: 300 }, (_, at) => eventOf({ id: `e${at}`, keyId: `k${at % 7}` }));
    expect(await ledger.write([...events.slice(0, 20), ...events.slice(0, 10)])).toMatchObject({ written: 20, known: 10 });
    const url = open.urlOf(database);
    const others = await Promise.all(
      Array.from({ length: 4 }, async () => createLedger({ database: await open.another(url), now: Date.now })),
    );
    const written = await Promise.all(
      others.map(async (each, at) => {
        // Each in another order, in batches of another size.
        const order = at % 2 ? events.toReversed() : events;
        let sum = 0;
        for (let from = 0; from < order.length; from += 50 + at * 13)
          sum += (await each.write(order.slice(from, from + 50 + at * 13))).written;
        return sum;
      }),
    );
    expect(written.reduce((a, b) => a + b)).toBe(280);
    expect((await rowsOf(ledger)).length).toBe(300);
    expect(await counter(database, 'gateway')).toBe(300 * 12_500_000);
    await whole(ledger);
    await Promise.all([ledger, ...others].map((each) => each.close()));
  });

  test('FP-13: prices are stored once, and the cost of each row can be worked out from them again', async () => {
    const { database, ledger } = await start();
    const said = eventOf({
      nanodollars: 77,
      originalNanodollars: 77,
      prices: [['provider', 1, 77_000]],
      priceSource: 'said by the provider',
    });
    const off = eventOf({ nanodollars: 11_900_000, discountNanodollars: 1_250_000, marginNanodollars: 600_000, lostNanodollars: 50_000 });
    await ledger.write([eventOf(), eventOf(), said, off]);
    expect(await database.all<unknown>(sql`select data, first_used_at from spend_prices`)).toEqual([
      {
        data: '{"source":"https://prices.test/openai, 2026-11-20","lines":[["inputTokens",5000000],["cacheReadTokens",5000000],["outputTokens",15000000]]}',
        first_used_at: testedAt + 1000,
      },
    ]);
    expect(await ledger.verify()).toMatchObject({ whole: true, rows: 4, priced: 4 });
    await database.run(sql`update spend_prices set data = ${'{"lines":[["inputTokens",1],["cacheReadTokens",1],["outputTokens",1]]}'}`);
    const broken = await ledger.verify();
    expect([broken.whole, broken.differences.length, broken.differences[0]!.what]).toEqual([false, 3, 'prices x counts']);
    expect(await ledger.verify({ prices: false })).toMatchObject({ whole: true, priced: 0 });
    await ledger.close();
  });

  test('a counter that was set does not count what ended before, however late it comes', async () => {
    const { database, ledger } = await start();
    await ledger.write([eventOf({ id: 'a', endedAt: testedAt + 100 })]);
    await database.run(
      sql`update spend_totals set nanodollars = ${5}, set_nanodollars = ${5}, set_at = ${testedAt + 200} where subject = ${'team:t1'}`,
    );
    await database.run(sql`delete from spend_charges where subject = ${'team:t1'} or subject = ${'user:u1'}`);
    await database.run(
      sql`insert into spend_totals (subject, period_start, nanodollars, updated_at, set_at) values (${'user:u1'}, ${-1}, 0, 0, ${testedAt + 200})`,
    );
    await database.run(sql`delete from spend_totals where subject = ${'user:u1'} and period_start = 0`);
    const late = [eventOf({ id: 'b', endedAt: testedAt + 200 }), eventOf({ id: 'c', endedAt: testedAt + 201 })];
    await ledger.write(late);
    expect(await counter(database, 'team:t1')).toBe(5 + 12_500_000);
    expect(await counter(database, 'user:u1')).toBe(12_500_000);
    expect(await counter(database, 'gateway')).toBe(3 * 12_500_000);
    await whole(ledger);
    expect((await ledger.rebuild()).days).toEqual([today]);
    expect(await counter(database, 'team:t1')).toBe(5 + 12_500_000);
    await whole(ledger);
    await ledger.close();
  });

  test('names of any length and with any characters are stored, and stay apart', async () => {
    const { database, ledger } = await start();
    const long = 'ü'.repeat(5000);
    const odd: Partial<SpendEvent>[] = [
      { customerId: `${long}a`, charges: [[`customer:${long}a`, 0]] },
      { customerId: `${long}b`, charges: [[`customer:${long}b`, 0]] },
      { customerId: 'nul\0here', tags: ['a\0', 'a\u{fffd}', '\ud800', '\\u0000'], charges: [['customer:nul\0here', 0]] },
      {
        model: 'm'.repeat(100_000),
        errorMessage: 'bad\0 "\\u0000" \udc00',
        status: 400,
        userAgent: '',
        sessionId: `'; drop table spend_days; --`,
      },
      { metadata: { ['k\0']: '\0', deep: ['\ud83d'] } },
      { metadata: { long: 'x'.repeat(20_000) } },
    ];
    expect(await ledger.write(odd.map((each) => eventOf(each)))).toMatchObject({ written: 6, refused: [] });
    const customers = await database.all<{ entity: string }>(sql`select entity from spend_days where kind = 'customer' order by entity`);
    expect(customers.length).toBe(3);
    const rows = await rowsOf(ledger);
    expect(rows.some(({ details }) => (JSON.parse(details) as RowDetails).metadataBytes === 20_011)).toBe(true);
    await whole(ledger);
    await ledger.close();
  });

  test('an event that can be no row holds up no other', async () => {
    const { ledger } = await start();
    const { written, refused } = await ledger.write([
      eventOf({ id: 'x', nanodollars: Number.NaN }),
      eventOf({ id: 'y' }),
      eventOf({ id: 'z', at: 1.5 }),
    ]);
    expect([written, refused.map(({ id }) => id)]).toEqual([1, ['x', 'z']]);
    await whole(ledger);
    await ledger.close();
  });

  test('events of days long ago come into days of their own', async () => {
    const { ledger } = await start();
    await ledger.write([0, 3, 400].map((days) => eventOf({ at: testedAt - days * dayMs })));
    const days = await ledger.days();
    expect([today - 400, today - 3, today].every((day) => days.includes(day))).toBe(true);
    expect((await rowsOf(ledger, days)).length).toBe(3);
    expect((await rowsOf(ledger, [today - 3])).length).toBe(1);
    expect((await rowsOf(ledger, [])).length).toBe(0);
    // In SQLite it has no table: `days` says which there are.
    const gone: unknown = await rowsOf(ledger, [today - 77]).then(
      ({ length }) => length,
      (cause: { code?: string }) => cause.code,
    );
    expect(gone).toBe(open.kind === 'sqlite' ? 'unavailable' : 0);
    await whole(ledger);
    await ledger.close();
  });

  test('retention drops days; sums and counters stay, and are still known to be right', async () => {
    const { database, ledger } = await start();
    await ledger.write([0, 1, 29, 30, 31].map((days) => eventOf({ at: testedAt - days * dayMs })));
    await database.run(
      sql`insert into spend_totals (subject, period_start, nanodollars, updated_at) values (${'key:old'}, ${5}, ${0}, ${5})`,
    );
    const before = await counter(database, 'team:t1');
    expect(await ledger.retain({ rowsDays: 29, hoursDays: 30 })).toEqual({ days: [today - 31, today - 30], hours: 7, counters: 1 });
    expect(await counter(database, 'team:t1')).toBe(before);
    expect((await ledger.days()).filter((day) => day <= today)).toEqual([today - 29, today - 1, today]);
    expect((await database.one<{ n: number }>(sql`select count(*) as n from spend_days where kind = 'gateway'`))!.n).toBe(5);
    await whole(ledger);
    await ledger.rebuild();
    expect(await counter(database, 'team:t1')).toBe(before);
    expect((await database.one<{ n: number }>(sql`select count(*) as n from spend_days where kind = 'gateway'`))!.n).toBe(5);
    // What comes after all of such a day is counted; its sums are of more than its rows, and stay so.
    await ledger.write([eventOf({ at: testedAt - 30 * dayMs })]);
    expect((await ledger.verify()).withoutRows).toEqual([today - 30]);
    await whole(ledger);
    await ledger.rebuild();
    expect(await database.one<unknown>(sql`select requests from spend_days where kind = 'gateway' and day = ${today - 30}`)).toEqual({
      requests: 2,
    });
    expect(await ledger.retain({ rowsDays: 29 })).toMatchObject({ days: [today - 30] });
    await whole(ledger);
    await ledger.close();
  });

  test('keeps no rows where they are not wanted, and still knows what comes again', async () => {
    const { database, ledger } = await start({ keepRows: () => false });
    const events = [eventOf({ id: 'a' }), eventOf({ id: 'b' })];
    expect(await ledger.write(events)).toMatchObject({ written: 2 });
    expect(await ledger.write(events)).toMatchObject({ written: 0, known: 2 });
    expect(await rowsOf(ledger)).toEqual([]);
    expect(await counter(database, 'key:ab12')).toBe(25_000_000);
    expect(await ledger.verify()).toMatchObject({ whole: true, withoutRows: [today], priced: 0 });
    await ledger.rebuild();
    expect(await counter(database, 'key:ab12')).toBe(25_000_000);
    expect(await database.one<unknown>(sql`select requests from spend_days where kind = 'key'`)).toEqual({ requests: 2 });
    await ledger.close();
  });

  test('what was changed behind its back is found, and made anew', async () => {
    const { database, ledger } = await start();
    await ledger.write(Array.from({ length: 30 }, (_, at) => eventOf({ keyId: `k${at % 3}`, status: at % 5 ? 200 : 500 })));
    await database.run(sql`update spend_hours set nanodollars = nanodollars + 1 where kind = 'key' and entity = 'k1'`);
    await database.run(sql`delete from spend_details where kind = 'team'`);
    await database.run(sql`update spend_days set failed = 0 where kind = 'tag' and entity = 'night'`);
    await database.run(sql`update spend_totals set nanodollars = 1 where subject = 'user:u1'`);
    await database.run(sql`delete from spend_totals where subject = 'tag:batch'`);
    await database.run(sql`update spend_charges set nanodollars = 2 where subject = 'team_member:t1/u1'`);
    await database.run(sql`insert into spend_totals (subject, period_start, nanodollars, updated_at) values ('key:nobody', 0, 9, 0)`);
    const { differences } = await ledger.verify();
    expect(new Set(differences.map(({ what }) => what))).toEqual(
      new Set(['rows and hours', 'rows and details', 'rows and charges', 'details and days', 'hours and days', 'counters']),
    );
    expect(
      differences
        .filter(({ what }) => what === 'counters')
        .map(({ of, is, expected }) => [of, is, expected])
        .toSorted(),
    ).toEqual([
      ['key:nobody 0', 9, 0],
      ['tag:batch 0', 0, 375_000_000],
      ['team_member:t1/u1 0', 375_000_000, 2],
      ['user:u1 0', 1, 375_000_000],
    ]);
    await ledger.rebuild();
    await whole(ledger);
    await ledger.close();
  });

  test('more than a batch is refused, and nothing is nothing', async () => {
    const { ledger } = await start();
    await expect(ledger.write(Array.from({ length: 2001 }, () => eventOf()))).rejects.toThrow('At most 2000');
    expect(await ledger.write([])).toEqual({ written: 0, known: 0, refused: [] });
    await ledger.close();
  });
});

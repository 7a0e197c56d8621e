import { expect, test } from 'bun:test';
import { describeDatabases } from '../../../test/kit/describe-databases.ts';
import type { Database } from '../storage/sql/index.ts';
import type { SpendEvent } from './event.ts';
import { createLedger } from './ledger/index.ts';
import { eventOf } from './ledger/testing.ts';
import { SpendTotals, type SpendKey, type WasSet } from './totals.ts';

const ever = (subject: string): SpendKey => ({ subject, periodStart: 0 });

describeDatabases('what was spent', (open) => {
  /** Several gateways on one database; `away` makes it fail for all, `between` runs before each transaction commits. */
  const start = async () => {
    const database = await open();
    const faults = { away: false, between: async () => {} };
    const seen: Database = {
      kind: database.kind,
      all: async (statement) => {
        if (faults.away) throw new Error('away');
        return database.all(statement);
      },
      one: (statement) => database.one(statement),
      run: (statement) => database.run(statement),
      transaction: async (work, options) => {
        if (faults.away) throw new Error('away');
        return database.transaction(async (tx) => {
          const result = await work(tx);
          await faults.between();
          return result;
        }, options);
      },
      onAnnounced: (listener) => database.onAnnounced(listener),
      up: true,
      close: () => database.close(),
    };
    const failures: unknown[] = [];
    let now = 1000;
    /** With a journal: calls are added when they are over, and written by `ship`. */
    const gateway = () => {
      const journal: SpendEvent[] = [];
      const sets: WasSet[] = [];
      const ledger = createLedger({ database: seen, now: () => now });
      const ship = async (): Promise<void> => {
        const events = [...journal];
        await totals.writing(events, () => ledger.write(events));
        journal.splice(0, events.length);
      };
      const totals: SpendTotals = new SpendTotals(seen, {
        now: () => now,
        onFailure: (cause) => void failures.push(cause),
        onSet: (set) => void sets.push(set),
        ship,
      });
      const spend = (nanodollars: number, ...keys: readonly SpendKey[]): void => {
        const charges = keys.map(({ subject, periodStart }) => [subject, periodStart] as const);
        const { prices: _prices, originalNanodollars: _original, ...plain } = eventOf();
        journal.push({ ...plain, at: now, endedAt: now, nanodollars, charges });
        for (const key of keys) totals.add(key, nanodollars);
      };
      return { totals, spend, ship, sets, journal, ledger };
    };
    return { gateway, faults, failures, later: (ms: number) => void (now += ms) };
  };

  test('is what is written and what waits', async () => {
    const { gateway } = await start();
    const [a, b] = [gateway(), gateway()];
    a.spend(5, ever('key:1'));
    a.spend(3, { subject: 'key:1', periodStart: 77 });
    b.spend(2, ever('key:1'));
    b.spend(0, ever('key:2'));
    const keys = [ever('key:1'), ever('key:2')];
    expect([await a.totals.of(keys), await b.totals.of(keys)]).toEqual([new Map([['key:1', 5]]), new Map([['key:1', 2]])]);
    expect([a.totals.isStored('key:1'), a.totals.isStored('key:2')]).toEqual([false, true]);
    await Promise.all([a.ship(), b.ship()]);
    expect([await a.totals.of(keys), await b.totals.of(keys)]).toEqual([new Map([['key:1', 7]]), new Map([['key:1', 7]])]);
    expect(await a.totals.of([{ subject: 'key:1', periodStart: 77 }])).toEqual(new Map([['key:1', 3]]));
    expect(await a.totals.of([])).toEqual(new Map());
    expect(a.totals.isStored('key:1')).toBe(true);
  });

  test('is never less or more than that while it is written', async () => {
    const { gateway, faults } = await start();
    const { totals, spend, ship } = gateway();
    spend(5, ever('key:1'));
    const { promise, resolve } = Promise.withResolvers<void>();
    const wrote = Promise.withResolvers<void>();
    faults.between = () => {
      wrote.resolve();
      return promise;
    };
    const before = totals.of([ever('key:1')]);
    const shipped = ship();
    await wrote.promise;
    const read = totals.of([ever('key:1')]);
    totals.add(ever('key:1'), 1);
    resolve();
    await shipped;
    expect([await before, await read]).toEqual([new Map([['key:1', 5]]), new Map([['key:1', 6]])]);
    expect((await totals.changedSince(0)).map(({ nanodollars }) => nanodollars)).toEqual([6]);
  });

  test('is read the same while others read and write all the time', async () => {
    const { gateway } = await start();
    const { totals, spend, ship } = gateway();
    let spent = 0;
    let writing = true;
    const writer = (async () => {
      for (let round = 0; round < 20; round++) await ship();
      writing = false;
    })();
    while (writing) {
      spend(1, ever('key:1'));
      const least = ++spent;
      const [read] = await Promise.all([totals.of([ever('key:1')]), totals.changedSince(0)]);
      expect(read.get('key:1')).toBe(least);
    }
    await writer;
  });

  test('waits where it cannot be written, and is written later, once', async () => {
    const { gateway, faults } = await start();
    const { totals, spend, ship } = gateway();
    spend(5, ever('key:1'));
    faults.away = true;
    await expect(ship()).rejects.toThrow('away');
    spend(1, ever('key:1'));
    await expect(ship()).rejects.toThrow('away');
    faults.away = false;
    await ship();
    await ship();
    expect(await gateway().totals.of([ever('key:1')])).toEqual(new Map([['key:1', 6]]));
    expect(await totals.of([ever('key:1')])).toEqual(new Map([['key:1', 6]]));
  });

  test('that is set is that, also while older spend is on its way, here and elsewhere', async () => {
    const { gateway, faults, later } = await start();
    const [here, elsewhere] = [gateway(), gateway()];
    here.spend(500, ever('key:1'));
    elsewhere.spend(70, ever('key:1'), { subject: 'key:1', periodStart: 77 });
    const wrote = Promise.withResolvers<void>();
    const { promise, resolve } = Promise.withResolvers<void>();
    faults.between = () => {
      wrote.resolve();
      return promise;
    };
    const shipped = here.ship();
    await wrote.promise;
    const set = here.totals.set(ever('key:1'), 0);
    resolve();
    await Promise.all([shipped, set]);
    const heard = performance.now() + 5000;
    while (elsewhere.sets.length === 0 && performance.now() < heard) await Bun.sleep(5);
    expect(await elsewhere.totals.of([ever('key:1')])).toEqual(new Map([['key:1', 0]]));
    await elsewhere.ship();
    expect(await here.totals.of([ever('key:1')])).toEqual(new Map([['key:1', 0]]));
    expect(await here.totals.of([{ subject: 'key:1', periodStart: 77 }])).toEqual(new Map([['key:1', 70]]));
    later(10);
    here.spend(3, ever('key:1'));
    expect(await here.totals.of([ever('key:1')])).toEqual(new Map([['key:1', 3]]));
    await here.ship();
    expect([await here.totals.of([ever('key:1')]), here.totals.isStored('key:1')]).toEqual([new Map([['key:1', 3]]), true]);
    expect(elsewhere.totals.isStored('key:1')).toBe(true);
    expect((await here.ledger.verify()).differences).toEqual([]);
  });

  test('that is set while what waits here cannot be shipped is that all the same, once', async () => {
    const { gateway, faults, later } = await start();
    const { totals, spend, ship, journal } = gateway();
    spend(500, ever('key:1'));
    // The journal keeps it, but not in this try.
    const kept = journal.splice(0);
    await totals.set(ever('key:1'), 10);
    expect(await totals.of([ever('key:1')])).toEqual(new Map([['key:1', 10]]));
    later(10);
    spend(3, ever('key:1'));
    journal.unshift(...kept);
    expect(await totals.of([ever('key:1')])).toEqual(new Map([['key:1', 13]]));
    await ship();
    expect(await totals.of([ever('key:1')])).toEqual(new Map([['key:1', 13]]));
    expect([totals.isStored('key:1'), faults.away]).toEqual([true, false]);
  });

  test('that could not be set is as it was', async () => {
    const { gateway, faults, failures } = await start();
    const { totals, spend, ship } = gateway();
    spend(5, ever('key:1'));
    faults.away = true;
    await expect(totals.set(ever('key:1'), 0)).rejects.toThrow('away');
    faults.away = false;
    expect([await totals.of([ever('key:1')]), failures.length]).toEqual([new Map([['key:1', 5]]), 1]);
    await ship();
    expect(await totals.of([ever('key:1')])).toEqual(new Map([['key:1', 5]]));
  });

  test('that is cleared is nothing in all periods and parts, also in those that are not there yet', async () => {
    const { gateway, later } = await start();
    const [here, elsewhere] = [gateway(), gateway()];
    here.spend(5, ever('project:p'), { subject: 'project:p', periodStart: 77 }, ever('project:p2'));
    elsewhere.spend(7, ever('project:p/model:m'), { subject: 'project:p', periodStart: 88 });
    const keys = await here.totals.clear('project:p');
    expect(keys).toContainEqual({ subject: 'project:p', periodStart: 77 });
    await elsewhere.ship();
    for (const key of [
      ever('project:p'),
      { subject: 'project:p', periodStart: 77 },
      ever('project:p/model:m'),
      { subject: 'project:p', periodStart: 88 },
    ])
      expect((await here.totals.of([key])).get(key.subject)).toBe(0);
    expect(await here.totals.of([ever('project:p2')])).toEqual(new Map([['project:p2', 5]]));
    expect((await here.totals.changedSince(0)).every(({ periodStart }) => periodStart >= 0)).toBe(true);
    later(10);
    elsewhere.spend(2, { subject: 'project:p', periodStart: 88 }, ever('project:p/model:new'));
    await elsewhere.ship();
    expect(await here.totals.of([{ subject: 'project:p', periodStart: 88 }])).toEqual(new Map([['project:p', 2]]));
    expect(await here.totals.of([ever('project:p/model:new')])).toEqual(new Map([['project:p/model:new', 2]]));
    expect((await here.ledger.verify({ prices: false })).differences).toEqual([]);
  });

  test('FP-12: many gateways write the same at the same time, and nothing is lost', async () => {
    const { gateway } = await start();
    const gateways = Array.from({ length: 4 }, gateway);
    for (let round = 0; round < 5; round++) {
      for (const [at, { spend }] of gateways.entries()) {
        // Each has met them in another order, and with several periods.
        const order = Array.from({ length: 60 }, (_, number) => (number * (at * 2 + 1) * 7) % 60);
        for (const number of order) spend(1, { subject: `key:${number % 20}`, periodStart: number % 3 });
      }
      await Promise.all(gateways.map(({ ship }) => ship()));
    }
    let sum = 0;
    for (const periodStart of [0, 1, 2]) {
      const keys = Array.from({ length: 20 }, (_, at) => ({ subject: `key:${at}`, periodStart }));
      for (const spent of (await gateways[0]!.totals.of(keys)).values()) sum += spent;
    }
    expect(sum).toBe(4 * 5 * 60);
  });

  test('is found under names that are too long to be stored as they are', async () => {
    const { gateway } = await start();
    const { totals, spend, ship } = gateway();
    const key = ever(`customer:${'x'.repeat(5000)}`);
    spend(4, key);
    expect(await totals.of([key])).toEqual(new Map([[key.subject, 4]]));
    await ship();
    expect([await totals.of([key]), totals.isStored(key.subject)]).toEqual([new Map([[key.subject, 4]]), true]);
  });

  test('has an end, where nothing can be written: it is told once, and what is known goes on to be counted', async () => {
    const { gateway, failures } = await start();
    const { totals } = gateway();
    const startedAt = performance.now();
    for (let each = 0; each < 200_100; each++) totals.add(ever(`customer:${each}`), 1);
    for (let each = 0; each < 100; each++) totals.add(ever(`more:${each}`), 1);
    expect(performance.now() - startedAt).toBeLessThan(5000);
    expect(failures.filter((cause) => String(cause).includes('sums wait')).length).toBe(1);
    for (let each = 0; each < 100; each++) totals.add(ever('customer:1'), 1);
    expect((await totals.of([ever('customer:1'), ever('customer:200099')])).get('customer:1')).toBe(101);
  });
});

import { expect, test } from 'bun:test';
import { describeDatabases } from '../../../test/kit/describe-databases.ts';
import type { Database } from '../storage/sql/index.ts';
import { SpendTotals } from './totals.ts';

const ever = (subject: string) => ({ subject, periodStart: 0 });

describeDatabases('what was spent', (open) => {
  /** Several gateways on one database; `away` makes it fail for all, `between` runs before each transaction commits. */
  const start = async () => {
    const database = await open();
    const faults = { away: false, between: async () => {}, failAt: Infinity, transactions: 0 };
    const seen: Database = {
      kind: database.kind,
      all: async (statement) => {
        if (faults.away) throw new Error('away');
        return database.all(statement);
      },
      one: (statement) => database.one(statement),
      run: async (statement) => {
        if (faults.away) throw new Error('away');
        return database.run(statement);
      },
      transaction: async (work, options) => {
        if (faults.away || ++faults.transactions >= faults.failAt) throw new Error('away');
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
    const gateway = () => new SpendTotals(seen, { now: () => now, onFailure: (cause) => void failures.push(cause) });
    return { gateway, faults, failures, later: (ms: number) => void (now += ms) };
  };

  test('is what is written and what waits', async () => {
    const { gateway } = await start();
    const [a, b] = [gateway(), gateway()];
    a.add(ever('key:1'), 5);
    a.add({ subject: 'key:1', periodStart: 77 }, 3);
    b.add(ever('key:1'), 2);
    b.add(ever('key:2'), 0);
    const keys = [ever('key:1'), ever('key:2')];
    expect([await a.of(keys), await b.of(keys)]).toEqual([new Map([['key:1', 5]]), new Map([['key:1', 2]])]);
    await Promise.all([a.flush(), b.flush()]);
    expect([await a.of(keys), await b.of(keys)]).toEqual([new Map([['key:1', 7]]), new Map([['key:1', 7]])]);
    expect(await a.of([{ subject: 'key:1', periodStart: 77 }])).toEqual(new Map([['key:1', 3]]));
    expect(await a.of([])).toEqual(new Map());
  });

  test('is never less than that while it is written', async () => {
    const { gateway, faults } = await start();
    const totals = gateway();
    totals.add(ever('key:1'), 5);
    const { promise, resolve } = Promise.withResolvers<void>();
    const wrote = Promise.withResolvers<void>();
    faults.between = () => {
      wrote.resolve();
      return promise;
    };
    const flushed = totals.flush();
    await wrote.promise;
    const read = totals.of([ever('key:1')]);
    totals.add(ever('key:1'), 1);
    resolve();
    await flushed;
    expect(await read).toEqual(new Map([['key:1', 6]]));
    expect((await totals.changedSince(0)).map(({ nanodollars }) => nanodollars)).toEqual([6]);
  });

  test('waits where it cannot be written, and is written later, once', async () => {
    const { gateway, faults } = await start();
    const totals = gateway();
    totals.add(ever('key:1'), 5);
    faults.away = true;
    await expect(totals.flush()).rejects.toThrow('away');
    totals.add(ever('key:1'), 1);
    await expect(totals.flush()).rejects.toThrow('away');
    faults.away = false;
    await totals.flush();
    await totals.flush();
    expect(await gateway().of([ever('key:1')])).toEqual(new Map([['key:1', 6]]));
  });

  test('of many is written in pieces, and a piece that failed does not write the others twice', async () => {
    const { gateway, faults } = await start();
    const totals = gateway();
    for (let each = 0; each < 5000; each++) totals.add(ever(`key:${each}`), 1);
    faults.failAt = 2;
    await expect(totals.flush()).rejects.toThrow('away');
    faults.failAt = Infinity;
    await totals.flush();
    const keys = Array.from({ length: 5000 }, (_, each) => ever(`key:${each}`));
    const found = await gateway().of(keys);
    expect([found.size, [...found.values()].every((spent) => spent === 1)]).toEqual([5000, true]);
  });

  test('that is set is that, also while older spend is on its way', async () => {
    const { gateway, faults } = await start();
    const totals = gateway();
    totals.add(ever('key:1'), 500);
    const wrote = Promise.withResolvers<void>();
    const { promise, resolve } = Promise.withResolvers<void>();
    faults.between = () => {
      wrote.resolve();
      return promise;
    };
    const flushed = totals.flush();
    await wrote.promise;
    const set = totals.set(ever('key:1'), 0);
    resolve();
    await Promise.all([flushed, set]);
    await totals.flush();
    expect(await totals.of([ever('key:1')])).toEqual(new Map([['key:1', 0]]));
    totals.add(ever('key:1'), 3);
    expect(await totals.of([ever('key:1')])).toEqual(new Map([['key:1', 3]]));
  });

  test('that could not be set is as it was', async () => {
    const { gateway, faults } = await start();
    const totals = gateway();
    totals.add(ever('key:1'), 5);
    faults.away = true;
    await expect(totals.set(ever('key:1'), 0)).rejects.toThrow('away');
    faults.away = false;
    await totals.flush();
    expect(await totals.of([ever('key:1')])).toEqual(new Map([['key:1', 5]]));
  });

  test('FP-12: many gateways write the same at the same time, and nothing is lost', async () => {
    const { gateway } = await start();
    const gateways = Array.from({ length: 4 }, gateway);
    for (let round = 0; round < 5; round++) {
      for (const [at, each] of gateways.entries()) {
        // Each has met them in another order, and with several periods.
        const order = Array.from({ length: 60 }, (_, number) => (number * (at * 2 + 1) * 7) % 60);
        for (const number of order) each.add({ subject: `key:${number % 20}`, periodStart: number % 3 }, 1);
      }
      await Promise.all(gateways.map((each) => each.flush()));
    }
    let sum = 0;
    for (const periodStart of [0, 1, 2])
      for (const spent of (await gateways[0]!.of(Array.from({ length: 20 }, (_, at) => ({ subject: `key:${at}`, periodStart })))).values())
        sum += spent;
    expect(sum).toBe(4 * 5 * 60);
  });

  test('has an end, where nothing can be written: it is told once, and what is known goes on to be counted', async () => {
    const { gateway, faults, failures, later } = await start();
    const totals = gateway();
    faults.away = true;
    const startedAt = performance.now();
    for (let each = 0; each < 200_100; each++) totals.add(ever(`customer:${each}`), 1);
    await Bun.sleep(0);
    for (let each = 0; each < 100; each++) totals.add(ever('customer:1'), 1);
    expect(performance.now() - startedAt).toBeLessThan(5000);
    expect(failures.filter((cause) => String(cause).includes('sums wait')).length).toBe(1);
    later(2000);
    faults.away = false;
    expect((await totals.of([ever('customer:1'), ever('customer:200099')])).get('customer:1')).toBe(101);
  });
});

import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate, openDatabase, sql, type Database } from '../../storage/sql/index.ts';
import { createLedger } from './create-ledger.ts';
import { LedgerThread } from './ledger-thread.ts';
import { eventOf } from './testing.ts';

let folder: string;
let database: Database;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-ledger-thread-'));
  database = await openDatabase({ url: `sqlite:${join(folder, 'a.db')}` });
  await migrate(database);
});
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true });
});

const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (cause: unknown) => cause,
  );

test('the server goes on while batches are written and reports are read', async () => {
  const ledger = createLedger({ database, now: Date.now });
  await ledger.write([eventOf()]);
  const events = Array.from({ length: 2000 }, (_, at) => eventOf({ at: Date.now(), keyId: `k${at % 300}` }));
  let [longestMs, last] = [0, performance.now()];
  const watch = setInterval(() => {
    longestMs = Math.max(longestMs, performance.now() - last);
    last = performance.now();
  }, 1);
  const begun = performance.now();
  // A report that takes its time.
  const slow = ledger.all<{ n: number }>(
    sql`with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < ${2_000_000}) select max(n) as n from numbers`,
  );
  await ledger.write(events);
  // Others of this process write in between.
  await database.run(sql`delete from spend_prices where id = ${'nobody'}`);
  expect((await slow)[0]!.n).toBe(2_000_000);
  const tookMs = performance.now() - begun;
  clearInterval(watch);
  // What is left here is to write the events down as text, a quarter of the batch at a time.
  expect(longestMs).toBeLessThan(Math.max(100, tookMs / 3));
  expect(await ledger.verify()).toMatchObject({ whole: true, rows: 2001 });
  await ledger.close();
});

test('a thread that fails in the middle fails what waits for it, and the next question makes another one', async () => {
  let made = 0;
  const workers: { onError: () => void }[] = [];
  const fake = (): Worker => {
    made++;
    const worker = {
      onError: () => {},
      addEventListener(type: string, listener: (event: { message: string }) => void) {
        if (type === 'error') worker.onError = () => listener({ message: 'out of memory' });
      },
      postMessage() {},
      terminate() {},
    };
    workers.push(worker);
    return worker as unknown as Worker;
  };
  const thread = new LedgerThread('a.db', Date.now, fake);
  const first = failureOf(thread.ask({ what: 'rebuild' }));
  workers[0]!.onError();
  expect(await first).toMatchObject({ code: 'unavailable', detail: 'A thread has failed: out of memory' });
  const second = failureOf(thread.ask({ what: 'rebuild' }));
  expect(made).toBe(2);
  workers[1]!.onError();
  expect(await second).toMatchObject({ code: 'unavailable' });
  // Each is posted, and answered by nobody: there is an end to that.
  const waiting = Array.from({ length: 1000 }, () => failureOf(thread.ask({ what: 'rebuild' })));
  expect(() => thread.ask({ what: 'rebuild' })).toThrow('Too many calls wait');
  workers[2]!.onError();
  await Promise.all(waiting);
  await thread.close();
  expect(() => thread.ask({ what: 'rebuild' })).toThrow('The database is closed.');
});

test('what the database refuses there is what is refused here; what is closed is closed', async () => {
  const ledger = createLedger({ database, now: Date.now });
  expect(await failureOf(ledger.all(sql`select n from nowhere`))).toMatchObject({
    code: 'internal',
    detail: expect.stringContaining('no such'),
  });
  await ledger.close();
  expect(await failureOf(ledger.write([eventOf()]))).toMatchObject({ code: 'unavailable' });
});

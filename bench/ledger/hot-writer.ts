import { createLedger } from '../../gateway/src/spend/ledger/index.ts';
import { eventOf } from '../../gateway/src/spend/ledger/testing.ts';
import { openDatabase } from '../../gateway/src/storage/sql/index.ts';

/* One of several processes: writes batches of one key, twice a second, and prints what became of them. */

const [perSecond, seconds] = Bun.argv.slice(2).map(Number);
const database = await openDatabase({ url: Bun.env['DATABASE_URL']!, poolSize: 2 });
const ledger = createLedger({ database, now: Date.now });
const failures: string[] = [];
const times: number[] = [];
let written = 0;
const size = perSecond! / 2;
for (let tick = 0, begun = performance.now(); tick < seconds! * 2; tick++) {
  await Bun.sleep(Math.max(0, begun + tick * 500 - performance.now()));
  const events = Array.from({ length: size }, () => eventOf({ at: Date.now(), keyId: 'hot' }));
  const from = performance.now();
  try {
    // The second time as after an answer that was lost.
    written += (await ledger.write(events)).written;
    times.push(performance.now() - from);
    if (tick % 4 === 0) written += (await ledger.write(events)).written;
  } catch (cause) {
    failures.push(String(cause));
  }
}
await ledger.close();
await database.close();
console.log(JSON.stringify({ written, failures, times }));

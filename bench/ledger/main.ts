import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { postgresMissing, startPostgres } from '../../test/kit/postgres.ts';
import { hotKey } from './hot-key.ts';
import { manyRows } from './many-rows.ts';
import type { Timing } from './timings.ts';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '10000000' },
    days: { type: 'string', default: '30' },
    only: { type: 'string', default: 'sqlite,postgres,hot-key' },
    seconds: { type: 'string', default: '20' },
    verify: { type: 'boolean', default: false },
  },
});
const [rows, days, seconds] = [Number(values.rows), Number(values.days), Number(values.seconds)];
const { verify } = values;
const parts = new Set(values.only.split(','));
/** However it goes, it ends. */
setTimeout(() => process.exit(2), 60 * 60_000).unref();
// What is left on the disk is gigabytes.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));

const all: Timing[] = [];
let broken = 0;

if (parts.has('sqlite')) {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-ledger-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.on('exit', remove);
  try {
    all.push(...(await manyRows({ url: `sqlite:${join(folder, 'ledger.db')}`, rows, days, verify })));
  } finally {
    remove();
  }
}

if (parts.has('postgres') || parts.has('hot-key')) {
  const missing = postgresMissing();
  if (missing) throw new Error(missing);
  // A server as people run one, but for what it does for a disk that loses its power.
  const args = 'shared_buffers=512MB max_wal_size=1GB work_mem=32MB wal_level=minimal max_wal_senders=0'
    .split(' ')
    .flatMap((each) => ['-c', each]);
  const server = await startPostgres({ args, onDisk: true });
  try {
    if (parts.has('hot-key')) {
      const result = await hotKey({ url: await server.newDatabase(), processes: 8, eventsPerSecond: 500, seconds });
      console.log(`postgres, 8 processes x 500 calls/s of one key, ${seconds} s: ${JSON.stringify(result)}`);
      if (result.deadlocks > 0 || result.failures.length > 0 || result.written !== 8 * 500 * seconds) broken++;
    }
    if (parts.has('postgres')) all.push(...(await manyRows({ url: await server.newDatabase(), rows, days, verify })));
  } finally {
    await server.stop();
  }
}

broken += all.filter(({ ms, boundMs }) => boundMs !== undefined && ms > boundMs).length;
process.exit(broken > 0 ? 1 : 0);

import { expect, test } from 'bun:test';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startGatewayProcess, type GatewayProcess } from '../kit/gateway-process.ts';
import { postgresMissing, startPostgres } from '../kit/postgres.ts';
import { openBooks } from './books-of.ts';
import { callWhole, configOf, startCountedUpstream } from './counted-upstream.ts';
import { ownFolder } from '../kit/own-folder.ts';

/** Two minutes for the whole proof. */
const outageMs = Number(process.env['SLUICE_OUTAGE_SECONDS'] ?? 4) * 1000;
const masterKey = 'sk-spend-test-5d1f2f5f6c0e4c8e9a7b';

/** Calls from some clients until they are told to stop. */
const load = (gateway: string, clients = 12) => {
  const whole = new Set<string>();
  let [over, failed, calls] = [false, 0, 0];
  const client = async (number: number) => {
    while (!over) {
      const id = `${number}-${calls++}`;
      if (await callWhole(gateway, { id, key: masterKey, stream: number % 2 === 0 })) whole.add(id);
      else if (!over) failed++;
      await Bun.sleep(5);
    }
  };
  const all = Array.from({ length: clients }, (_, number) => client(number));
  return {
    whole,
    get failed() {
      return failed;
    },
    async stop() {
      over = true;
      await Promise.all(all);
    },
  };
};

/** Every whole answer once, nothing twice, and all sums agree. */
const expectBooks = async (url: string, whole: ReadonlySet<string>): Promise<void> => {
  const books = await openBooks(url);
  const counted = new Map<string, number>();
  for (const { callId } of await books.rows()) counted.set(callId, (counted.get(callId) ?? 0) + 1);
  expect([...whole].filter((id) => counted.get(id) !== 1)).toEqual([]);
  expect([...counted].filter(([, times]) => times !== 1)).toEqual([]);
  expect(await books.verify()).toEqual([]);
  await books.close();
};

const inHome = async (work: (home: string) => Promise<void>): Promise<void> => {
  const home = ownFolder('outage');
  try {
    await work(home);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
};

const missing = postgresMissing();
test.skipIf(missing !== undefined)(
  `a database that is away for ${outageMs / 1000} s under load: no call fails, and nothing is lost${missing === undefined ? '' : ` (${missing})`}`,
  () =>
    inHome(async (home) => {
      const postgres = await startPostgres();
      const upstream = startCountedUpstream();
      const gateway = await startGatewayProcess(
        configOf(upstream.url),
        { SLUICE_MASTER_KEY: masterKey, DATABASE_URL: postgres.url },
        { home },
      );
      const calls = load(gateway.url);
      await Bun.sleep(1000);
      await postgres.kill();
      await Bun.sleep(outageMs);
      const waiting = await gateway.metric('sluice_spend_waiting');
      await postgres.restart();
      await Bun.sleep(4000);
      await calls.stop();
      console.info(
        `away for ${outageMs / 1000} s: ${calls.whole.size} whole answers, ${calls.failed} failed, ${waiting} waited in the journal`,
      );
      expect([calls.failed, waiting! > 0, await gateway.metric('sluice_spend_lost')]).toEqual([0, true, 0]);
      // What has gathered meanwhile takes a while to write.
      for (let left = 1200; left > 0 && (await gateway.metric('sluice_spend_waiting')) !== 0; left--) await Bun.sleep(100);
      await gateway.stop();
      await expectBooks(postgres.url, calls.whole);
      await upstream.stop();
      await postgres.stop();
    }),
  outageMs + 180_000,
);

test(
  'a gateway that is killed while its database is away loses nothing: the next one has its journal',
  () =>
    inHome(async (home) => {
      if (missing !== undefined) return console.warn(`skipped: ${missing}`);
      const postgres = await startPostgres();
      const upstream = startCountedUpstream();
      const start = () =>
        startGatewayProcess(configOf(upstream.url), { SLUICE_MASTER_KEY: masterKey, DATABASE_URL: postgres.url }, { home });
      const gateway = await start();
      const calls = load(gateway.url);
      await Bun.sleep(500);
      await postgres.kill();
      await Bun.sleep(1000);
      await gateway.kill();
      await calls.stop();
      await postgres.restart();
      const next = await start();
      for (let left = 300; left > 0 && (await next.metric('sluice_spend_waiting')) !== 0; left--) await Bun.sleep(100);
      await next.stop();
      await expectBooks(postgres.url, calls.whole);
      await upstream.stop();
      await postgres.stop();
    }),
  60_000,
);

test(
  'SIGTERM under load: what was answered is in the books when it has ended',
  () =>
    inHome(async (home) => {
      const upstream = startCountedUpstream({ pauseMs: 15 });
      const url = `sqlite:${join(home, 'books.db')}`;
      const gateway = await startGatewayProcess(configOf(upstream.url), { SLUICE_MASTER_KEY: masterKey, DATABASE_URL: url }, { home });
      const calls = load(gateway.url);
      await Bun.sleep(1000);
      const stopping = gateway.stop();
      await calls.stop();
      await stopping;
      expect(calls.whole.size).toBeGreaterThan(50);
      await expectBooks(url, calls.whole);
      await upstream.stop();
    }),
  60_000,
);

/** A disk of its own that can be filled: needs the right to mount one. */
const onSmallDisk = async (home: string, work: (disk: string, fill: () => void, empty: () => void) => Promise<void>): Promise<void> => {
  const disk = join(home, 'disk');
  mkdirSync(disk);
  const mounted = Bun.spawnSync(['mount', '-t', 'tmpfs', '-o', 'size=512k', 'tmpfs', disk], { stderr: 'ignore' }).exitCode === 0;
  if (!mounted) return console.warn('skipped: no right to mount a small disk');
  const filling = join(disk, 'filling');
  const fill = () => {
    try {
      writeFileSync(filling, new Uint8Array(1024 * 1024));
    } catch {
      // Now it is full.
    }
  };
  try {
    await work(disk, fill, () => rmSync(filling, { force: true }));
  } finally {
    Bun.spawnSync(['umount', '-l', disk]);
  }
};

const startOnDisk = (home: string, disk: string, config: string): Promise<GatewayProcess> =>
  startGatewayProcess(
    config,
    { SLUICE_MASTER_KEY: masterKey, SLUICE_DATA_DIR: disk, DATABASE_URL: `sqlite:${join(home, 'books.db')}` },
    { home },
  );

test(
  'a full disk: it is said, calls are served from memory, and nothing is lost',
  () =>
    inHome((home) =>
      onSmallDisk(home, async (disk, fill, empty) => {
        const upstream = startCountedUpstream();
        const gateway = await startOnDisk(home, disk, configOf(upstream.url));
        const calls = load(gateway.url);
        await Bun.sleep(500);
        fill();
        await Bun.sleep(2000);
        expect(gateway.out()).toContain('the journal of spend takes nothing');
        empty();
        await Bun.sleep(2000);
        expect(gateway.out()).toContain('takes what calls cost again');
        await calls.stop();
        for (let left = 50; left > 0 && (await gateway.metric('sluice_spend_unwritten')) !== 0; left--) await Bun.sleep(100);
        expect([calls.failed, await gateway.metric('sluice_spend_lost'), await gateway.metric('sluice_spend_unwritten')]).toEqual([
          0, 0, 0,
        ]);
        await gateway.stop();
        await expectBooks(`sqlite:${join(home, 'books.db')}`, calls.whole);
        await upstream.stop();
      }),
    ),
  60_000,
);

test(
  'a full disk where calls are to be refused: 503 that says what to do, and room again when there is',
  () =>
    inHome((home) =>
      onSmallDisk(home, async (disk, fill, empty) => {
        const upstream = startCountedUpstream({ pauseMs: 0 });
        const gateway = await startOnDisk(home, disk, configOf(upstream.url, 'sluice_settings:\n  spend: { without_journal: refuse }\n'));
        const status = async () => {
          const response = await fetch(`${gateway.url}/v1/chat/completions`, {
            method: 'POST',
            headers: { 'content-type': 'application/json', authorization: `Bearer ${masterKey}` },
            body: JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'hello' }] }),
          });
          return { status: response.status, text: await response.text() };
        };
        expect((await status()).status).toBe(200);
        // What was written is in the database by then, and its file is gone.
        await Bun.sleep(1500);
        fill();
        await status();
        const refused = await status();
        expect(refused).toEqual({ status: 503, text: expect.stringContaining('disk') });
        empty();
        await Bun.sleep(2500);
        expect((await status()).status).toBe(200);
        await gateway.stop();
        await upstream.stop();
      }),
    ),
  60_000,
);

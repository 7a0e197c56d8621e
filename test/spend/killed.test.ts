import { expect, test } from 'bun:test';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describeDatabases } from '../kit/describe-databases.ts';
import { startGatewayProcess } from '../kit/gateway-process.ts';
import { openBooks } from './books-of.ts';
import { callWhole, configOf, nanodollarsOfOne, startCountedUpstream } from './counted-upstream.ts';
import { ownFolder } from '../kit/own-folder.ts';

/** Fifty for the whole proof; a few are enough to find what breaks. */
const kills = Number(process.env['SLUICE_KILLS'] ?? 5);
const masterKey = 'sk-spend-test-5d1f2f5f6c0e4c8e9a7b';
const clients = 24;

describeDatabases('what calls cost', (databases) => {
  test(
    `FP-3, FP-47: is in the books once for every answer that a client has whole, through ${kills} kills`,
    async () => {
      const home = ownFolder('killed');
      const upstream = startCountedUpstream();
      const url = databases.kind === 'sqlite' ? `sqlite:${join(home, 'books.db')}` : await databases.empty();
      const start = () => startGatewayProcess(configOf(upstream.url), { SLUICE_MASTER_KEY: masterKey, DATABASE_URL: url }, { home });
      const whole = new Set<string>();
      let calls = 0;
      let said = '';
      let key = '';
      for (let round = 0; round <= kills; round++) {
        const gateway = await start();
        if (key === '') key = await newKey(gateway.url);
        let over = false;
        const client = async (number: number) => {
          while (!over) {
            const id = `call-${calls++}`;
            if (await callWhole(gateway.url, { id, key, stream: number % 2 === 0 })) whole.add(id);
          }
        };
        const all = Array.from({ length: clients }, (_, number) => client(number));
        await Bun.sleep(250 + Math.random() * 900);
        if (round < kills) await gateway.kill();
        over = true;
        await Promise.all(all);
        if (round === kills) {
          // Those that were killed left it much to write.
          for (let left = 600; left > 0 && (await gateway.metric('sluice_spend_waiting')) !== 0; left--) await Bun.sleep(100);
          await gateway.stop();
          said = gateway.out();
        }
      }
      const books = await openBooks(url);
      const rows = await books.rows();
      const counted = new Map<string, number>();
      for (const { callId } of rows) counted.set(callId, (counted.get(callId) ?? 0) + 1);
      console.info(`${databases.kind}: ${calls} calls, ${whole.size} whole, ${rows.length} in the books, ${kills} kills`);
      // What is missing may still be in the journal: then the last gateway has said why.
      const left = readdirSync(join(home, '.local/share/sluice/journal')).filter((name) => name.endsWith('.jsonl'));
      if (left.length > 0)
        console.error(
          said
            .split('\n')
            .filter((line) => line.includes('"level":50'))
            .join('\n'),
        );
      expect(left).toEqual([]);
      expect([...whole].filter((id) => counted.get(id) !== 1)).toEqual([]);
      // Nothing else: what no provider was asked for cost nothing.
      expect(rows.filter(({ callId, nanodollars }) => nanodollars > 0 && upstream.asked.get(callId) !== 1)).toEqual([]);
      expect([...counted].filter(([, times]) => times !== 1)).toEqual([]);
      expect(new Set(rows.filter(({ callId }) => whole.has(callId)).map(({ nanodollars }) => nanodollars))).toEqual(
        new Set([nanodollarsOfOne]),
      );
      expect(whole.size).toBeGreaterThan(50 * kills);
      expect(await books.verify()).toEqual([]);
      await books.close();
      await upstream.stop();
      rmSync(home, { recursive: true, force: true });
    },
    60_000 + kills * 8000,
  );
});

const newKey = async (gateway: string): Promise<string> => {
  const response = await fetch(`${gateway}/key/generate`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${masterKey}` },
    body: JSON.stringify({ max_budget: 1000 }),
  });
  return ((await response.json()) as { key: string }).key;
};

import { expect, test } from 'bun:test';
import { keepRetention, type RetentionSettings } from './keep-retention.ts';
import type { RetainOptions } from './retain.ts';

const hourMs = 3_600_000;

const start = (settings: RetentionSettings, retain: () => Promise<void> = async () => {}) => {
  const begun = Date.UTC(2026, 10, 22, 12);
  let now = begun;
  const asked: [hours: number, options: RetainOptions][] = [];
  const told: string[] = [];
  let tick: (() => void) | undefined;
  const kept = keepRetention({
    ledger: {
      async retain(options) {
        asked.push([(now - begun) / hourMs, options]);
        await retain();
        return { days: [20_000], hours: 0, counters: 0 };
      },
    },
    settings: () => settings,
    now: () => now,
    logger: {
      info: (message, fields) => void told.push(`${message} ${JSON.stringify(fields)}`),
      warn: (message) => void told.push(message),
    },
    after: (_, then) => {
      tick = then;
      return () => void (tick = undefined);
    },
  });
  const pass = async (hours: number): Promise<void> => {
    for (let each = 0; each < hours; each++) {
      now += hourMs;
      tick?.();
      await Bun.sleep(0);
    }
  };
  return { asked, told, pass, kept };
};

test('looks as often as is said, with what is said then', async () => {
  const { asked, told, pass, kept } = start({ keepRows: true, rowsDays: 30, retainEveryMs: 6 * hourMs });
  await pass(13);
  expect(asked).toEqual([
    [6, { rowsDays: 30 }],
    [12, { rowsDays: 30 }],
  ]);
  expect(told[0]).toBe('old spend was dropped {"days":["2024-10-04"],"counters":0}');
  kept.stop();
  await pass(13);
  expect(asked.length).toBe(2);
});

test('looks when the cron expression says so', async () => {
  const { asked, pass } = start({ keepRows: true, rowsDays: 30, retainEveryMs: hourMs, retainCron: '0 4 * * *' });
  await pass(48);
  expect(asked.map(([hours]) => hours)).toEqual([16, 40]);
});

test('where no rows are kept, what tells events apart is kept for two days', async () => {
  const { asked, pass } = start({ keepRows: false, rowsDays: 30, retainEveryMs: 24 * hourMs });
  await pass(24);
  expect(asked).toEqual([[24, { rowsDays: 2 }]]);
});

test('a failure is told, and it is tried again', async () => {
  const { asked, told, pass } = start({ keepRows: true, rowsDays: 1, retainEveryMs: hourMs }, () => Promise.reject(new Error('away')));
  await pass(2);
  expect([asked.length, told.length, told[0]]).toEqual([2, 2, 'old spend could not be dropped, and is tried again the next time']);
});

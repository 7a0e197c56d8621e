import { expect, test } from 'bun:test';
import { load } from './testing.ts';

const general = (lines: string) => load(`general_settings:\n${lines.trim().replaceAll(/^\s*/gm, '  ')}\n`);

test('what is kept of calls, and for how long', () => {
  expect(load('model_list: []').ledger).toEqual({ keepRows: true, retainEveryMs: 86_400_000 });
  const { ledger } = general(`
    disable_spend_logs: true
    maximum_spend_logs_retention_period: 36h
    maximum_spend_logs_retention_interval: 6h
    maximum_spend_logs_cleanup_cron: "0 4 * * *"`);
  expect(ledger).toEqual({ keepRows: false, rowsDays: 2, retainEveryMs: 21_600_000, retainCron: '0 4 * * *' });
});

test('settings of deletes in batches are taken, and said to change nothing', () => {
  const { notes } = general(`
    maximum_spend_logs_cleanup_batch_size: 1000
    use_spend_logs_partitioning: true`);
  expect(notes.map(({ key, kind, message }) => [key, kind, message])).toEqual([
    ['general_settings.maximum_spend_logs_cleanup_batch_size', 'other', 'days are dropped as a whole, so that it changes nothing'],
    ['general_settings.use_spend_logs_partitioning', 'other', 'days are dropped as a whole, so that it changes nothing'],
  ]);
});

test.each([
  'maximum_spend_logs_cleanup_cron: every day',
  'maximum_spend_logs_cleanup_cron: 61 4 * * *',
  'maximum_spend_logs_retention_period: long',
])('a mistake is told: %s', (line) => expect(() => general(line)).toThrow(/must be a/));

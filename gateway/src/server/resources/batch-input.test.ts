import { expect, test } from 'bun:test';
import { rewriteBatch } from './batch-input.ts';
import { longestTurnMs } from '../../../../test/kit/cpu.ts';

const caller = {
  live: { router: { match: (name: string) => (name === 'ours' ? [{ model: 'theirs' }] : []) } },
} as unknown as Parameters<typeof rewriteBatch>[1];

const line = (model: unknown, id = 'a') => JSON.stringify({ custom_id: id, body: { model, messages: [] } });

test.each<[string, string, string]>([
  ['with an end', `${line('ours')}\n`, `${line('theirs')}\n`],
  ['without one', `${line('ours')}\n${line('other')}`, `${line('theirs')}\n${line('other')}`],
  ['with empty ones between', `\n${line('ours')}\n\n\r\n${line('ours')}`, `\n${line('theirs')}\n\n\r\n${line('theirs')}`],
  ['that hold no request', `null\n1\n{"body":null}\n${line('ours')}`, `null\n1\n{"body":null}\n${line('theirs')}`],
  ['with no name for a model', `${line(['ours'])}\n${line('ours')}`, `${line(['ours'])}\n${line('theirs')}`],
])('lines %s', async (_, given, made) => expect(await (await rewriteBatch(new Blob([given]), caller)).text()).toBe(made));

test('a file that needs no change stays the file', async () => {
  const file = new Blob([`${line('other')}\n`]);
  expect(await rewriteBatch(file, caller)).toBe(file);
});

test('a line that is none is named', () => {
  expect(rewriteBatch(new Blob([`${line('ours')}\n{`]), caller)).rejects.toThrow('Line 2 of the batch is not JSON');
});

test.each<[string, string]>([
  ['of empty lines', '\n'.repeat(3_000_000)],
  ['of many requests', `${line('ours')}\n`.repeat(60_000)],
  ['of ever other models', Array.from({ length: 30_000 }, (_, at) => line(`m${at}`)).join('\n')],
])('others have their turn during a file %s', async (_, text) => {
  // Above what a turn takes by far, and far below what all of them take at once.
  expect(await longestTurnMs(() => rewriteBatch(new Blob([text]), caller))).toBeLessThan(100);
});

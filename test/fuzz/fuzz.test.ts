import { expect, test } from 'bun:test';
import { createAnswerFuzzer } from './answers.ts';
import { createRequestFuzzer } from './requests.ts';
import { runCases } from './run.ts';

/* A slice of `npm run fuzz`, always the same one. */

const seed = 1;
const count = 1500;

test('changed requests: an answer or a refusal, and nothing else', async () => {
  const fuzzer = createRequestFuzzer(seed);
  expect(await runCases(fuzzer, { kind: 'request', from: 0, count, atOnce: 24, mostFindings: 10 })).toEqual([]);
  await fuzzer.stop();
}, 60_000);

test('changed answers: an answer that can be read or an error, and nothing else', async () => {
  const fuzzer = createAnswerFuzzer(seed);
  expect(await runCases(fuzzer, { kind: 'answer', from: 0, count, atOnce: 24, mostFindings: 10 })).toEqual([]);
}, 60_000);

test('what it looks for is found', async () => {
  const broken = {
    async run(index: number) {
      if (index === 2) Reflect.defineProperty(Object.getPrototypeOf({}) as object, 'polluted', { value: true, configurable: true });
      return index === 1 ? [{ kind: 'request' as const, index, problem: 'status 500', detail: '' }] : [];
    },
  };
  const found = await runCases(broken, { kind: 'request', from: 0, count: 4, atOnce: 1, mostFindings: 10 });
  expect(found.map(({ problem }) => problem)).toEqual(['status 500', 'a prototype of the language has new members']);
  expect('polluted' in {}).toBe(false);
});

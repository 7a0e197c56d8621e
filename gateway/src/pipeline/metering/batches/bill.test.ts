import { describe, expect, test } from 'bun:test';
import type { Deployment } from '../../../config/snapshot.ts';
import type { Live } from '../../live.ts';
import { Bill } from './bill.ts';

/** Ten picodollars a token; a model called `none` has no price. */
const live = {
  providerOf: () => 'openai',
  prices: {
    costOf: (_: Deployment, { model, usage }: { model: string; usage: { inputTokens: number } }) => ({
      cost:
        model === 'none'
          ? { known: false, why: 'no price' }
          : { known: true, source: 'test', lines: [{ what: 'inputTokens', count: usage.inputTokens, unitPicodollars: 10 }] },
    }),
  },
} as unknown as Live;

const billOf = (model = 'gpt') => new Bill(live, {} as Deployment, { model, batch: true, at: 0 });
const answer = (prompt: number) => ({
  object: 'chat.completion',
  usage: { prompt_tokens: prompt, completion_tokens: 5, total_tokens: prompt + 5 },
});

describe('the bill of a batch', () => {
  test('an answer may say anything of what it used: no sum becomes less by it, or no number', () => {
    const bill = billOf();
    for (const prompt of [1000, -5000, Number.NaN, Number.POSITIVE_INFINITY, 1e300]) bill.add(answer(prompt));
    const { inputTokens, outputTokens } = bill.usage!;
    expect(Number.isFinite(inputTokens) && inputTokens >= 1000).toBe(true);
    expect(outputTokens).toBe(25);
    expect(Number.isSafeInteger(bill.nanodollars)).toBe(true);
    expect(bill.nanodollars).toBeGreaterThanOrEqual(10);
  });

  test('counts those whose cost is not known apart from the others (FP-25)', () => {
    const bill = billOf();
    bill.add(answer(1_000_000));
    bill.add({ object: 'chat.completion' });
    expect([bill.answers, bill.unknownAnswers, bill.unknownTokens, bill.nanodollars]).toEqual([2, 1, 0, 10_000]);
    const unpriced = billOf('none');
    unpriced.add(answer(100));
    expect([unpriced.unknownAnswers, unpriced.unknownTokens, unpriced.nanodollars]).toEqual([1, 105, 0]);
  });

  test('training has no price, and none where nothing was trained', () => {
    const bill = billOf();
    bill.addTraining({ status: 'succeeded', trained_tokens: 700 });
    expect([bill.unknownAnswers, bill.unknownTokens]).toEqual([1, 700]);
    const failed = billOf();
    failed.addTraining({ status: 'failed', trained_tokens: -1 });
    expect(failed.unknownAnswers).toBe(0);
  });
});

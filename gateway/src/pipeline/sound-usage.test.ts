import { describe, expect, test } from 'bun:test';
import { totalInputTokens, totalOutputTokens, type CallFacts, type Usage } from 'sluice/kit';
import { account } from './account.ts';
import type { CallState } from './call-state.ts';
import { governing, liveOf, principalOf } from './governance/testing.ts';
import { soundUsage } from './sound-usage.ts';

describe('FP-14: numbers of an answer that are none', () => {
  test('what can be counted is left as it is', () => {
    const usage: Usage = {
      inputTokens: 1.5,
      outputTokens: 0,
      units: { images: 1, tools: { file_search: 2 } },
      providerCostUsd: 0.01,
      raw: {},
    };
    expect(soundUsage(usage)).toBe(usage);
  });

  test.each<[string, Usage, Usage]>([
    [
      'less than nothing',
      { inputTokens: -5, outputTokens: -1, cacheReadTokens: 3 },
      { inputTokens: 0, outputTokens: 0, cacheReadTokens: 3 },
    ],
    ['no number', { inputTokens: NaN, outputTokens: Infinity, reasoningTokens: -Infinity }, { inputTokens: 0, outputTokens: 0 }],
    ['too many', { inputTokens: 1e300, outputTokens: 2 ** 60 }, { inputTokens: 1e12, outputTokens: 1e12 }],
    ['a bill', { inputTokens: 1, outputTokens: 1, providerCostUsd: -5 }, { inputTokens: 1, outputTokens: 1 }],
    [
      'a bill without end',
      { inputTokens: 1, outputTokens: 1, providerCostUsd: 1e300 },
      { inputTokens: 1, outputTokens: 1, providerCostUsd: 1e6 },
    ],
    [
      'units',
      { inputTokens: 0, outputTokens: 0, units: { pages: NaN, images: 2, tools: { a: -1, b: 1 } } },
      { inputTokens: 0, outputTokens: 0, units: { images: 2, tools: { b: 1 } } },
    ],
  ])('%s', (_, usage, sound) => expect(soundUsage(usage)).toEqual(sound));
});

const live = await liveOf(`
model_list:
  - { model_name: priced, litellm_params: { model: openai/gpt-4o, api_key: k, input_cost_per_token: 0.001, output_cost_per_token: 0.001 } }
  - { model_name: unpriced, litellm_params: { model: openai/no-such-model-at-all, api_key: k } }
`);

describe.each(['priced', 'unpriced'])('a call of a model that is %s', (model) => {
  test.each([NaN, Infinity, -1e9, 1e300])(
    'FP-14: whose answer says that it used %p tokens pays no less than nothing, and no budget is lost',
    (count) => {
      const now = { at: Date.UTC(2026, 10, 22, 12) };
      const { governor, stateOf, asked } = governing(live, now);
      const principal = principalOf({ max_budget: 1, tpm_limit: 1_000_000 });
      const made: CallState = {
        ...stateOf(principal),
        clock: () => now.at,
        startedAt: now.at,
        model,
        callId: 'c',
        ignored: [],
        attempts: 1,
        fallbacks: 0,
        waitedMs: 0,
        deployment: live.router.match(model)[0]!.deployment.payload,
      };
      void governor.admit(made, asked(model, { max_tokens: 1 }));
      made.facts = {
        provider: 'openai',
        model: 'x',
        status: 200,
        headers: new Headers(),
        dropped: [],
        sentAt: now.at,
        headersAt: now.at,
        endedAt: now.at,
        usage: { inputTokens: count, outputTokens: count },
      } as unknown as CallFacts;
      const record = account(made, 200, undefined);
      expect(totalInputTokens(record.usage!)).toBeGreaterThanOrEqual(0);
      expect(Number.isSafeInteger(totalOutputTokens(record.usage!))).toBe(true);
      const spent = governor.spentUsd({ subject: 'key:k' })!;
      expect(Number.isFinite(spent) && spent >= 0).toBe(true);
      const admitAgain = () => governor.admit(stateOf(principal), asked(model, { max_tokens: 1_000_000_000 }));
      expect(admitAgain).toThrow();
    },
  );
});

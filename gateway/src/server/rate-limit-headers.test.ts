import { describe, expect, test } from 'bun:test';
import { openaiChat, SluiceError, type CallFacts } from 'sluice/kit';
import { refusalError, type Limit, type Refusal, type Remaining } from '../limits/index.ts';
import type { CallState } from '../pipeline/call-state.ts';
import { errorResponse } from './error-response.ts';
import { addRateLimits } from './rate-limit-headers.ts';

const now = 1_800_000_000_000;
const limit = (subject: string, metric: Limit['metric'], max: number, more: Partial<Limit> = {}): Limit => ({
  subject,
  metric,
  max,
  label: subject,
  ...(metric !== 'parallel' && { windowMs: 60_000 }),
  ...more,
});
const stands = (of: Limit, used: number, resetsAt?: number): Remaining => ({
  limit: of,
  used,
  remaining: Math.max(0, of.max - used),
  resetsAt,
});
const headersOf = (remaining: readonly Remaining[], more: object = {}, before: Record<string, string> = {}): Record<string, string> => {
  const { worst, ...state } = more as { worst?: object };
  addRateLimits(before, { clock: () => now, stream: false, held: { remaining, worst }, ...state } as unknown as CallState);
  return before;
};

describe('headers of limits', () => {
  test("each limit under LiteLLM's name for its subject, the key's own under OpenAI's too", () => {
    expect(
      headersOf([
        stands(limit('key:ab', 'requests', 10), 3, now + 61_200),
        stands(limit('key:ab', 'tokens', 1000), 100, now + 800),
        stands(limit('key:ab', 'parallel', 4), 1),
        stands(limit('team:t', 'requests', 100), 100),
        stands(limit('team_member:t/u', 'requests', 5), 1),
        stands(limit('customer:c', 'tokens', 50), 20),
        stands(limit('organization:o', 'requests', 7), 0),
      ]),
    ).toEqual({
      'x-ratelimit-api_key-limit-requests': '10',
      'x-ratelimit-api_key-remaining-requests': '7',
      'x-ratelimit-limit-requests': '10',
      'x-ratelimit-remaining-requests': '7',
      'x-ratelimit-reset-requests': '1m2s',
      'x-ratelimit-api_key-limit-tokens': '1000',
      'x-ratelimit-api_key-remaining-tokens': '900',
      'x-ratelimit-limit-tokens': '1000',
      'x-ratelimit-remaining-tokens': '900',
      'x-ratelimit-reset-tokens': '800ms',
      'x-ratelimit-api_key-limit-max_parallel_requests': '4',
      'x-ratelimit-api_key-remaining-max_parallel_requests': '3',
      'x-ratelimit-team-limit-requests': '100',
      'x-ratelimit-team-remaining-requests': '0',
      'x-ratelimit-team_member-limit-requests': '5',
      'x-ratelimit-team_member-remaining-requests': '4',
      'x-ratelimit-end_user-limit-tokens': '50',
      'x-ratelimit-end_user-remaining-tokens': '30',
      'x-ratelimit-organization-limit-requests': '7',
      'x-ratelimit-organization-remaining-requests': '7',
    });
  });

  test('of a key and of the key for the model, the one with the least is the plain one', () => {
    const ofKey = stands(limit('key:ab', 'requests', 10), 2, now + 1000);
    const ofModel = stands(limit('key:ab/model:openai/gpt-4o', 'requests', 3), 1, now + 3_700_000);
    for (const all of [
      [ofKey, ofModel],
      [ofModel, ofKey],
    ])
      expect(headersOf(all)).toMatchObject({
        'x-ratelimit-limit-requests': '3',
        'x-ratelimit-remaining-requests': '2',
        'x-ratelimit-reset-requests': '1h1m40s',
        'x-ratelimit-api_key-limit-requests': '10',
        'x-ratelimit-model_per_key-limit-requests': '3',
        'x-ratelimit-model_per_key-remaining-requests': '2',
      });
  });

  test('of several tags, the one with the least; a tag of a key is no limit of the key', () => {
    const all = [
      stands(limit('tag:a', 'requests', 10), 9),
      stands(limit('tag:b', 'requests', 10), 2),
      stands(limit('key:k/tag:a', 'requests', 1), 1),
    ];
    expect(headersOf(all)).toEqual({
      'x-ratelimit-tag-limit-requests': '10',
      'x-ratelimit-tag-remaining-requests': '1',
      'x-ratelimit-tag_per_key-limit-requests': '1',
      'x-ratelimit-tag_per_key-remaining-requests': '0',
    });
  });

  test('names of models do not look like parts of subjects', () => {
    const all = [stands(limit('model:a/model:b', 'requests', 9), 1), stands(limit('priority:m/tag%3Ax', 'tokens', 5), 1)];
    expect(Object.keys(headersOf(all)).sort()).toEqual([
      'x-ratelimit-model_saturation_check-limit-requests',
      'x-ratelimit-model_saturation_check-remaining-requests',
      'x-ratelimit-priority_model-limit-tokens',
      'x-ratelimit-priority_model-remaining-tokens',
    ]);
  });

  test('budgets, and what refuses nothing, are not among them', () => {
    expect(headersOf([stands(limit('key:a', 'cost', 9), 1), stands(limit('key:a', 'requests', 9, { soft: true }), 1)])).toEqual({});
    expect(headersOf([])).toEqual({});
  });

  test("the provider's own go on where the key has no such limit, and give way where it has", () => {
    const before = {
      'x-ratelimit-remaining-requests': '9999',
      'x-ratelimit-remaining-tokens': '777',
      // A provider that is a LiteLLM proxy.
      'x-ratelimit-api_key-remaining-requests': '1',
    };
    expect(headersOf([stands(limit('key:a', 'requests', 9), 1)], {}, before)).toMatchObject({
      'x-ratelimit-remaining-requests': '8',
      'x-ratelimit-api_key-remaining-requests': '8',
      'x-ratelimit-remaining-tokens': '777',
    });
  });

  test('tokens that were taken for a call and not used are not told as used', () => {
    const facts = { endedAt: now, usage: { inputTokens: 10, outputTokens: 5 } } as CallFacts;
    const worst = { inputTokens: 20, outputTokens: 400, costNanodollars: 0 };
    const all = [stands(limit('key:a', 'tokens', 1000), 500), stands(limit('team:a', 'output_tokens', 1000), 420)];
    const [remaining, ofTeam] = ['x-ratelimit-remaining-tokens', 'x-ratelimit-team-remaining-tokens'];
    expect(headersOf(all, { worst, facts })).toMatchObject({ [remaining]: '905', [ofTeam]: '975' });
    expect(headersOf(all, { worst, facts, stream: true })).toMatchObject({ [remaining]: '500', [ofTeam]: '580' });
    expect(headersOf(all, { worst })).toMatchObject({ [remaining]: '500' });
    // More than it was thought to use, of a limit that was passed meanwhile.
    const much = { ...facts, usage: { inputTokens: 5000, outputTokens: 5 } };
    expect(headersOf(all, { worst, facts: much })).toMatchObject({ [remaining]: '0' });
  });

  test('how busy the model is, and as whose the call counts', () => {
    expect(headersOf([], { sharing: { priority: 'prod', saturation: 0.4567, limiter: 'v3' } })).toEqual({
      'x-litellm-saturation': '45.67%',
      'x-litellm-priority': 'prod',
      'x-litellm-rate-limiter-version': 'v3',
    });
    expect(headersOf([], { sharing: { priority: 'wichtig\r\nä', saturation: 0, limiter: 'v1' } })['x-litellm-priority']).toBe(
      'wichtig%0D%0A%C3%A4',
    );
    expect(headersOf([], { sharing: { priority: 'default', saturation: 1 } })).toEqual({ 'x-litellm-saturation': '100.00%' });
  });
});

describe('headers of refusals', () => {
  const headersOfRefusal = (refusal: Refusal) => Object.fromEntries(errorResponse(refusalError(refusal, { now }), openaiChat, {}).headers);

  test('a rate: which, how much, when again', () => {
    expect(headersOfRefusal({ limit: limit('key:a', 'requests', 10), used: 10, asked: 1, resetsAt: now + 12_001 })).toEqual({
      'content-type': 'application/json; charset=utf-8',
      'retry-after': '13',
      rate_limit_type: 'requests',
      reset_at: '2027-01-15 08:00:12 UTC',
      'x-ratelimit-api_key-limit-requests': '10',
      'x-ratelimit-api_key-remaining-requests': '0',
      'x-ratelimit-limit-requests': '10',
      'x-ratelimit-remaining-requests': '0',
      'x-ratelimit-reset-requests': '13s',
    });
  });

  test('parallel calls: nobody knows when', () => {
    const headers = headersOfRefusal({ limit: limit('team:a', 'parallel', 2), used: 2, asked: 1, resetsAt: undefined });
    expect(headers).toMatchObject({
      'retry-after': '1',
      rate_limit_type: 'max_parallel_requests',
      'x-ratelimit-team-remaining-max_parallel_requests': '0',
    });
    expect([headers['reset_at'], headers['x-ratelimit-remaining-requests']]).toEqual([undefined, undefined]);
  });

  test('a budget, whatever its status is', () => {
    const refusal = { limit: limit('key:a', 'cost', 10), used: 10, asked: 1, resetsAt: now + 86_400_000 };
    for (const budgetExceededStatusCode of [400, 422, 429]) {
      const response = errorResponse(refusalError(refusal, { now, budgetExceededStatusCode }), openaiChat, {});
      expect([
        response.status,
        response.headers.get('rate_limit_type'),
        response.headers.get('reset_at'),
        response.headers.get('retry-after'),
      ]).toEqual([budgetExceededStatusCode, 'budget', '2027-01-16 08:00:00 UTC', '3600']);
      expect([...response.headers.keys()].some((name) => name.startsWith('x-ratelimit'))).toBe(false);
    }
  });

  test('other errors say nothing of limits', () => {
    const response = errorResponse(new SluiceError('rate_limited', 'busy'), openaiChat, {});
    expect([response.headers.get('rate_limit_type'), response.headers.get('retry-after')]).toEqual([null, '1']);
  });
});

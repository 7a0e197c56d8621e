import type { SpendEvent } from '../event.ts';
import { dayMs } from './day.ts';

/** A quarter past noon, 2026-11-22. */
export const testedAt = Date.UTC(2026, 10, 22, 12, 15);

/** An event of a plain call: 1,000 tokens in, 500 out, for 0.0125 US dollars. */
export const eventOf = (more: Partial<SpendEvent> = {}): SpendEvent => {
  const at = more.at ?? testedAt;
  const keyId = more.keyId ?? 'ab12';
  return {
    id: crypto.randomUUID(),
    callId: crypto.randomUUID(),
    at,
    endedAt: at + 700,
    firstOutputAt: at + 200,
    route: 'chat',
    status: 200,
    model: 'gpt',
    upstreamModel: 'gpt-4o',
    deploymentId: 'd1',
    provider: 'openai',
    stream: true,
    attempts: 1,
    keyId,
    keyAlias: 'ada',
    userId: 'u1',
    teamId: 't1',
    tags: ['night', 'batch'],
    userAgent: 'OpenAI/Python 2.0',
    address: '127.0.0.1',
    usage: { inputTokens: 900, cacheReadTokens: 100, outputTokens: 500 },
    nanodollars: 12_500_000,
    costKnown: true,
    originalNanodollars: 12_500_000,
    prices: [
      ['inputTokens', 900, 5_000_000],
      ['cacheReadTokens', 100, 5_000_000],
      ['outputTokens', 500, 15_000_000],
    ],
    priceSource: 'https://prices.test/openai, 2026-11-20',
    charges: [
      ['gateway', 0],
      [`key:${keyId}`, 0],
      [`key:${keyId}`, at - (at % dayMs)],
      [`key:${keyId}/model:gpt`, 0],
      ['team:t1', 0],
      ['user:u1', 0],
      ['team_member:t1/u1', 0],
      ['tag:night', 0],
      ['tag:batch', 0],
    ],
    ...more,
  };
};

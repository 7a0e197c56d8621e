import { expect, test } from 'bun:test';
import type { Limit } from '../../limits/index.ts';
import { HeardUse } from './heard-use.ts';

const limit = (subject: string, metric: Limit['metric'] = 'requests'): Limit => ({
  subject,
  metric,
  max: 10,
  windowMs: 60_000,
  label: subject,
});

test('holds what was heard of models last, as long as it may be believed', () => {
  const heard = new HeardUse();
  heard.hear(
    [
      { limit: limit('model:m'), used: 3 },
      { limit: limit('model:m', 'tokens'), used: 9 },
      { limit: limit('key:a'), used: 5 },
    ],
    1000,
  );
  expect([heard.usedOf(limit('model:m'), 61_000, 60_000), heard.usedOf(limit('model:m', 'tokens'), 61_000, 60_000)]).toEqual([3, 9]);
  expect([heard.usedOf(limit('model:m'), 61_001, 60_000), heard.usedOf(limit('key:a'), 1000, 60_000)]).toEqual([0, 0]);
  heard.hear([{ limit: { ...limit('model:m'), max: 1 }, used: 1 }], 2000);
  expect([heard.usedOf(limit('model:m'), 2000, 0), heard.usedOf(limit('model:m'), 2001, 0)]).toEqual([1, 0]);
});

test('is bounded: the longest unheard of are left out', () => {
  const heard = new HeardUse();
  for (let at = 0; at < 4001; at++) heard.hear([{ limit: limit(`model:${at}`), used: 1 }], 0);
  expect([heard.usedOf(limit('model:0'), 0, 1), heard.usedOf(limit('model:1'), 0, 1)]).toEqual([0, 1]);
});

import { expect, test } from 'bun:test';
import { durationMs, partsOfDuration } from './durations.ts';

const day = 86_400_000;

test.each([
  ['30s', 30_000],
  ['15m', 900_000],
  ['24h', day],
  ['1d', day],
  ['2w', 14 * day],
  ['1mo', 30 * day],
  ['2mo', 60 * day],
  ['1y', 365 * day],
  ['daily', day],
  ['weekly', 7 * day],
  ['Monthly', 30 * day],
  ['yearly', 365 * day],
])('%s', (text, expected) => expect(durationMs(text)).toBe(expected));

test.each(['', '0d', '10', 'd', '1x', '1 d', '-1d', '1.5h', '1d2h', 'toString', '9999999d'])('%p is no duration', (text) =>
  expect(durationMs(text)).toBeUndefined(),
);

test.each([
  ['30d', { count: 30, unit: 'd', ms: 30 * day }],
  ['720h', { count: 720, unit: 'h', ms: 30 * day }],
  [' Monthly ', { count: 1, unit: 'mo', ms: 30 * day }],
] as const)('%p in its parts', (text, parts) => expect(partsOfDuration(text)).toEqual(parts));

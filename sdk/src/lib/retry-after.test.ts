import { describe, expect, test } from 'bun:test';
import { retryAfterMs } from './retry-after.ts';

const now = Date.parse('2026-11-21T12:00:00Z');
const of = (headers: Record<string, string>) => retryAfterMs(new Headers(headers), now);

describe('retryAfterMs', () => {
  test.each([
    [{ 'retry-after': '20' }, 20_000],
    [{ 'retry-after': ' 0.25 ' }, 250],
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after': 'Sat, 21 Nov 2026 12:00:30 GMT' }, 30_000],
    [{ 'retry-after': 'Sat, 21 Nov 2026 11:00:00 GMT' }, 0],
    [{ 'retry-after-ms': '1500', 'retry-after': '20' }, 1500],
    [{ 'retry-after-ms': 'soon', 'retry-after': '20' }, 20_000],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'retry-after': '-3' }, undefined],
    [{ 'retry-after': '' }, undefined],
    [{}, undefined],
  ])('%p is %p', (headers, expected) => {
    expect(of(headers as Record<string, string>)).toBe(expected as number);
  });

  test.each([
    ['1s', 1000],
    ['6m0s', 360_000],
    ['20ms', 20],
    ['2m59.56s', 179_560],
    ['1h2m3s', 3_723_000],
    ['17', 17_000],
    [String(now + 5000), 5000],
    [String(now / 1000 + 7), 7000],
    ['2026-11-21T12:00:09Z', 9000],
    ['whenever', undefined],
  ])('a used-up limit that resets in %p', (reset, expected) => {
    expect(of({ 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': reset })).toBe(expected as number);
  });

  test('a limit that is not used up says nothing', () => {
    expect(of({ 'x-ratelimit-remaining-tokens': '12', 'x-ratelimit-reset-tokens': '30s' })).toBeUndefined();
    expect(of({ 'x-ratelimit-reset-tokens': '30s' })).toBeUndefined();
  });

  test('of several used-up limits the longest counts; Anthropic names them its own way', () => {
    expect(
      of({
        'x-ratelimit-remaining-requests': '0',
        'x-ratelimit-reset-requests': '1s',
        'anthropic-ratelimit-input-tokens-remaining': '0',
        'anthropic-ratelimit-input-tokens-reset': '2026-11-21T12:00:42Z',
      }),
    ).toBe(42_000);
  });
});

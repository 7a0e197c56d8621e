import { describe, expect, test } from 'bun:test';
import { editDistance, misspelt, nearest } from './nearest.ts';

describe('edit distance', () => {
  test.each([
    ['', '', 0],
    ['abc', 'abc', 0],
    ['abc', 'abd', 1],
    ['abc', 'ab', 1],
    ['ab', 'abc', 1],
    ['wieght', 'weight', 1],
    ['kitten', 'sitting', 3],
  ])('%s and %s: %d', (a, b, expected) => {
    expect(editDistance(a, b)).toBe(expected);
  });
});

describe('nearest', () => {
  const known = ['api_key', 'api_base', 'num_retries', 'latency-based-routing'];
  test.each([
    ['api_kye', 'api_key'],
    ['apiKey', 'api_key'],
    ['API-BASE', 'api_base'],
    ['num_retry', 'num_retries'],
    ['latency', 'latency-based-routing'],
  ])('%s -> %s', (word, expected) => {
    expect(nearest(word, known)).toBe(expected);
  });
  test('nothing is near', () => {
    expect(nearest('temperature', known)).toBeUndefined();
    expect(nearest('x', known)).toBeUndefined();
  });
  test('the nearest of several', () => {
    expect(nearest('max_token', ['max_tokens_x', 'max_tokens', 'max_toke'])).toBe('max_tokens');
  });
});

describe('misspelt is stricter', () => {
  test('short words have too many neighbours', () => {
    expect(misspelt('rpn', ['rpm'])).toBeUndefined();
    expect(misspelt('tool_chioce', ['tool_choice'])).toBe('tool_choice');
  });
  test('another word of the same form is no misspelling', () => {
    expect(misspelt('safety_mode', ['safety_settings'])).toBeUndefined();
  });
});

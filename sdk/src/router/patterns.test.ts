import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { bySpecificity, compilePattern, fillStars } from './patterns.ts';
import { cpuMs } from '../../../test/kit/cpu.ts';

describe('compilePattern', () => {
  test.each([
    ['openai/*', 'openai/gpt-4o', ['gpt-4o']],
    ['openai/*', 'openai/', ['']],
    ['openai/*', 'azure/gpt-4o', undefined],
    ['*', 'anything/at all', ['anything/at all']],
    ['*', '', ['']],
    ['*-latest', 'claude-latest', ['claude']],
    ['a*b*c', 'a1b2b3c', ['1b2', '3']],
    ['*-*', 'x-y-z', ['x-y', 'z']],
    ['a**b', 'axb', ['x']],
    ['gpt-4.*', 'gpt-4.1', ['1']],
    ['gpt-4.*', 'gpt-401', undefined],
    ['ab*ba', 'aba', undefined],
    ['plain', 'plain', []],
  ])('%p on %p: %p', (pattern, name, texts) => {
    expect(compilePattern(pattern).match(name)).toEqual(texts as string[]);
  });

  test('agrees with the regular expression that it stands for', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '/', '.'), maxLength: 8 });
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 4 }), text, (parts, name) => {
        const pattern = parts.join('*').replaceAll(/\*+/g, '*');
        const expression = new RegExp(
          `^${pattern
            .split('*')
            .map((part) => part.replaceAll('.', '\\.'))
            .join('(.*)')}$`,
        );
        expect(compilePattern(pattern).match(name)).toEqual(expression.exec(name)?.slice(1));
      }),
      { numRuns: 1000 },
    );
  });

  test('a hostile name costs nothing', () => {
    const pattern = compilePattern('a*a*a*a*a*a*a*a*b');
    const start = cpuMs();
    expect(pattern.match('a'.repeat(100_000))).toBeUndefined();
    expect(cpuMs() - start).toBeLessThan(50);
  });
});

test('stars of the model are filled in order', () => {
  expect(fillStars('azure/*', ['gpt-4o'])).toBe('azure/gpt-4o');
  expect(fillStars('*/x-*', ['a', 'b'])).toBe('a/x-b');
  expect(fillStars('*-*', ['a'])).toBe('a-a');
  expect(fillStars('fixed', ['a'])).toBe('fixed');
  expect(fillStars('*', ['$&'])).toBe('$&');
  expect(fillStars('x/*', [])).toBe('x/');
});

test('the most specific pattern comes first', () => {
  expect(['*', 'openai/*', 'openai/gpt-*', 'a*b*c', 'azure/*'].sort(bySpecificity)).toEqual([
    'openai/gpt-*',
    'openai/*',
    'azure/*',
    'a*b*c',
    '*',
  ]);
  expect(['b*', 'a*'].sort(bySpecificity)).toEqual(['a*', 'b*']);
});

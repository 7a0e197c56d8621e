import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import type { Needs } from '../route-request.ts';
import { contextWindowFilter } from './context-window.ts';
import { candidate, ids } from './testing.ts';

const small = candidate('small', {}, { maxInputTokens: 1000 });
const shared = candidate('shared', {}, { contextWindow: 4000 });
const large = candidate('large', {}, { maxInputTokens: 100_000, contextWindow: 120_000 });
const unknown = candidate('unknown');
const all = [small, shared, large];

const of = (inputTokens: number, more: Partial<Needs> = {}) => ({ needs: (): Needs => ({ abilities: [], inputTokens, ...more }) });

describe('contextWindowFilter', () => {
  test.each<[number, number | undefined, string]>([
    [1000, undefined, 'small shared large'],
    [1001, undefined, 'shared large'],
    [1000, 3000, 'small shared large'],
    [1000, 3001, 'small large'],
    [4001, undefined, 'large'],
    [100_000, 20_000, 'large'],
  ])('%p tokens, and %p of output: %s', (inputTokens, maxOutputTokens, left) => {
    const needs = of(inputTokens, maxOutputTokens === undefined ? {} : { maxOutputTokens });
    expect(ids(contextWindowFilter<string>().keep(all, needs, 0))).toBe(left);
  });

  test('who is not known stays', () => {
    expect(ids(contextWindowFilter<string>().keep([small, unknown], of(1e9), 0))).toBe('unknown');
  });

  test('the estimate is not made where the call is surely short enough, or nobody has a limit', () => {
    const needs: Needs = {
      abilities: [],
      get inputTokens(): number {
        throw new Error('estimated');
      },
      inputTokensAtMost: 1000,
    };
    expect(contextWindowFilter<string>().keep(all, { needs: () => needs }, 0)).toBe(all);
    const unlimited = [unknown];
    expect(contextWindowFilter<string>().keep(unlimited, { needs: () => ({ ...needs, inputTokensAtMost: 1e9 }) }, 0)).toBe(unlimited);
  });

  test('too long for all: all of them, or a refusal that context fallbacks are for', () => {
    const both = [small, shared];
    expect(contextWindowFilter<string>().keep(both, of(9000), 0)).toBe(both);
    const strict = contextWindowFilter<string>({ strict: true });
    expect(strict.keep(both, of(9000), 0)).toEqual([]);
    expect(strict.refusal('m', of(9000)).code).toBe('context_window_exceeded');
  });

  test('an estimate that is a little too high refuses nothing: the provider judges', () => {
    const strict = contextWindowFilter<string>({ strict: true });
    expect(ids(strict.keep([small, shared], of(5000), 0))).toBe('shared');
    expect(ids(strict.keep([small, shared], of(5001), 0))).toBe('');
  });

  test('equal results are one array', () => {
    const filter = contextWindowFilter<string>();
    expect(filter.keep(all, of(2000), 0)).toBe(filter.keep(all, of(2500), 0));
  });

  test('whoever is left takes the prompt, if anybody does', () => {
    const limit = fc.option(fc.integer({ min: 1, max: 100 }), { nil: undefined });
    fc.assert(
      fc.property(fc.array(fc.tuple(limit, limit), { minLength: 1, maxLength: 6 }), fc.nat(120), fc.nat(50), (limits, inputTokens, out) => {
        const candidates = limits.map(([maxInputTokens, contextWindow], at) =>
          candidate(
            String(at),
            {},
            { ...(maxInputTokens !== undefined && { maxInputTokens }), ...(contextWindow !== undefined && { contextWindow }) },
          ),
        );
        const fit = candidates.filter(
          ({ facts }) => inputTokens <= (facts.maxInputTokens ?? Infinity) && inputTokens + out <= (facts.contextWindow ?? Infinity),
        );
        const left = contextWindowFilter<string>().keep(candidates, of(inputTokens, { maxOutputTokens: out }), 0);
        if (fit.length === 0 || fit.length === candidates.length) expect(left).toBe(candidates);
        else expect([...left]).toEqual(fit);
      }),
    );
  });
});

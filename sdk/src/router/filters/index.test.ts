import { describe, expect, test } from 'bun:test';
import type { Candidate } from '../candidate.ts';
import type { RouteRequest } from '../route-request.ts';
import { createBudgets, createFilters } from './index.ts';
import { candidate, ids } from './testing.ts';

const run = (candidates: readonly Candidate<string>[], request: RouteRequest, filters = createFilters<string>()) =>
  filters.reduce((left, filter) => (left.length === 0 ? left : filter.keep(left, request, 0)), candidates);

describe('createFilters', () => {
  test('has only what is switched on', () => {
    expect(createFilters().map(({ name }) => name)).toEqual(['active', 'region', 'max-price', 'capabilities', 'context-window']);
    const { filter } = createBudgets({});
    expect(createFilters({ tags: {}, budget: filter }).map(({ name }) => name)).toEqual([
      'active',
      'tags',
      'region',
      'budget',
      'max-price',
      'capabilities',
      'context-window',
    ]);
  });

  test('a call that asks for nothing gets the array itself back from all of them', () => {
    const all = [candidate('a', { region: 'us', tags: ['x'] }, { maxInputTokens: 10, lacks: new Set(['vision']) }), candidate('b')];
    expect(run(all, {}, createFilters<string>({ tags: {} }))).toBe(all);
  });

  test('what is only preferred chooses among those that are allowed', () => {
    const all = [candidate('seeing-us', { region: 'us' }), candidate('blind-eu', { region: 'eu-west-1' }, { lacks: new Set(['vision']) })];
    const request = { regions: ['eu'], needs: () => ({ abilities: ['vision'], inputTokens: 0 }) };
    expect(ids(run(all, request))).toBe('blind-eu');
    expect(ids(run(all, request, createFilters<string>({ preCallChecks: true })))).toBe('');
  });
});

import { expect, test } from 'bun:test';
import * as fc from 'fast-check';
import type { Principal } from '../principal.ts';
import type { KeyRecord } from '../records/records.ts';
import { demandKeyGrant } from './key.ts';
import { limitBeyond, modelsBeside } from './key-limits.ts';

const stored = (data: Partial<KeyRecord>, by = 'admin') => ({
  id: 'h',
  version: 1,
  data: { key_name: 'sk-...', models: [], ...data },
  createdAt: 0,
  createdBy: by,
  updatedAt: 0,
  updatedBy: by,
});
const key = (data: Partial<KeyRecord>): KeyRecord => ({ key_name: 'sk-...', models: [], ...data });
const caller = (data?: Partial<KeyRecord>, role: Principal['role'] = 'internal_user'): Principal => ({
  kind: 'key',
  role,
  userId: 'u',
  teams: new Map(),
  organizations: new Map(),
  bundles: [],
  budgets: [],
  ...(data && { key: stored(data) }),
});

const amount = fc.option(fc.nat(10), { nil: null });
const limits = fc.record({
  max_budget: amount,
  tpm_limit: amount,
  rpm_limit: amount,
  max_parallel_requests: amount,
  budget_duration: fc.option(fc.constantFrom('1h', '1d', '30d'), { nil: null }),
  model_rpm_limit: fc.option(fc.dictionary(fc.constantFrom('a', 'b'), fc.nat(5)), { nil: null }),
});

test('being within is a partial order: of itself, and through another', () => {
  fc.assert(
    fc.property(limits, limits, limits, (one, two, three) => {
      expect(limitBeyond(one, one)).toBeUndefined();
      if (limitBeyond(one, two) === undefined && limitBeyond(two, three) === undefined) expect(limitBeyond(one, three)).toBeUndefined();
    }),
  );
});

test('a key that is within the caller’s has no limit above it', () => {
  fc.assert(
    fc.property(limits, limits, (own, asked) => {
      try {
        demandKeyGrant({ principal: caller(own), isAdmin: true, after: key({ user_id: 'u', ...asked }), setsSpend: false });
      } catch {
        return;
      }
      for (const name of ['max_budget', 'tpm_limit', 'rpm_limit', 'max_parallel_requests'] as const)
        if (own[name] !== null) expect(asked[name] ?? Infinity).toBeLessThanOrEqual(own[name]);
    }),
  );
});

test('proxy admins may everything', () => {
  const grant = {
    principal: caller({ max_budget: 1 }, 'proxy_admin'),
    isAdmin: true,
    after: key({ max_budget: 9, user_id: 'v' }),
    setsSpend: true,
  };
  expect(() => demandKeyGrant(grant)).not.toThrow();
});

test('a key of a bundle is within a key of that bundle, and an empty list is not', () => {
  const principal = caller({ models: ['a'], access_group_ids: ['g'] });
  const grant = (after: Partial<KeyRecord>) => () =>
    demandKeyGrant({ principal, isAdmin: true, after: key({ user_id: 'u', ...after }), setsSpend: false });
  expect(grant({ models: ['a'] })).not.toThrow();
  expect(grant({ access_group_ids: ['g'] })).not.toThrow();
  expect(grant({})).toThrow('models');
  expect(grant({ models: ['b'] })).toThrow('models');
  expect(grant({ models: ['a'], access_group_ids: ['h'] })).toThrow('access_group_ids');
});

test('every way to a model beside the list', () => {
  expect(
    modelsBeside({
      aliases: { x: 'a' },
      budget_fallbacks: { y: ['b'] },
      router_settings: {
        fallbacks: [{ y: ['c'] }],
        context_window_fallbacks: [{ y: ['d'] }],
        model_group_alias: { e: 'e', f: { model: 'f' } },
      },
    }),
  ).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
});

test('whoever came with a token gives no more than its scopes', () => {
  const grant = (more: Partial<Principal>, after: Partial<KeyRecord>) => () =>
    demandKeyGrant({ principal: { ...caller(), ...more }, isAdmin: true, after: key({ user_id: 'u', ...after }), setsSpend: false });
  expect(grant({ tokenModels: ['a'] }, { models: ['a'] })).not.toThrow();
  expect(grant({ tokenModels: ['a'] }, {})).toThrow('models');
  expect(grant({ tokenModels: [] }, {})).toThrow('no models');
  expect(grant({ tokenRoutes: ['llm_api_routes', '/key/generate'] }, { allowed_routes: ['/v1/embeddings'] })).not.toThrow();
  expect(grant({ tokenRoutes: ['llm_api_routes', '/key/generate'] }, { allowed_routes: ['/key/*'] })).toThrow('allowed_routes');
});

test('a limit that holds only while its model fails is for administrators to give, and not by a key that is held to one', () => {
  const give = (own: Partial<KeyRecord>, isAdmin: boolean) => () =>
    demandKeyGrant({
      principal: caller(own),
      isAdmin,
      after: key({ user_id: 'u', rpm_limit: 1, tpm_limit: 1, rpm_limit_type: 'dynamic' }),
      setsSpend: false,
    });
  expect(give({}, false)).toThrow('Only an administrator lets a limit hold only while its model fails');
  expect(give({}, true)).not.toThrow();
  expect(give({ rpm_limit: 1 }, true)).toThrow('rpm_limit_type');
  expect(give({ model_rpm_limit: { a: 1 }, rpm_limit_type: 'dynamic' }, true)).toThrow('model_rpm_limit');
  expect(give({ rpm_limit: 1, rpm_limit_type: 'dynamic' }, true)).not.toThrow();
});

test('FP-34: what raises a budget for a time is not drawn out by who uses the key', () => {
  const before = stored({ user_id: 'u', max_budget: 1, temp_budget_increase: 9, temp_budget_expiry: 1000 }, 'u');
  const to = (changes: Partial<KeyRecord>, isAdmin = false) => {
    const after = { ...before.data, ...changes };
    return () => demandKeyGrant({ principal: caller(), isAdmin, before, after, setsSpend: false });
  };
  expect(to({ temp_budget_expiry: 1001 })).toThrow(/temp_budget_expiry|for longer/);
  expect(to({ temp_budget_increase: 1, temp_budget_expiry: 1001 })).toThrow('for longer');
  expect(to({ temp_budget_increase: 10 })).toThrow('raises a budget for a time');
  for (const changes of [{}, { temp_budget_expiry: 999 }, { temp_budget_increase: null, temp_budget_expiry: null }])
    expect(to(changes)).not.toThrow();
  expect(to({ temp_budget_expiry: 1001 }, true)).not.toThrow();
});

import { describe, expect, test } from 'bun:test';
import type { TeamRecord } from '../records/records.ts';
import type { Relation } from '../relations.ts';
import { limitsBeyond } from './limits-within.ts';
import { modelsBeyond } from './models-within.ts';
import { demandTeamGrant } from './team.ts';
import { demandWithin } from './within.ts';

const team: TeamRecord = {
  models: ['gpt-4o', 'embedding-*'],
  max_budget: 10,
  budget_duration: '30d',
  tpm_limit: 1000,
  rpm_limit: 100,
  max_parallel_requests: 5,
  model_rpm_limit: { 'gpt-4o': 10 },
  model_tpm_limit: { 'gpt-4o': 100 },
  access_group_ids: ['g'],
  tags: ['a', 'b'],
  metadata: { cost_center: 1, max_budget_per_session: 5 },
};

const outcome = (change: Partial<TeamRecord>, ...relations: readonly Relation[]): string => {
  try {
    demandTeamGrant(team, { ...team, ...change }, new Set(relations));
    return 'allowed';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

/** What raises, or could raise, what the team may use. */
const raises: readonly Partial<TeamRecord>[] = [
  { models: [] },
  { models: ['gpt-4o', 'claude'] },
  { models: ['*'] },
  { models: ['all-proxy-models'] },
  { max_budget: 11 },
  { max_budget: null },
  { budget_duration: '1d' },
  { budget_limits: [{ budget_duration: '1d', max_budget: 1 }] },
  { budget_id: 'b' },
  { tpm_limit: 1001 },
  { tpm_limit: null },
  { rpm_limit: 101 },
  { rpm_limit: null },
  { max_parallel_requests: null },
  { model_rpm_limit: null },
  { model_rpm_limit: { 'gpt-4o': 11 } },
  { model_tpm_limit: {} },
  { model_max_budget: { 'gpt-4o': { max_budget: 1 } } },
  { access_group_ids: ['g', 'h'] },
  { object_permission: { vector_stores: ['v'] } },
  { organization_id: 'o' },
  { blocked: true },
  { router_settings: { num_retries: 1 } },
  { rpm_limit_type: 'guaranteed_throughput' },
  { tpm_limit_type: 'guaranteed_throughput' },
  { metadata: { max_budget_per_session: 6 } },
  { metadata: {} },
  // Each tag may have a budget.
  { tags: ['a'] },
  { tags: null },
];

const takes: readonly Partial<TeamRecord>[] = [
  { models: ['gpt-4o'] },
  { models: ['embedding-3-*'] },
  { models: ['no-default-models'] },
  { max_budget: 0 },
  { tpm_limit: 1 },
  { rpm_limit: 100 },
  { model_rpm_limit: { 'gpt-4o': 1, claude: 5 } },
  { access_group_ids: [] },
  { team_alias: 'x' },
  { metadata: { cost_center: 2, max_budget_per_session: 5 } },
  { team_member_budget: 100 },
  { team_member_permissions: ['/key/generate'] },
];

describe('FP-34: who administers only the team takes, and does not add', () => {
  for (const change of raises)
    test(JSON.stringify(change), () => {
      expect(outcome(change, 'team_admin')).toBe('permission_denied');
      expect(outcome(change, 'org_admin')).toBe('allowed');
      expect(outcome(change, 'proxy_admin')).toBe('allowed');
    });
  for (const change of takes) test(`allowed: ${JSON.stringify(change)}`, () => expect(outcome(change, 'team_admin')).toBe('allowed'));

  test('priority and pass-through routes are the proxy admins’ alone', () => {
    for (const change of [{ metadata: { cost_center: 1, priority: 'prod' } }, { allowed_passthrough_routes: ['/x'] }]) {
      expect(outcome(change, 'team_admin')).toBe('permission_denied');
      expect(outcome(change, 'org_admin')).toBe('permission_denied');
      expect(outcome(change, 'proxy_admin')).toBe('allowed');
    }
  });
});

describe('within what a thing belongs to', () => {
  test('models: names, patterns, words, groups', () => {
    expect(modelsBeyond(['a', 'b'], [])).toEqual([]);
    expect(modelsBeyond([], ['a'])).toEqual([]);
    expect(modelsBeyond(['a', 'b', 'gpt-4*'], ['a', 'gpt-*'])).toEqual(['b']);
    expect(modelsBeyond(['gpt-*', '*', 'all-proxy-models'], ['gpt-4*'])).toEqual(['gpt-*', '*', 'all-proxy-models']);
    expect(modelsBeyond(['no-default-models', 'all-team-models'], ['a'])).toEqual([]);
    expect(modelsBeyond(['a', 'b'], ['fast'], { groupsOf: (name) => (name === 'a' ? ['fast'] : []) })).toEqual(['b']);
  });

  test('limits: those that both have', () => {
    expect(limitsBeyond({ max_budget: 5, tpm_limit: 5 }, { max_budget: 5, rpm_limit: 1 })).toEqual([]);
    expect(limitsBeyond({ max_budget: null }, { max_budget: 0 })).toEqual([]);
    expect(limitsBeyond({ max_budget: 0.1 }, { max_budget: 0 })).toEqual([{ name: 'max_budget', limit: 0.1, most: 0 }]);
    expect(limitsBeyond({ model_rpm_limit: { a: 2 } }, { model_rpm_limit: { a: 1 } })).toEqual([
      { name: 'model_rpm_limit.a', limit: 2, most: 1 },
    ]);
    expect(limitsBeyond({ model_max_budget: { a: { max_budget: 2 } } }, { model_max_budget: { a: { max_budget: 1 } } })).toHaveLength(1);
  });

  test('the message names both', () => {
    const outer = { name: "organisation 'o'", data: { models: ['a'], max_budget: 1 } };
    expect(() => demandWithin({ name: "team 't'", data: { models: ['b'] } }, outer)).toThrow(
      "The model 'b' of the team 't' is not among the models of its organisation 'o'.",
    );
    expect(() => demandWithin({ name: "team 't'", data: { models: ['a'], max_budget: 2 } }, outer)).toThrow(
      "max_budget of the team 't' (2) is above that of its organisation 'o' (1).",
    );
  });
});

import { expect, test } from 'bun:test';
import { memberLimits } from './member-limits.ts';

const team = { models: [], team_member_budget: 5, team_member_budget_duration: '30d', team_member_rpm_limit: 10 };
const member = { team_id: 't', user_id: 'u', role: 'user' } as const;

test('a member without limits has those that the team has for members', () => {
  expect(memberLimits(member, team)).toMatchObject({ max_budget: 5, budget_duration: '30d', rpm_limit: 10 });
});

test('own ones win, each by itself, 0 too (FP-68)', () => {
  expect(memberLimits({ ...member, max_budget: 0, rpm_limit: 0 }, team)).toMatchObject({
    max_budget: 0,
    budget_duration: '30d',
    rpm_limit: 0,
  });
  expect(memberLimits({ ...member, max_budget: 9, budget_duration: '1d' }, team)).toMatchObject({ max_budget: 9, budget_duration: '1d' });
  expect(memberLimits({ ...member, tpm_limit: null }, team).tpm_limit).toBeUndefined();
});

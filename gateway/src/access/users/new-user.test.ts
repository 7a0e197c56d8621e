import { expect, test } from 'bun:test';
import { newUser } from './new-user.ts';

const none = {};

test('what is said of a new user wins over the defaults, and these over the settings', () => {
  const defaults = {
    user_role: 'internal_user_viewer',
    max_budget: 5,
    budget_duration: '1d',
    models: ['a'],
    teams: [{ team_id: 't' }],
    available_teams: ['t'],
  } as const;
  expect(newUser({}, defaults, { maxBudgetUsd: 1, budgetDuration: '30d' })).toEqual({
    user_role: 'internal_user_viewer',
    max_budget: 5,
    budget_duration: '1d',
    models: ['a'],
  });
  expect(newUser({ max_budget: 0, models: ['b'], user_role: 'internal_user' }, defaults, none)).toMatchObject({
    max_budget: 0,
    models: ['b'],
  });
});

test('FP-68: a default budget of 0 is none, and is given', () => {
  expect(newUser({}, none, { maxBudgetUsd: 0 }).max_budget).toBe(0);
  expect(newUser({}, { max_budget: 0 }, { maxBudgetUsd: 9 }).max_budget).toBe(0);
});

test('the budget of internal users is for internal users', () => {
  const settings = { maxBudgetUsd: 1, budgetDuration: '30d' };
  expect(newUser({}, none, settings)).toEqual({ user_role: 'internal_user', models: [], max_budget: 1, budget_duration: '30d' });
  expect(newUser({ budget_duration: '1d' }, none, settings).budget_duration).toBe('1d');
  for (const user_role of ['proxy_admin', 'proxy_admin_viewer'] as const)
    expect(newUser({ user_role }, none, settings).max_budget).toBeUndefined();
  expect(newUser({ user_role: 'proxy_admin' }, { max_budget: 5 }, none).max_budget).toBeUndefined();
});

test('an address is in lower case, and who is given no role gets the least where nobody made them', () => {
  expect(newUser({ user_email: 'Ada@Example.COM' }, none, none, 'internal_user_viewer')).toEqual({
    user_role: 'internal_user_viewer',
    models: [],
    user_email: 'ada@example.com',
  });
});

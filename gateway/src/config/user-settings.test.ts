import { expect, test } from 'bun:test';
import { loadConfig } from './load.ts';

const usersOf = (text: string) => {
  const loaded = loadConfig(text, { file: 'config.yaml', env: {} });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.snapshot;
};

test('settings of users and end users, as LiteLLM has them', () => {
  const { users, notes } = usersOf(`
model_list: []
litellm_settings:
  default_internal_user_params:
    user_role: internal_user
    max_budget: 10
    budget_duration: 30d
    models: [gpt-4o]
    teams: [a, { team_id: b, max_budget_in_team: 5, user_role: admin }]
    available_teams: [c]
  max_internal_user_budget: 0
  internal_user_budget_duration: 1mo
  max_end_user_budget: 0.5
  max_end_user_budget_id: everyone
general_settings: { password_policy_min_length: 20, password_policy_require_numbers: false }
`);
  expect(users).toEqual({
    defaults: {
      user_role: 'internal_user',
      max_budget: 10,
      budget_duration: '30d',
      models: ['gpt-4o'],
      teams: [{ team_id: 'a' }, { team_id: 'b', max_budget_in_team: 5, user_role: 'admin' }],
      available_teams: ['c'],
    },
    maxBudgetUsd: 0,
    budgetDuration: '1mo',
    customerMaxBudgetUsd: 0.5,
    customerBudgetId: 'everyone',
    passwordPolicy: {
      minLength: 20,
      requireUppercase: true,
      requireLowercase: true,
      requireNumbers: false,
      requireSpecialCharacters: true,
    },
  });
  expect(notes).toEqual([]);
});

test('without them there are no defaults, and the policy is LiteLLM’s', () => {
  expect(usersOf('model_list: []').users).toEqual({
    passwordPolicy: { minLength: 12, requireUppercase: true, requireLowercase: true, requireNumbers: true, requireSpecialCharacters: true },
  });
});

test.each([
  ['default_internal_user_params: { user_role: boss }', 'user_role'],
  ['default_internal_user_params: { max_bugdet: 1 }', 'max_bugdet'],
  ['default_internal_user_params: { teams: [{ max_budget_in_team: 1 }] }', 'teams'],
  ['max_end_user_budget: -1', 'max_end_user_budget'],
  ['internal_user_budget_duration: soon', 'internal_user_budget_duration'],
])('a mistake in `%s` is named', (text, name) => {
  const loaded = loadConfig(`model_list: []\nlitellm_settings:\n  ${text}`, { file: 'config.yaml', env: {} });
  expect(loaded.ok).toBe(false);
  if (!loaded.ok) expect(JSON.stringify(loaded.problems)).toContain(name);
});

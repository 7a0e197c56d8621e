import { expect, test } from 'bun:test';
import { noKeySettings } from './key-settings.ts';
import { loadConfig } from './load.ts';

const load = (yaml: string) =>
  loadConfig(`model_list: [{ model_name: a, litellm_params: { model: mock/hello } }]\n${yaml}`, { file: 'test.yaml', env: {} });
const keysOf = (yaml: string) => {
  const loaded = load(yaml);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.snapshot.keys;
};

test('settings of keys, as LiteLLM writes them', () => {
  expect(keysOf('')).toEqual(noKeySettings);
  const keys = keysOf(`
litellm_settings:
  default_key_generate_params: { max_budget: 1.5, models: [a], duration: 30d, metadata: { setting: default } }
  upperbound_key_generate_params: { max_budget: 100, budget_duration: 10d, duration: 30d, tpm_limit: 1000, rpm_limit: 10, max_parallel_requests: 3 }
  key_generation_settings:
    team_key_generation: { allowed_team_member_roles: [admin], required_params: [tags] }
    personal_key_generation: { allowed_user_roles: [proxy_admin] }
  enable_key_alias_format_validation: true
  default_team_params: { max_budget: 10, models: [a] }
general_settings:
  service_account_settings: { enforced_params: [user] }
  disable_master_key_return: true
`);
  expect(keys).toEqual({
    defaults: { max_budget: 1.5, models: ['a'], duration: '30d', metadata: { setting: 'default' } },
    upperbounds: { max_budget: 100, budget_duration: '10d', duration: '30d', tpm_limit: 1000, rpm_limit: 10, max_parallel_requests: 3 },
    teamGeneration: { roles: ['admin'], requiredParams: ['tags'] },
    personalGeneration: { roles: ['proxy_admin'], requiredParams: [] },
    checkAliasFormat: true,
    serviceAccountParams: ['user'],
    defaultTeamParams: { max_budget: 10, models: ['a'] },
  });
});

test('mistakes are found when the file is read', () => {
  for (const [yaml, what] of [
    ['litellm_settings: { upperbound_key_generate_params: { max_budgets: 1 } }', 'max_budgets'],
    ['litellm_settings: { upperbound_key_generate_params: { duration: 30 days } }', 'duration'],
    ['litellm_settings: { key_generation_settings: { personal_key_generation: { allowed_user_roles: [admin] } } }', 'allowed_user_roles'],
    ['general_settings: { disable_master_key_return: false }', 'disable_master_key_return'],
  ] as const) {
    const loaded = load(yaml);
    expect({ yaml, ok: loaded.ok }).toEqual({ yaml, ok: false });
    if (!loaded.ok) expect(JSON.stringify(loaded.problems)).toContain(what);
  }
});

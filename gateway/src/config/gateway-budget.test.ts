import { describe, expect, test } from 'bun:test';
import { loadConfig } from './load.ts';

const load = (text: string) => loadConfig(`model_list: []\n${text}`, { file: 'test.yaml', env: {} });
const budgetsOf = (text: string) => {
  const loaded = load(text);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.snapshot.budgets;
};
const problemOf = (text: string): string => {
  const loaded = load(text);
  return loaded.ok ? '' : JSON.stringify(loaded.problems);
};

describe('budgets and limits of the gateway', () => {
  test('where nothing is said', () =>
    expect(budgetsOf('')).toEqual({
      exceededStatus: 400,
      tokenMetric: 'tokens',
      userBudgetOnTeamKeys: true,
      unpriced: { policy: 'charge_budgeted', usdPerCall: 0, usdPerMillionTokens: 1 },
      unknownCostUsd: 0.01,
      agents: {},
      shadow: [],
    }));

  test("LiteLLM's members", () => {
    expect(
      budgetsOf(`
litellm_settings: { max_budget: 1000, budget_duration: monthly, timezone: Europe/Berlin, budget_reset_time: "9:30", max_user_budget: 5, default_soft_budget: 50, budget_exceeded_throttle_percentage: 0.1, budget_exceeded_status_code: 422 }
general_settings: { global_max_parallel_requests: 100, token_rate_limit_type: output, skip_user_budget_on_team_key: true }
`),
    ).toMatchObject({
      gateway: { maxUsd: 1000, duration: 'monthly' },
      timeZone: 'Europe/Berlin 9:30',
      defaultUserBudgetUsd: 5,
      defaultSoftBudgetUsd: 50,
      throttledShare: 0.1,
      exceededStatus: 422,
      maxParallelRequests: 100,
      tokenMetric: 'output_tokens',
      userBudgetOnTeamKeys: false,
    });
    expect(budgetsOf('litellm_settings: { budget_reset_time: "23:59" }').timeZone).toBe('UTC 23:59');
    expect(budgetsOf('litellm_settings: { budget_reset_time: "09:30:15" }').timeZone).toBe('UTC 09:30:15');
    expect(
      budgetsOf('general_settings: { apply_user_budget_to_team_keys: true, skip_user_budget_on_team_key: true }').userBudgetOnTeamKeys,
    ).toBe(true);
  });

  test('of our own', () =>
    expect(
      budgetsOf(
        'sluice_settings: { budgets: { unpriced: charge, unpriced_usd_per_call: 0.5, unknown_cost_reserve_usd: 1, unsaid_output_tokens: 1000, shadow: [cost] } }',
      ),
    ).toMatchObject({
      unpriced: { policy: 'charge', usdPerCall: 0.5, usdPerMillionTokens: 1 },
      unknownCostUsd: 1,
      unsaidOutputTokens: 1000,
      shadow: ['cost'],
    }));

  test.each([
    ['litellm_settings: { timezone: Europe/Nowhere }', 'time zone'],
    ['litellm_settings: { budget_reset_time: "24:00" }', 'time of the day'],
    ['litellm_settings: { budget_reset_time: "09:30:60" }', 'time of the day'],
    // YAML 1.1 reads it as 720 without quotes.
    ['litellm_settings: { budget_reset_time: 720 }', 'budget_reset_time'],
    ['litellm_settings: { budget_exceeded_throttle_percentage: 0 }', 'budget_exceeded_throttle_percentage'],
    ['litellm_settings: { budget_exceeded_throttle_percentage: 10 }', 'budget_exceeded_throttle_percentage'],
    ['general_settings: { token_rate_limit_type: all }', 'token_rate_limit_type'],
    ['sluice_settings: { budgets: { shadow: [money] } }', 'shadow'],
    ['sluice_settings: { budgets: { unpriced: free } }', 'unpriced'],
    ['sluice_settings: { budgets: { agents: { a: { rpm_limits: 1 } } } }', 'rpm_limit'],
    ['sluice_settings: { budgets: { agents: { a: { budget_duration: soon } } } }', 'duration'],
    ['sluice_settings: { budgets: { agents: { a: { budget_limits: [{ max_budget: 1 }] } } } }', 'budget_duration'],
  ])('%s is refused', (text, word) => expect(problemOf(text)).toContain(word));

  test('limits of deployments, and the names that other settings have', () => {
    const loaded = loadConfig(
      `model_list: [{ model_name: a, litellm_params: { model: mock/hello, default_api_key_rpm_limit: 5, default_api_key_tpm_limit: 0 } }]
general_settings: { max_parallel_requests: 7 }
litellm_settings: { default_max_internal_user_budget: 3 }`,
      { file: 'test.yaml', env: {} },
    );
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
    expect(loaded.snapshot.deployments[0]?.keyLimits).toEqual({ requestsPerMinute: 5, tokensPerMinute: 0 });
    expect(loaded.snapshot.router.maxParallelRequests).toBe(7);
    expect(loaded.snapshot.users.maxBudgetUsd).toBe(3);
    expect(loaded.snapshot.notes).toEqual([]);
  });
});

import { expect, test } from 'bun:test';
import { loadConfig } from './load.ts';

const modes = (text: string) => {
  const loaded = loadConfig(`model_list: [{ model_name: a, litellm_params: { model: mock/hello } }]\n${text}`, {
    file: 'test.yaml',
    env: {},
  });
  return loaded.ok ? loaded.snapshot.limitsWithoutRedis : loaded.problems.map((problem) => JSON.stringify(problem));
};

test('shares, unless something else is said of a kind', () => {
  const shares = { requests: 'local_share', tokens: 'local_share', parallel: 'local_share', cost: 'local_share' };
  expect(modes('')).toEqual(shares as never);
  expect(modes('sluice_settings: { limits_without_redis: { tokens: allow, cost: refuse } }')).toEqual({
    ...shares,
    tokens: 'allow',
    cost: 'refuse',
  } as never);
});

test("LiteLLM's fail_closed_budget_enforcement refuses budgets alone, and our own setting says more", () => {
  expect(modes('general_settings: { fail_closed_budget_enforcement: true }')).toMatchObject({ cost: 'refuse', requests: 'local_share' });
  expect(
    modes('general_settings: { fail_closed_budget_enforcement: true }\nsluice_settings: { limits_without_redis: { cost: allow } }'),
  ).toMatchObject({ cost: 'allow' });
});

test('another word, and another kind, are told', () => {
  expect(String(modes('sluice_settings: { limits_without_redis: { cost: deny } }'))).toContain('local_share');
  expect(String(modes('sluice_settings: { limits_without_redis: { budget: refuse } }'))).toContain('budget');
});

import { describe, expect, test } from 'bun:test';
import { load, mistakes } from './testing.ts';

// The older and looser forms that tutorials show and people paste.

describe('forms that tutorials show', () => {
  test('A: two deployments of a name, latency routing, retries and fallbacks in a policy, a monthly budget', () => {
    const snapshot = load(
      `model_list:
  - model_name: gpt-4o
    litellm_params: { model: openai/gpt-4o, api_key: os.environ/OPENAI_API_KEY }
  - model_name: claude-sonnet
    litellm_params: { model: anthropic/claude-sonnet-4-20250514, api_key: os.environ/ANTHROPIC_API_KEY }
  - model_name: gpt-4o
    litellm_params: { model: azure/gpt-4o-deployment, api_base: os.environ/AZURE_API_BASE, api_key: os.environ/AZURE_API_KEY }
router_settings:
  routing_strategy: "latency-based"
  retry_policy: { num_retries: 3, fallbacks: ["gpt-4o", "claude-sonnet"] }
litellm_settings: { max_budget: 1000, budget_duration: monthly }
`,
      { env: { OPENAI_API_KEY: 'sk-o', AZURE_API_BASE: 'https://x.openai.azure.com/', AZURE_API_KEY: 'sk-z' } },
    );
    expect(snapshot.deployments.map(({ modelName, provider, model }) => [modelName, provider, model])).toEqual([
      ['gpt-4o', 'openai', 'gpt-4o'],
      ['claude-sonnet', 'anthropic', 'claude-sonnet-4-20250514'],
      ['gpt-4o', 'azure', 'gpt-4o-deployment'],
    ]);
    expect(snapshot.deployments[2]!.apiBase).toBe('https://x.openai.azure.com');
    expect(snapshot.router.maxRetries).toBe(3);
    expect(snapshot.notes).toEqual([]);
    expect(snapshot.budgets.gateway).toEqual({ maxUsd: 1000, duration: 'monthly' });
    expect(snapshot.router.strategy).toBe('latency-based-routing');
    // A failing one falls to the names behind it, never to itself.
    expect(snapshot.router.fallbacks.general).toEqual({
      '*': [{ name: 'gpt-4o' }, { name: 'claude-sonnet' }],
      'gpt-4o': [{ name: 'claude-sonnet' }],
      'claude-sonnet': [],
    });
    expect(snapshot.unsetVariables).toEqual([
      { name: 'ANTHROPIC_API_KEY', path: 'model_list[1].litellm_params.api_key', file: 'config.yaml', line: 5, column: 75 },
    ]);
    expect(snapshot.deployments[1]!.unsetVariables).toEqual(['ANTHROPIC_API_KEY']);
    expect(snapshot.deployments[0]!.unsetVariables).toEqual([]);
  });

  test('B: cost routing, and nothing else', () => {
    const snapshot = load('router_settings: { routing_strategy: "cost-based" }');
    expect(snapshot.deployments).toEqual([]);
    expect(snapshot.router.strategy).toBe('cost-based-routing');
    expect(snapshot.warnings.map((warning) => warning.message)).toEqual(['has no models, so nothing can be called']);
  });

  test('C: weights in model_info, request limits', () => {
    const snapshot = load(`model_list:
  - model_name: gpt-4o
    litellm_params: { model: openai/gpt-4o, rpm: 1000 }
    model_info: { weight: 0.5 }
  - model_name: gpt-4o
    litellm_params: { model: azure/gpt-4o, rpm: 2000 }
    model_info: { weight: 0.5 }
`);
    expect(snapshot.deployments.map(({ weight, rpm }) => ({ weight, rpm }))).toEqual([
      { weight: 0.5, rpm: 1000 },
      { weight: 0.5, rpm: 2000 },
    ]);
    expect(snapshot.notes).toEqual([]);
  });

  test('D: a master key, and teams from the file', () => {
    const snapshot = load(`general_settings: { master_key: "sk-a-long-random-master-key" }
team_settings:
  - { team_id: engineering, max_budget: 500, models: ["gpt-4o", "claude-sonnet"] }
  - { team_id: data-science, max_budget: 1000, models: ["gpt-4o", "claude-sonnet", "embedding-*"] }
`);
    expect(snapshot.access.masterKey?.reveal()).toBe('sk-a-long-random-master-key');
    expect(snapshot.notes).toEqual([]);
    expect(snapshot.teams).toEqual([
      {
        id: 'engineering',
        record: { max_budget: 500, models: ['gpt-4o', 'claude-sonnet'] },
        place: { file: 'config.yaml', line: 3, path: 'team_settings[0]' },
      },
      {
        id: 'data-science',
        record: { max_budget: 1000, models: ['gpt-4o', 'claude-sonnet', 'embedding-*'] },
        place: { file: 'config.yaml', line: 4, path: 'team_settings[1]' },
      },
    ]);
  });
});

describe('looser than the schema', () => {
  test('sections and keys without a value', () => {
    const snapshot = load(`model_list:
  - model_name: m
    litellm_params:
      model: openai/gpt-4o
      api_key:
    model_info:
litellm_settings:
general_settings:
  # master_key: sk-1234
`);
    expect(snapshot.deployments[0]).not.toHaveProperty('apiKey');
  });

  test('numbers and booleans as text, Python booleans, dates, numbers as text', () => {
    const snapshot = load(
      `model_list:
  - model_name: 4
    litellm_params: { model: azure/gpt-4, timeout: "30", rpm: os.environ/RPM, drop_params: yes, api_version: 2024-07-01 }
    model_info: { id: 7 }
litellm_settings: { drop_params: True, request_timeout: "600" }
`,
      { env: { RPM: '60' } },
    );
    expect(snapshot.deployments[0]).toMatchObject({
      id: '7',
      modelName: '4',
      timeoutMs: 30_000,
      rpm: 60,
      dropParams: true,
      apiVersion: '2024-07-01',
    });
    expect(snapshot.router.timeoutMs).toBe(600_000);
  });

  test('limits beside litellm_params, which win where both are given', () => {
    const { deployments } = load(`model_list:
  - { model_name: a, litellm_params: { model: openai/a }, rpm: 5, tpm: 10 }
  - { model_name: b, litellm_params: { model: openai/b, rpm: 1 }, rpm: 5 }
`);
    expect(deployments.map(({ rpm, tpm }) => ({ rpm, tpm }))).toEqual([
      { rpm: 5, tpm: 10 },
      { rpm: 1, tpm: undefined },
    ]);
  });

  test('keys that LiteLLM ignores too do not stop it, and are said to do nothing', () => {
    const snapshot = load(`model_list: [{ model_name: a, litellm_params: { model: openai/a } }]
general_settings: { enable_cors: true, log_level: INFO, disable_end_user_cost_tracking: true }
router_settings: { enable_fallbacks: true }
logging: { level: INFO }
`);
    expect(snapshot.warnings.map(({ key }) => key).toSorted()).toEqual([
      'general_settings.enable_cors',
      'general_settings.log_level',
      'logging',
      'router_settings.enable_fallbacks',
    ]);
    for (const { message } of snapshot.warnings) expect(message).toContain('no effect');
    expect(snapshot.notes).toMatchObject([
      { kind: 'not-built', key: 'general_settings.disable_end_user_cost_tracking', message: 'it belongs to `litellm_settings`' },
    ]);
  });

  test('a key in the wrong section that would have an effect in the right one stays a mistake', () =>
    expect(mistakes('litellm_settings: { master_key: sk-1 }')).toEqual([
      'config.yaml:1:21: litellm_settings.master_key: unknown key (did you mean general_settings.master_key?)',
    ]));

  test('an empty key is none, and 80_000 is a number', () => {
    const { deployments } = load(`model_list:
  - { model_name: a, litellm_params: { model: openai/a, api_base: "http://127.0.0.1:1", api_key: "", tpm: 80_000 } }
`);
    expect(deployments[0]).toMatchObject({ tpm: 80_000 });
    expect(deployments[0]).not.toHaveProperty('apiKey');
  });

  test('anchors at the top level, and merges', () => {
    const { deployments } = load(`x-azure: &azure
  api_base: https://eu.example.com
  api_version: "2025-01-01"
model_list:
  - model_name: a
    litellm_params: { <<: *azure, model: azure/a }
  - model_name: b
    litellm_params:
      <<: [*azure]
      model: azure/b
      api_version: "2026-01-01"
`);
    expect(deployments.map(({ model, apiBase, apiVersion }) => [model, apiBase, apiVersion])).toEqual([
      ['a', 'https://eu.example.com', '2025-01-01'],
      ['b', 'https://eu.example.com', '2026-01-01'],
    ]);
  });

  test("LiteLLM's own example of everything", () => {
    const snapshot = load(
      `model_list:
  - model_name: gpt-3.5-turbo-end-user-test
    litellm_params: { model: gpt-3.5-turbo, region_name: "eu" }
    model_info: { id: "1" }
  - model_name: dall-e-2
    litellm_params: { model: azure/, api_version: 2023-06-01-preview, api_base: https://a.example.com/, api_key: os.environ/AZURE_API_KEY }
  - model_name: sagemaker-completion-model
    litellm_params: { model: sagemaker/berri-benchmarking, input_cost_per_second: 0.000420 }
  - model_name: bad-model
    litellm_params: { model: openai/bad-model, mock_timeout: True, timeout: 60, rpm: 1000 }
    model_info: { health_check_timeout: 1 }
  - model_name: "*"
    litellm_params: { model: openai/*, api_key: os.environ/OPENAI_API_KEY }
litellm_settings:
  drop_params: True
  num_retries: 5
  request_timeout: 600
  telemetry: False
  context_window_fallbacks: [{"gpt-3.5-turbo": ["gpt-3.5-turbo-large"]}]
  default_team_settings:
    - { team_id: team-1, success_callback: ["langfuse"], langfuse_secret: os.environ/LANGFUSE_PROJECT1_SECRET }
finetune_settings: [{ custom_llm_provider: azure, api_base: os.environ/AZURE_API_BASE }]
files_settings: [{ custom_llm_provider: openai, api_key: os.environ/OPENAI_API_KEY }]
router_settings:
  routing_strategy: usage-based-routing-v2
  redis_host: os.environ/REDIS_HOST
  redis_password: os.environ/REDIS_PASSWORD
  redis_port: os.environ/REDIS_PORT
  enable_pre_call_checks: true
  model_group_alias: {"my-special-fake-model-alias-name": "dall-e-2"}
general_settings:
  master_key: sk-1234
  store_model_in_db: True
  proxy_budget_rescheduler_min_time: 60
  proxy_batch_write_at: 1
  database_connection_pool_limit: 10
  pass_through_endpoints: [{ path: "/v1/rerank", target: "https://api.cohere.com/v1/rerank", headers: { accept: application/json }, forward_headers: True }]
`,
    );
    expect(snapshot.router).toMatchObject({ maxRetries: 5, retryAfterMs: 0, timeoutMs: 600_000 });
    expect(snapshot.aliases).toEqual({ 'my-special-fake-model-alias-name': { model: 'dall-e-2', hidden: false } });
    expect(snapshot.deployments.map(({ provider }) => provider)).toEqual([
      undefined,
      'azure',
      'sagemaker',
      'openai',
      'openai',
      'openai',
      'azure',
    ]);
    expect(snapshot.deployments[3]!.mock).toEqual({ timeout: true });
    expect(snapshot.notes.map((note) => note.key)).toContain('provider sagemaker');
    expect(snapshot.warnings).toEqual([]);
  });
});

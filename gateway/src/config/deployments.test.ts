import { describe, expect, test } from 'bun:test';
import type { Secret } from 'sluice/kit';
import { reveal } from './reveal.ts';
import { load, loadOne, mistakes, withParams } from './testing.ts';

describe('where a call goes', () => {
  test.each([
    ['openai/gpt-4o', 'openai', 'gpt-4o'],
    ['openai/meta/llama', 'openai', 'meta/llama'],
    ['openai/*', 'openai', '*'],
    ['gpt-4o', undefined, 'gpt-4o'],
    ['bedrock/us.anthropic.claude', 'bedrock', 'us.anthropic.claude'],
    ['unheard-of/llama', undefined, 'unheard-of/llama'],
  ])('%s', (model, provider, rest) => {
    expect(loadOne(withParams(`model: "${model}"`).replace('model_name: m', 'model_name: "m*"'))).toMatchObject({
      model: rest,
      ...(provider && { provider }),
    });
  });

  test('custom_llm_provider, with and without the prefix', () => {
    expect(loadOne(withParams('model: openai/gpt', 'custom_llm_provider: openai'))).toMatchObject({ provider: 'openai', model: 'gpt' });
    expect(loadOne(withParams('model: org/gpt', 'custom_llm_provider: openai'))).toMatchObject({ provider: 'openai', model: 'org/gpt' });
  });

  test('a provider that LiteLLM has and Sluice has not is noted; an unknown prefix is a warning with the nearest', () => {
    expect(load(withParams('model: bedrock/x')).notes.map((note) => note.key)).toEqual(['provider bedrock']);
    expect(load(withParams('model: opnai/x')).warnings[0]!.message).toContain('did you mean openai?');
    expect(load(withParams('model: opnai/x', 'api_base: http://localhost:1')).warnings).toEqual([]);
  });

  test('base_url is api_base; slashes at the end go', () => {
    expect(loadOne(withParams('model: openai/x', 'base_url: http://h/v1//')).apiBase).toBe('http://h/v1');
    const both = load(withParams('model: openai/x', 'api_base: http://a', 'base_url: http://b'));
    expect(both.deployments[0]!.apiBase).toBe('http://a');
    expect(both.warnings.map((warning) => warning.path)).toEqual(['model_list[0].litellm_params.base_url']);
  });

  test('a list of organisations is a deployment of each', () => {
    const { deployments } = load(withParams('model: openai/x', 'organization: [org-a, org-b]'));
    expect(deployments.map(({ organization }) => organization)).toEqual(['org-a', 'org-b']);
    expect(new Set(deployments.map(({ id }) => id)).size).toBe(2);
  });

  test('a star that nothing fills is a warning', () => {
    expect(load(withParams('model: openai/*')).warnings.map((warning) => warning.key)).toEqual(['litellm_params.model']);
  });
});

describe('ids', () => {
  test('stable, and another for another entry', () => {
    const id = (...lines: string[]) => loadOne(withParams(...lines)).id;
    expect(id('model: openai/a')).toMatch(/^[0-9a-f]{16}$/);
    expect(id('model: openai/a', 'rpm: 1')).toBe(id('rpm: 1', 'model: openai/a'));
    expect(id('model: openai/a')).not.toBe(id('model: openai/b'));
  });
  test('a key that is rotated in the environment keeps the id', () => {
    const text = withParams('model: openai/a', 'api_key: os.environ/K');
    expect(loadOne(text, { env: { K: '1' } }).id).toBe(loadOne(text, { env: { K: '2' } }).id);
  });
  test('the same twice gets a number and a warning', () => {
    const snapshot = load(`model_list:
  - { model_name: a, litellm_params: { model: openai/a }, model_info: { id: one } }
  - { model_name: b, litellm_params: { model: openai/b }, model_info: { id: one } }
`);
    expect(snapshot.deployments.map(({ id }) => id)).toEqual(['one', 'one-2']);
    expect(snapshot.warnings).toHaveLength(1);
  });
});

describe('parameters', () => {
  test("the request's own become defaults, ours do not", () => {
    const deployment = loadOne(
      withParams('model: openai/a', 'temperature: "0.2"', 'max_tokens: 20', 'tools: []', 'top_k: 5', 'rpm: 3', 'mock_response: hi'),
    );
    expect(deployment.defaults).toEqual({ temperature: 0.2, max_tokens: 20, tools: [], top_k: 5 });
    expect(deployment.mock).toEqual({ response: 'hi' });
  });
  test('an unknown one goes to the provider and is noted; one that looks like a credential does not', () => {
    const snapshot = load(withParams('model: openai/a', 'brand_new_switch: 3', 'vendor_secret_key: abc'));
    expect(snapshot.deployments[0]!.defaults).toEqual({ brand_new_switch: 3 });
    expect(snapshot.notes.map(({ kind, key }) => [kind, key])).toEqual([['passed-through', 'litellm_params.brand_new_switch']]);
    expect(snapshot.warnings.map(({ key }) => key)).toEqual(['litellm_params.vendor_secret_key']);
    expect(JSON.stringify(snapshot)).not.toContain('abc');
  });
  test('what it takes in a minute, all, in and out', () => {
    const { deployments, notes } = load(withParams('model: openai/a', 'rpm: 1', 'tpm: 2', 'itpm: 3', 'otpm: "0"'));
    expect(deployments[0]).toMatchObject({ rpm: 1, tpm: 2, itpm: 3, otpm: 0, defaults: {}, extraBody: {} });
    expect(notes).toEqual([]);
    expect(mistakes(withParams('model: openai/a', 'itpm: -1', 'otpm: many'))).toEqual([
      expect.stringContaining('litellm_params.itpm'),
      expect.stringContaining('litellm_params.otpm'),
    ]);
  });
  test('known and not built is noted once, with its first place', () => {
    const { notes } = load(`model_list:
  - { model_name: a, litellm_params: { model: openai/a, bedrock_tags: x, aws_bedrock_project_id: x } }
  - { model_name: b, litellm_params: { model: openai/b, bedrock_tags: x } }
`);
    expect(notes.map(({ key, line }) => [key, line])).toEqual([
      ['litellm_params.bedrock_tags', 2],
      ['litellm_params.aws_bedrock_project_id', 2],
    ]);
  });
  test('null stays in extra_body', () => {
    expect(loadOne(withParams('model: openai/a', 'extra_body: { a: null, b: { c: 1 } }')).extraBody).toEqual({ a: null, b: { c: 1 } });
  });
  test('headers: both spellings, lower case, any scalar', () => {
    expect(loadOne(withParams('model: openai/a', 'headers: { X-A: 1, x-b: b }', 'extra_headers: { x-a: "2" }')).headers).toEqual({
      'x-a': '2',
      'x-b': 'b',
    });
  });
  test('azure with Entra', () => {
    const { azure } = loadOne(withParams('model: azure/a', 'tenant_id: t', 'client_id: c', 'client_secret: s'));
    expect(azure?.tenantId).toBe('t');
    expect(azure?.clientSecret?.reveal()).toBe('s');
    expect(loadOne(withParams('model: azure/a'))).not.toHaveProperty('azure');
  });
  test('Google Cloud, with credentials in any form, which stay secret (FP-26)', () => {
    const given = (...lines: string[]) => {
      const { options, defaults } = loadOne(withParams('model: vertex_ai/gemini-2.5-flash', ...lines), {
        env: { CREDENTIALS: '{"a":"canary"}' },
      });
      expect(defaults).toEqual({});
      expect(JSON.stringify(options)).not.toContain('canary');
      return { ...options, vertex_credentials: (options?.['vertex_credentials'] as Secret | undefined)?.reveal() };
    };
    const place = { vertex_project: 'p', vertex_location: 'europe-west4' };
    expect(given('vertex_project: p', 'vertex_location: europe-west4', 'vertex_credentials: os.environ/CREDENTIALS')).toEqual({
      ...place,
      vertex_credentials: '{"a":"canary"}',
    });
    expect(given('vertex_ai_project: p', 'vertex_ai_location: europe-west4', 'vertex_ai_credentials: /canary-free/key.json')).toEqual({
      ...place,
      vertex_credentials: '/canary-free/key.json',
    });
    expect(given('vertex_credentials: { type: service_account, private_key: canary }').vertex_credentials).toBe(
      '{"type":"service_account","private_key":"canary"}',
    );
    expect(given('vertex_access_token: canary')).toHaveProperty('vertex_access_token');
    expect(loadOne(withParams('model: azure_ai/x', 'azure_scope: https://ai.azure.com/.default')).options).toEqual({
      azure_scope: 'https://ai.azure.com/.default',
    });
    expect(loadOne(withParams('model: snowflake/x', 'account_id: org-acc')).options).toEqual({ account_id: 'org-acc' });
  });

  test('vendors of searches', () => {
    expect(loadOne(withParams('model: google_pse/search', 'search_engine_id: e1')).options).toEqual({ search_engine_id: 'e1' });
    const { options, defaults } = loadOne(withParams('model: dataforseo/search', 'dataforseo_login: me', 'dataforseo_password: canary'));
    expect(JSON.stringify(options)).not.toContain('canary');
    expect(options).toMatchObject({ dataforseo_login: 'me' });
    expect((options?.['dataforseo_password'] as Secret | undefined)?.reveal()).toBe('canary');
    expect(defaults).toEqual({});
  });

  test('AWS, and its secrets stay secret (FP-26)', () => {
    const { options, defaults } = loadOne(
      withParams(
        'model: bedrock/us.amazon.nova-lite-v1:0',
        'aws_region_name: us-west-2',
        'aws_access_key_id: AKIA',
        'aws_secret_access_key: canary',
        'aws_session_token: os.environ/T',
        'aws_role_name: arn:aws:iam::1:role/r',
        'aws_session_tags: [{ Key: team, Value: a }]',
        'model_id: arn:aws:bedrock:us-west-2:1:application-inference-profile/x',
        'top_k: 5',
      ),
      { env: { T: 'canary' } },
    );
    expect(defaults).toEqual({ top_k: 5 });
    expect(options).toMatchObject({
      aws_region_name: 'us-west-2',
      aws_access_key_id: 'AKIA',
      aws_role_name: 'arn:aws:iam::1:role/r',
      aws_session_tags: [{ Key: 'team', Value: 'a' }],
      model_id: 'arn:aws:bedrock:us-west-2:1:application-inference-profile/x',
    });
    expect(JSON.stringify(options)).not.toContain('canary');
    expect((options?.['aws_secret_access_key'] as Secret | undefined)?.reveal()).toBe('canary');
    expect(loadOne(withParams('model: openai/a'))).not.toHaveProperty('options');
  });
  test('retries, drops, order, tags, model_info', () => {
    const deployment = loadOne(
      `${withParams('model: openai/a', 'num_retries: 1', 'max_retries: 4', 'order: 2', 'tags: [x]', 'additional_drop_params: [user]', 'allowed_openai_params: [seed]')}
    model_info: { mode: responses, base_model: gpt-4o, supports_vision: true, max_input_tokens: 5 }`,
    );
    expect(deployment).toMatchObject({
      maxRetries: 1,
      order: 2,
      tags: ['x'],
      additionalDropParams: ['user'],
      allowedOpenaiParams: ['seed'],
      mode: 'responses',
      baseModel: 'gpt-4o',
      modelInfo: { mode: 'responses', base_model: 'gpt-4o', supports_vision: true, max_input_tokens: 5 },
    });
  });
});

describe('what a deployment inherits', () => {
  const text = `router_settings: { default_litellm_params: { temperature: 0.1, drop_params: true, api_base: http://default, user: os.environ/WHO } }
credential_list:
  - { credential_name: c, credential_values: { api_key: os.environ/K, api_base: http://credential }, credential_info: { note: x } }
model_list:
  - { model_name: a, litellm_params: { model: openai/a, litellm_credential_name: c, temperature: 0.9 } }
  - { model_name: b, litellm_params: { model: openai/b, drop_params: false, api_base: http://own, user: me } }
`;
  test('its own wins over its credential, which wins over the defaults', () => {
    const { deployments } = load(text, { env: { K: 'sk-k', WHO: 'somebody' } });
    const [a, b] = deployments;
    expect(a).toMatchObject({ apiBase: 'http://credential', dropParams: true });
    expect(a!.apiKey?.reveal()).toBe('sk-k');
    expect(reveal(a!.defaults)).toEqual({ temperature: 0.9, user: 'somebody' });
    expect(b).toMatchObject({ apiBase: 'http://own', dropParams: false, defaults: { temperature: 0.1, user: 'me' } });
  });
  test('a variable that is not set is missed only where nothing stronger is given', () => {
    expect(load(text).deployments.map(({ unsetVariables }) => unsetVariables)).toEqual([['WHO', 'K'], []]);
  });
  test('extra_body and headers are joined', () => {
    const { deployments } = load(`router_settings: { default_litellm_params: { extra_body: { a: 1, b: 1 }, extra_headers: { x-a: "1" } } }
${withParams('model: openai/a', 'extra_body: { b: 2 }', 'extra_headers: { x-b: "2" }')}`);
    expect(deployments[0]).toMatchObject({ extraBody: { a: 1, b: 2 }, headers: { 'x-a': '1', 'x-b': '2' } });
  });
  test('drop_params of the gateway, and of the command line above it', () => {
    const plain = `litellm_settings: { drop_params: true }\n${withParams('model: openai/a')}`;
    expect(loadOne(plain).dropParams).toBe(true);
    expect(loadOne(withParams('model: openai/a'), { overrides: { dropParams: true } }).dropParams).toBe(true);
    expect(loadOne(withParams('model: openai/a')).dropParams).toBe(false);
  });
});

test('project and location of Vertex AI for all deployments that give none', () => {
  const { deployments } = load(`model_list:
  - { model_name: a, litellm_params: { model: vertex_ai/gemini-2.5-pro } }
  - { model_name: b, litellm_params: { model: vertex_ai/gemini-2.5-pro, vertex_ai_project: own, vertex_location: global } }
  - { model_name: c, litellm_params: { model: openai/gpt-4o } }
litellm_settings: { vertex_project: all, vertex_location: us-central1 }
`);
  expect(deployments.map(({ options }) => options)).toEqual([
    { vertex_project: 'all', vertex_location: 'us-central1' },
    { vertex_project: 'own', vertex_location: 'global' },
    undefined,
  ]);
});

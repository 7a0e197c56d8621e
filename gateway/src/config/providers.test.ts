import { describe, expect, test } from 'bun:test';
import { load, mistakes, withParams } from './testing.ts';

const acme = (...lines: string[]) => ['providers:', '  acme:', ...lines.map((line) => `    ${line}`)].join('\n');
const model = withParams('model: acme/m');

describe('providers', () => {
  test('one line is a vendor', () => {
    const { providers, deployments, warnings, notes } = load(
      `${acme('base_url: https://api.acme.test/v1', 'api_key_env: ACME_KEY')}\n${model}`,
    );
    expect(providers).toHaveLength(1);
    expect(providers[0]).toMatchObject({
      id: 'acme',
      label: 'acme',
      baseUrl: 'https://api.acme.test/v1',
      auth: { kind: 'bearer' },
      keyEnv: ['ACME_KEY'],
      baseUrlEnv: ['ACME_API_BASE'],
      speaks: { chat: { protocol: 'openai-chat', path: '/chat/completions' } },
    });
    expect(providers[0]!.keyOptional).toBeUndefined();
    expect(deployments[0]).toMatchObject({ provider: 'acme', model: 'm' });
    expect([warnings, notes]).toEqual([[], []]);
  });

  test('all that can be said', () => {
    const [provider] = load(
      acme(
        'label: Acme',
        'base_url: os.environ/ACME_BASE',
        'api_key_env: [ACME_KEY, ACME_TOKEN]',
        'api_base_env: ACME_URL',
        'auth_header: X-Acme-Key',
        'headers: { X-Team: blue }',
        'endpoints: [chat, embeddings, image-generation]',
        'param_mappings: { max_completion_tokens: max_tokens }',
        'lacks: [logit_bias]',
        'quirks: { developer_role: true, reasoning_field: reasoning, structured_output: json, tool_choice_required: any, no_stream_options: yes, cache_marks: true, content_as_string: true }',
      ),
      { env: { ACME_BASE: 'https://env.acme.test' } },
    ).providers;
    expect(provider).toMatchObject({
      label: 'Acme',
      baseUrl: 'https://env.acme.test',
      keyEnv: ['ACME_KEY', 'ACME_TOKEN'],
      baseUrlEnv: ['ACME_URL'],
      auth: { kind: 'header', name: 'x-acme-key' },
      headers: { 'x-team': 'blue' },
      operations: { 'image-generation': { protocol: 'openai-images', path: '/images/generations' } },
      quirks: {
        rename: { max_completion_tokens: 'max_tokens' },
        lacks: ['allowed_tools', 'custom_tools', 'logit_bias'],
        reasoningField: 'reasoning',
        structuredOutput: 'json',
        toolChoiceRequired: 'any',
        noStreamOptions: true,
        cacheMarks: true,
        contentAsString: true,
      },
    });
    expect(Object.keys(provider!.speaks)).toEqual(['chat', 'embeddings']);
    expect(provider!.quirks?.developerRole).toBeUndefined();
  });

  test("LiteLLM's JSON form", () => {
    const { providers, notes } = load(
      JSON.stringify({
        providers: {
          acme: {
            base_url: 'https://api.acme.test/v1',
            api_key_env: 'ACME_KEY',
            api_base_env: 'ACME_API_BASE',
            base_class: 'openai_gpt',
            param_mappings: { max_completion_tokens: 'max_tokens' },
            special_handling: { convert_content_list_to_string: true, force_store_false: true, preserve_cache_control: true },
            constraints: { temperature_max: 1, temperature_min: 0.1, temperature_min_with_n_gt_1: 0.3 },
            headers: { 'api-subscription-key': '{api_key}' },
            supported_endpoints: ['/v1/chat/completions', '/v1/responses', '/v1/realtime'],
            provider_info: { supports_function_calling: true },
          },
        },
      }),
    );
    const { speaks, quirks, auth } = providers[0]!;
    expect(Object.keys(speaks)).toEqual(['chat', 'responses']);
    expect(quirks).toMatchObject({ contentAsString: true, cacheMarks: true, rename: { max_completion_tokens: 'max_tokens' } });
    expect(auth.kind).toBe('custom');
    const call = { model: 'm', stream: false, headers: {} };
    const bounded = (body: Record<string, unknown>) => speaks.chat!.dialect!({ ...call, body }).members;
    expect([
      bounded({ temperature: 2 }),
      bounded({ temperature: 0 }),
      bounded({ temperature: 0.2, n: 2 }),
      bounded({ temperature: 0.5 }),
      bounded({}),
    ]).toEqual([{ temperature: 1 }, { temperature: 0.1 }, { temperature: 0.3 }, {}, {}]);
    expect(speaks.responses!.dialect!({ ...call, body: {} }).members).toEqual({ store: false });
    expect(notes.map(({ key, message }) => [key, message])).toEqual([
      ['provider.provider_info', ''],
      ['providers.acme.supported_endpoints', '/v1/realtime is not served'],
    ]);
  });

  test('a header that is secret is in no listing', () => {
    const { providers } = load(acme('base_url: https://a.test', 'headers: { x-tenant-token: canary-1, x-org: os.environ/ORG }'), {
      env: { ORG: 'canary-2' },
    });
    expect(JSON.stringify(providers)).not.toContain('canary');
  });

  test.each([
    [['base_url: api.acme.test'], '3:15: providers.acme.base_url: must be an address that begins with http:// or https://'],
    [['base_url: https://a.test', 'api_key: sk'], '4:5: providers.acme.api_key: unknown key (did you mean api_key_env?)'],
    [['endpoints: [chat, embeding]'], '3:23: providers.acme.endpoints[1]: must be one of'],
    [['module: ./acme.ts', 'base_url: https://a.test'], '4:15: providers.acme.base_url: stands beside `module`'],
    [['quirks: { structured_output: xml }'], '3:34: providers.acme.quirks.structured_output: must be one of json, none'],
  ])('%j is a mistake', (lines, told) => {
    const found = mistakes(acme(...lines));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(told);
  });

  test('a name that cannot stand before a slash is a mistake', () => {
    expect(mistakes('providers:\n  "Acme Inc": { base_url: https://a.test }\n')[0]).toContain('its name must be lower-case letters');
  });

  test('one that is called as a built-in one takes its place, and is told', () => {
    const { providers, warnings } = load('providers:\n  groq: { base_url: https://groq.corp.test/v1 }\n');
    expect(providers[0]!.baseUrl).toBe('https://groq.corp.test/v1');
    expect(warnings.map(({ key, message }) => `${key} ${message}`)).toContain(
      'providers.groq takes the place of the built-in provider of this name',
    );
  });

  test('modules are named with their place', () => {
    const { providerModules, deployments } = load(
      `${acme('module: ./acme.ts')}\nlitellm_settings:\n  custom_provider_map:\n    - { provider: mine, custom_handler: ./mine.js }\n${withParams('model: mine/m')}`,
    );
    expect(providerModules).toEqual([
      { id: 'acme', module: './acme.ts', file: 'config.yaml', line: 3, column: 13, path: 'providers.acme.module' },
      {
        id: 'mine',
        module: './mine.js',
        file: 'config.yaml',
        line: 6,
        column: 41,
        path: 'litellm_settings.custom_provider_map[0].custom_handler',
      },
    ]);
    expect(deployments[0]).toMatchObject({ provider: 'mine', model: 'm' });
  });

  test('a handler of Python is told of, and not run', () => {
    const { providerModules, notes } = load(
      'litellm_settings:\n  custom_provider_map:\n    - { provider: mine, custom_handler: custom_handler.my_llm }\n',
    );
    expect(providerModules).toEqual([]);
    expect(notes[0]!.message).toContain('mine is written in Python');
  });
});

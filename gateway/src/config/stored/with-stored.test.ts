import { describe, expect, test } from 'bun:test';
import { quickStartSnapshot } from '../quick-start.ts';
import { load } from '../testing.ts';
import { isEmpty, noParts, type StoredModel, type StoredParts } from './stored-parts.ts';
import { withStored } from './with-stored.ts';

const model = (id: string, params: Record<string, unknown>, more: Partial<StoredModel> = {}): StoredModel => ({
  id,
  modelName: 'stored',
  params,
  info: {},
  blocked: false,
  isolated: false,
  ...more,
});

const parts = (given: Partial<StoredParts>): StoredParts => ({ ...noParts, version: 'v', ...given });

const file = `
model_list:
  - model_name: gpt
    litellm_params: { model: openai/gpt-4o, api_key: sk-file }
    model_info: { id: from-file }
credential_list:
  - credential_name: shared
    credential_values: { api_key: sk-shared }
router_settings:
  num_retries: 4
  fallbacks: [{ gpt: [other] }]
litellm_settings:
  cost_discount_config: { openai: 0.1 }
`;

const idsOf = (snapshot: ReturnType<typeof load>) => snapshot.deployments.map(({ id }) => id);

describe('models', () => {
  test('join those of the file, through the same code', () => {
    const base = load(file);
    const made = withStored(base, parts({ models: [model('m1', { model: 'anthropic/claude-x', api_key: 'sk-db', timeout: '30' })] }));
    expect(idsOf(made)).toEqual(['from-file', 'm1']);
    expect(made.deployments[1]).toMatchObject({
      modelName: 'stored',
      provider: 'anthropic',
      model: 'claude-x',
      timeoutMs: 30_000,
      stored: true,
    });
    expect(made.deployments[1]?.apiKey?.reveal()).toBe('sk-db');
    expect(made.deployments[0]).not.toHaveProperty('stored');
    expect(made.version).not.toBe(base.version);
    expect(made.stored).toMatchObject({ version: 'v', problems: [], drift: [] });
    expect(made.stored?.models[0]?.params).toEqual({ model: 'anthropic/claude-x', api_key: '****', timeout: '30' });
    expect(Object.isFrozen(made.deployments[1])).toBe(true);
  });

  test('the same contents give the same version, others another', () => {
    const one = parts({ models: [model('m1', { model: 'openai/a' })] });
    expect(withStored(load(file), one).version).toBe(withStored(load(file), one).version);
    expect(withStored(load(file), { ...one, version: 'w' }).version).not.toBe(withStored(load(file), one).version);
  });

  test('nothing stored: the very same snapshot', () => {
    const base = load(file);
    expect(isEmpty(noParts)).toBe(true);
    expect(withStored(base, noParts)).toBe(base);
  });

  test('one that no longer validates is left out and told, and never takes the others down (FP-37)', () => {
    const made = withStored(
      load(file),
      parts({
        models: [
          model('bad', { model: 'openai/a', rpm: 'many' }),
          model('misspelt', { model: 'openai/a', api_bse: 'x' }),
          model('good', { model: 'openai/b' }),
        ],
      }),
    );
    expect(idsOf(made)).toEqual(['from-file', 'good']);
    expect(made.stored?.problems).toEqual([
      { kind: 'model', id: 'bad', message: 'litellm_params.rpm: must be a number', decryptionFailed: false },
      { kind: 'model', id: 'misspelt', message: 'litellm_params.api_bse: unknown key (did you mean api_base?)', decryptionFailed: false },
    ]);
  });

  test('an id that the file has is the file’s, and the drift has its place', () => {
    const made = withStored(load(file), parts({ models: [model('from-file', { model: 'anthropic/other' })] }));
    expect(made.deployments).toHaveLength(1);
    expect(made.deployments[0]?.provider).toBe('openai');
    expect(made.stored?.drift).toEqual([{ kind: 'model', id: 'from-file', place: { file: 'config.yaml', line: 3, column: 5 } }]);
  });

  test('a reload of the file does not evict those of the database (FP-36)', () => {
    const stored = parts({ models: [model('m1', { model: 'openai/a' })] });
    expect(idsOf(withStored(load(file), stored))).toContain('m1');
    expect(idsOf(withStored(load(`${file}\n# edited`), stored))).toContain('m1');
  });

  test('what cannot be opened is shown as such (FP-61)', () => {
    const made = withStored(load(file), parts({ models: [model('m1', { model: 'openai/a' }, { sealedBecause: 'It was cut off.' })] }));
    expect(idsOf(made)).toEqual(['from-file']);
    expect(made.stored?.problems).toEqual([
      { kind: 'model', id: 'm1', message: 'It cannot be opened: It was cut off.', decryptionFailed: true },
    ]);
  });

  test('a team’s own is apart from what everybody has under the name', () => {
    const made = withStored(
      load(file),
      parts({ models: [model('t', { model: 'openai/a' }, { modelName: 'gpt', teamId: 'a/b', info: { team_id: 'a/b' } })] }),
    );
    expect(made.deployments[1]).toMatchObject({ modelName: 'team:a%2Fb/gpt', team: { id: 'a/b', publicName: 'gpt' } });
    expect(made.deployments.filter(({ modelName }) => modelName === 'gpt')).toHaveLength(1);
  });

  test('a blocked one is not served', () => {
    expect(idsOf(withStored(load(file), parts({ models: [model('m1', { model: 'openai/a' }, { blocked: true })] })))).toEqual([
      'from-file',
    ]);
  });

  test('an isolated one reads nothing of the environment', () => {
    const env = { SECRET_OF_THE_GATEWAY: 'sk-gateway' };
    const models = [
      model('own', { model: 'openai/a', api_key: 'os.environ/SECRET_OF_THE_GATEWAY' }),
      model('teams', { model: 'openai/a', extra_headers: { 'x-a': 'os.environ/SECRET_OF_THE_GATEWAY' } }, { isolated: true }),
    ];
    const made = withStored(load(file, { env }), parts({ models }));
    expect(idsOf(made)).toEqual(['from-file', 'own']);
    expect(made.deployments[1]?.apiKey?.reveal()).toBe('sk-gateway');
    expect(made.stored?.problems[0]?.message).toContain('may not');
  });

  test('no file of the disk is read for it', () => {
    const params = {
      model: 'auto_router/x',
      auto_router_config_path: '/etc/passwd',
      auto_router_default_model: 'gpt',
      auto_router_embedding_model: 'gpt',
    };
    const read: string[] = [];
    const readInclude = (name: string) => {
      read.push(name);
      return { file: name, text: '{}' };
    };
    const made = withStored(load(file, { readInclude }), parts({ models: [model('m1', params)] }));
    expect(read).toEqual([]);
    expect(made.stored?.problems[0]?.message).toContain('auto_router_config_path: cannot be read');
  });

  test('several organisations are several deployments, all marked', () => {
    const made = withStored(load(file), parts({ models: [model('m1', { model: 'openai/a', organization: ['x', 'y'] })] }));
    expect(made.deployments.filter(({ stored }) => stored).map(({ id }) => id)).toEqual(['m1-1', 'm1-2']);
  });

  test('without a file they join what the environment has keys for', () => {
    const quick = quickStartSnapshot({ providers: ['openai'] });
    const made = withStored(quick, parts({ models: [model('m1', { model: 'openai/a' })] }), load('').origin);
    expect(made.deployments.map(({ modelName }) => modelName)).toEqual(['openai/*', '*', 'mock/*', 'stored']);
    expect(made.file).toBeUndefined();
  });
});

describe('credentials', () => {
  test('of the file and of the database resolve; the file’s win', () => {
    const made = withStored(
      load(file),
      parts({
        credentials: [
          { name: 'shared', values: { api_key: 'sk-not-this' } },
          { name: 'mine', values: { api_key: 'sk-mine', api_base: 'https://mine.test/v1' } },
        ],
        models: [
          model('a', { model: 'openai/a', litellm_credential_name: 'shared' }),
          model('b', { model: 'openai/a', litellm_credential_name: 'mine' }),
        ],
      }),
    );
    expect(made.deployments.slice(1).map(({ apiKey }) => apiKey?.reveal())).toEqual(['sk-shared', 'sk-mine']);
    expect(made.deployments[2]?.apiBase).toBe('https://mine.test/v1');
    expect(made.stored?.drift).toEqual([{ kind: 'credential', id: 'shared', place: { file: 'config.yaml', line: 7, column: 5 } }]);
  });

  test('a model whose credential is missing or closed is left out: it must not fall back to the environment’s key', () => {
    const made = withStored(
      load(file),
      parts({
        credentials: [{ name: 'closed', values: {}, sealedBecause: 'It was cut off.' }],
        models: [
          model('a', { model: 'openai/a', litellm_credential_name: 'closed' }),
          model('b', { model: 'openai/a', litellm_credential_name: 'nowhere' }),
        ],
      }),
    );
    expect(idsOf(made)).toEqual(['from-file']);
    expect(made.stored?.problems.map(({ id, message }) => [id, message])).toEqual([
      ['closed', 'It cannot be opened: It was cut off.'],
      ['a', 'The credential "closed" cannot be opened.'],
      ['b', 'There is no credential "nowhere".'],
    ]);
  });
});

test('a model of the file whose credential only the database has is served once it is there', () => {
  const base = load('model_list: [{ model_name: a, litellm_params: { model: openai/a, litellm_credential_name: of-the-database } }]');
  expect(base.deployments).toEqual([]);
  expect(base.warnings.map(({ key }) => key)).toContain('litellm_credential_name of-the-database');
  const made = withStored(base, parts({ credentials: [{ name: 'of-the-database', values: { api_key: 'sk-there' } }] }));
  expect(made.deployments[0]?.apiKey?.reveal()).toBe('sk-there');
});

describe('settings', () => {
  const settings = (...all: readonly (readonly [string, unknown])[]) => parts({ settings: all.map(([path, value]) => ({ path, value })) });

  test('hold where the file says nothing', () => {
    const made = withStored(
      load(file),
      settings(['router_settings.timeout', 7], ['general_settings.forward_client_headers_to_llm_api', true]),
    );
    expect(made.router.timeoutMs).toBe(7000);
    expect(made.forwardClientHeaders).toBe(true);
    expect(made.warnings).toEqual(load(file).warnings);
  });

  test('the file’s holds, and the drift is told (FP-39)', () => {
    const made = withStored(load(file), settings(['router_settings.num_retries', 9]));
    expect(made.router.maxRetries).toBe(4);
    expect(made.stored?.drift).toEqual([
      { kind: 'setting', id: 'router_settings.num_retries', place: { file: 'config.yaml', line: 10, column: 16 } },
    ]);
  });

  test('a setting that the file says under its other name is the file’s, too', () => {
    const made = withStored(load('litellm_settings: { num_retries: 1 }'), settings(['router_settings.num_retries', 9]));
    expect(made.router.maxRetries).toBe(1);
    expect(made.stored?.drift).toHaveLength(1);
  });

  test('fallbacks have an owner by name', () => {
    const made = withStored(load(file), settings(['router_settings.fallbacks', { gpt: ['mine'], stored: ['gpt'] }]));
    expect(made.router.fallbacks.general).toEqual({ gpt: [{ name: 'other' }], stored: [{ name: 'gpt' }] });
    expect(made.stored?.drift.map(({ id }) => id)).toEqual(['router_settings.fallbacks.gpt']);
  });

  test('fallbacks of the file’s other section stay', () => {
    const made = withStored(load('litellm_settings: { fallbacks: [{ a: [b] }] }'), settings(['router_settings.fallbacks', { c: ['d'] }]));
    expect(made.router.fallbacks.general).toEqual({ a: [{ name: 'b' }], c: [{ name: 'd' }] });
  });

  test('so have discounts and pass-through endpoints', () => {
    const text = `${file}general_settings:\n  pass_through_endpoints: [{ path: /a, target: "https://a.test" }]\n`;
    const made = withStored(
      load(text),
      settings(
        ['litellm_settings.cost_discount_config', { openai: 0.9, groq: 0.2 }],
        [
          'general_settings.pass_through_endpoints',
          [
            { path: 'a/', target: 'https://mine.test' },
            { path: '/b', target: 'https://b.test', headers: { authorization: 'Bearer x' } },
          ],
        ],
      ),
    );
    expect(made.costs.discounts).toEqual({ openai: 0.1, groq: 0.2 });
    expect(made.passThrough.endpoints.map(({ path, target }) => [path, target])).toEqual([
      ['/a', 'https://a.test'],
      ['/b', 'https://b.test'],
    ]);
    expect(JSON.stringify(made)).not.toContain('Bearer x');
  });

  test('a wrong one is left out', () => {
    const made = withStored(load(file), settings(['router_settings.timeout', 'soon'], ['router_settings.retry_after', 3], ['nonsense', 1]));
    expect(made.router.retryAfterMs).toBe(3000);
    expect(made.router.timeoutMs).toBeUndefined();
    expect(made.stored?.problems.map(({ id }) => id)).toEqual(['router_settings.timeout', 'nonsense']);
  });

  test('without a file, what the command line says still holds', () => {
    const overrides = { dropParams: true, requestTimeoutMs: 5000 };
    const quick = quickStartSnapshot({ providers: ['openai'] }, overrides);
    expect(quick.overrides).toEqual(overrides);
    const made = withStored(quick, settings(['router_settings.retry_after', 3]), load('', { overrides }).origin);
    expect(made.router).toMatchObject({ timeoutMs: 5000, retryAfterMs: 3000 });
    expect(made.deployments).toEqual(quick.deployments);
  });
});

test('no problem holds a value, and the snapshot prints no secret', () => {
  const made = withStored(
    load(file),
    parts({
      models: [model('m', { model: 'openai/a', api_key: { wrong: 'sk-canary' } }), model('n', { model: 'openai/a', api_key: 'sk-canary' })],
    }),
  );
  expect(made.stored?.problems).toHaveLength(1);
  expect(JSON.stringify(made)).not.toContain('sk-canary');
});

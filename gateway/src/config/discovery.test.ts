import { describe, expect, test } from 'bun:test';
import { Secret } from 'sluice/kit';
import { load, mistakes } from './testing.ts';

/** A file with one source of these lines. */
const withSource = (...lines: string[]): string =>
  ['sluice_settings:', '  discovery:', ...lines.map((line, at) => `    ${at === 0 ? '- ' : '  '}${line}`)].join('\n');

const dns = ['type: dns', 'host: vllm.internal', 'port: 8000', 'model_name: llama'];
const params = 'litellm_params: { model: ollama/llama3, api_base: "http://{host}:{port}/v1" }';
const only = (text: string, env: Record<string, string> = {}) => {
  const { discovery } = load(text, { env, providers: ['ollama', 'ollama_chat', 'hosted_vllm', 'openai'] });
  expect(discovery).toHaveLength(1);
  return discovery[0]!;
};

describe('discovery', () => {
  test('what is absent is as documented', () => {
    const { deploymentsOf, ...source } = only(withSource(...dns, params));
    expect(source).toEqual({
      name: 'dns:vllm.internal',
      lookup: { type: 'dns', host: 'vllm.internal', port: 8000, servers: [], intervalMs: 30_000 },
      timeoutMs: 10_000,
      graceMs: 30_000,
      maxEndpoints: 1000,
    });
    expect(only(withSource('type: consul', 'service: vllm', 'model_name: m', params))).toMatchObject({
      name: 'consul:vllm',
      lookup: { type: 'consul', address: 'http://127.0.0.1:8500', service: 'vllm', tags: [] },
      graceMs: 0,
    });
    expect(only(withSource('type: etcd', 'prefix: /s/', 'model_name: m', params)).lookup).toEqual({
      type: 'etcd',
      address: 'http://127.0.0.1:2379',
      prefix: '/s/',
    });
    expect(only(withSource('type: kubernetes', 'service: vllm', 'port: http', 'model_name: m', params)).lookup).toEqual({
      type: 'kubernetes',
      service: 'vllm',
      port: 'http',
    });
  });

  test('an endpoint is a deployment, made as those of model_list are', () => {
    const { deploymentsOf } = only(
      withSource(
        ...dns,
        'litellm_params: { model: ollama/llama3, api_base: "http://{host}:{port}/v1", api_key: os.environ/K, timeout: 7, tags: [gpu] }',
        'sluice_params: { idle_timeout_ms: 9 }',
        'model_info: { mode: chat }',
      ),
      { K: 'a-key' },
    );
    const [found, ...more] = deploymentsOf({ host: '10.0.0.7', port: 8001, weight: 3, order: 2, tags: ['eu', 'gpu'] });
    expect(more).toEqual([]);
    expect(found).toMatchObject({
      modelName: 'llama',
      provider: 'ollama',
      model: 'llama3',
      apiBase: 'http://10.0.0.7:8001/v1',
      timeoutMs: 7000,
      deadlines: { idleTimeoutMs: 9 },
      mode: 'chat',
      weight: 3,
      order: 2,
      tags: ['gpu', 'eu'],
      modelInfo: { mode: 'chat' },
    });
    expect(found?.apiKey).toBeInstanceOf(Secret);
    expect(found?.apiKey?.reveal()).toBe('a-key');
    expect(Object.isFrozen(found)).toBe(true);
  });

  test('the id is of template and endpoint alone, so that what is learnt of it stays', () => {
    const of = (text: string, endpoint: object) => only(text).deploymentsOf({ host: '10.0.0.7', port: 80, ...endpoint } as never)[0]?.id;
    const text = withSource(...dns, params);
    const id = of(text, {});
    expect(id).toMatch(/^[0-9a-f]{16}$/);
    expect(of(text, { weight: 5, order: 1, tags: ['x'] })).toBe(id);
    expect(of(withSource(...dns, params, 'grace_ms: 5', 'name: other'), {})).toBe(id);
    expect(of(text, { port: 81 })).not.toBe(id);
    expect(of(text, { model: 'm' })).not.toBe(id);
    expect(of(withSource(...dns, params.replace('llama3', 'llama4')), {})).not.toBe(id);
  });

  test("a server's models are its model list's, in a name of the operator's", () => {
    const vllm = only(withSource('type: openai_models', 'address: http://gpu-1:8000/', 'model_name: "local/*"', 'models: ["llama*"]'));
    expect(vllm.lookup).toEqual({ type: 'openai_models', address: 'http://gpu-1:8000', models: ['llama*'], intervalMs: 30_000 });
    expect(vllm.deploymentsOf({ host: 'gpu-1', port: 8000, model: 'llama-3.1-8b' })).toMatchObject([
      { modelName: 'local/llama-3.1-8b', provider: 'hosted_vllm', model: 'llama-3.1-8b', apiBase: 'http://gpu-1:8000' },
    ]);
    const ollama = only(withSource('type: ollama', 'address: http://gpu-2:11434'));
    expect(ollama.deploymentsOf({ host: 'gpu-2', port: 11434, model: 'qwen3:8b' })).toMatchObject([
      { modelName: 'qwen3:8b', apiBase: 'http://gpu-2:11434' },
    ]);
  });

  test("the key of the template asks for the list, too; a token of the source's own wins", () => {
    const key = 'litellm_params: { api_key: k1 }';
    const tokenOf = (...lines: string[]) => {
      const { lookup } = only(withSource('type: openai_models', 'address: http://gpu-1:8000', ...lines));
      return 'token' in lookup ? lookup.token?.reveal() : undefined;
    };
    expect(tokenOf(key)).toBe('k1');
    expect(tokenOf(key, 'token: t1')).toBe('t1');
    expect(tokenOf()).toBeUndefined();
  });

  test('an endpoint that lacks what the template asks for is none, and none takes a name of the router’s own', () => {
    const { deploymentsOf } = only(
      withSource(
        'type: etcd',
        'prefix: /s/',
        'model_name: "{model}"',
        'litellm_params: { model: "ollama/{model}", api_base: "http://{host}:{port}" }',
      ),
    );
    expect(deploymentsOf({ host: 'h', port: 1 })).toEqual([]);
    expect(deploymentsOf({ host: 'h', port: 1, model: 'keeps/openai' })).toEqual([]);
    expect(deploymentsOf({ host: 'h', port: 1, model: 'search_tool/x' })).toEqual([]);
    expect(deploymentsOf({ host: 'h', port: 1, model: 'm' })).toHaveLength(1);
  });

  test('where the model says who the provider is, it may be another one for each endpoint', () => {
    const { deploymentsOf } = only(
      withSource('type: etcd', 'prefix: /s/', 'model_name: "{model}"', 'litellm_params: { model: "{model}", api_base: "http://{host}" }'),
    );
    const of = (model: string) => deploymentsOf({ host: 'h', port: 1, model })[0];
    expect(of('openai/gpt-4o')).toMatchObject({ provider: 'openai', model: 'gpt-4o', modelName: 'openai/gpt-4o' });
    expect(of('ollama/llama3')).toMatchObject({ provider: 'ollama', model: 'llama3' });
    expect(of('$&')).toMatchObject({ model: '$&', modelName: '$&' });
  });

  test('a user and a password in the address are no part of what is shown', () => {
    const { deploymentsOf } = only(
      withSource(...dns, 'litellm_params: { model: ollama/m, api_base: "http://u:p@{host}:{port}/v1", headers: { x-node: "{host}" } }'),
    );
    const [found] = deploymentsOf({ host: '10.0.0.7', port: 80 });
    expect(found).toMatchObject({ apiBase: 'http://10.0.0.7/v1', headers: { 'x-node': '10.0.0.7' } });
    expect((found!.headers['authorization'] as Secret).reveal()).toBe(`Basic ${btoa('u:p')}`);
  });

  test('what an endpoint says is filled in once, and no variable is read for it', () => {
    const { deploymentsOf } = only(
      withSource('type: openai_models', 'address: http://gpu-1:8000', 'litellm_params: { model: "openai/{model}" }'),
      {
        SECRET: 'do-not-tell',
      },
    );
    expect(deploymentsOf({ host: 'h', port: 1, model: 'os.environ/SECRET{port}' })).toMatchObject([
      { model: 'os.environ/SECRET{port}', unsetVariables: [] },
    ]);
  });

  test('a variable that is not set is missed by calls where it is of the template, and not where it is of the source', () => {
    const lacking = (...lines: string[]) =>
      only(withSource('type: consul', 'service: v', 'model_name: m', ...lines)).deploymentsOf({ host: 'h', port: 1 })[0]?.unsetVariables;
    expect(lacking('token: os.environ/T', params)).toEqual([]);
    expect(lacking(params.replace('model:', 'api_key: os.environ/K, model:'))).toEqual(['K']);
  });

  test('a source that a variable is missing for is not asked, does not stop the gateway, and is told of', () => {
    const lacking = [
      ['type: ollama', 'address: os.environ/GPU'],
      ['type: consul', 'service: v', 'address: os.environ/GPU', 'model_name: m', params],
      ['type: etcd', 'prefix: /s/', 'username: u', 'password: os.environ/GPU', 'model_name: m', params],
      [...dns, 'litellm_params: { model: ollama/m, api_base: os.environ/GPU }'],
    ];
    for (const lines of lacking) {
      const snapshot = load(`${withSource(...lines)}\n    - { type: ollama, address: "http://b" }`);
      expect(snapshot.discovery.map(({ name }) => name)).toEqual(['ollama:b']);
      expect(snapshot.unsetVariables.map(({ name, path }) => [name, path.startsWith('sluice_settings.discovery[0].')])).toEqual([
        ['GPU', true],
      ]);
      expect(load(withSource(...lines), { env: { GPU: 'http://{host}' } }).discovery).toHaveLength(1);
    }
  });

  test('sources with the same name are told apart', () => {
    const entry = (port: number) => `    - { type: dns, host: a.test, port: ${port}, model_name: m, ${params} }`;
    const { discovery } = load(['sluice_settings:', '  discovery:', entry(1), entry(2)].join('\n'));
    expect(discovery.map(({ name }) => name)).toEqual(['dns:a.test', 'dns:a.test-2']);
  });

  test('files that are included add theirs', () => {
    const text = `include: [b.yaml]\n${withSource(...dns, params)}`;
    const { discovery, warnings } = load(text, {
      readInclude: (file) => ({ file, text: withSource('type: ollama', 'address: http://b:11434') }),
    });
    expect(discovery.map(({ name }) => name).toSorted()).toEqual(['dns:vllm.internal', 'ollama:b:11434']);
    expect(warnings.filter(({ key }) => /discovery|model_list/.test(key))).toEqual([]);
  });

  test('an alias for what may be found is none that leads nowhere', () => {
    const alias = (model: string) => `router_settings: { model_group_alias: { a: ${model} } }`;
    const about = (text: string) => load(text).warnings.filter(({ path }) => path.includes('alias')).length;
    expect(about(`${withSource(...dns, params)}\n${alias('llama')}`)).toBe(0);
    expect(about(`${withSource(...dns, params)}\n${alias('lama')}`)).toBe(1);
    expect(about(`${withSource('type: ollama', 'address: http://b', 'model_name: "local/*"')}\n${alias('local/x')}`)).toBe(0);
  });

  test('mistakes are told with their places', () => {
    expect(mistakes(withSource('type: dsn'))).toEqual([
      'config.yaml:3:13: sluice_settings.discovery[0].type: must be one of dns, srv, consul, etcd, kubernetes, openai_models, ollama (did you mean dns?)',
    ]);
    expect(mistakes(withSource('type: dns', 'host: a.test', 'port: 0', 'model_name: m', params))).toEqual([
      'config.yaml:5:13: sluice_settings.discovery[0].port: must be a port from 1 to 65535',
    ]);
    expect(mistakes(withSource(...dns, 'service: x', params))).toEqual([
      'config.yaml:7:16: sluice_settings.discovery[0].service: has no meaning where the type is dns',
    ]);
    expect(mistakes(withSource('type: consul', 'model_name: m', params))).toEqual([
      'config.yaml:3:7: sluice_settings.discovery[0].service: is needed where the type is consul',
    ]);
    expect(mistakes(withSource(...dns, 'litellm_params: { model: ollama/m, api_base: "http://one:80" }'))).toEqual([
      'config.yaml:7:52: sluice_settings.discovery[0].litellm_params.api_base: must hold {host}',
    ]);
    expect(mistakes(withSource(...dns, 'litellm_params: { model: ollama/m, api_base: "{host}:80" }'))[0]).toContain(
      'must be an address that begins with http:// or https://',
    );
    expect(mistakes(withSource(...dns, params, 'model_info: { id: x }'))[0]).toContain('model_info.id: has no meaning here');
    expect(mistakes(withSource('type: etcd', 'prefix: /s/', 'username: u', 'model_name: m', params))[0]).toContain(
      'username: needs the other',
    );
    expect(mistakes(withSource('type: srv', 'host: http://a.test', 'model_name: m', params))[0]).toContain(
      'host: must be a name, without a scheme',
    );
    expect(mistakes(withSource(...dns, 'servers: ["10.0.0.2", "10.0.0.2:53", "fd00::2", "[fd00::2]:53"]', params))).toEqual([]);
    expect(mistakes(withSource(...dns, 'servers: ["10.0.0.2", "dns.test", "10.0.0.2:0", "10.0.0:53"]', params))).toEqual([
      'config.yaml:7:29: sluice_settings.discovery[0].servers[1]: must be an IP address, with a port or without',
      'config.yaml:7:41: sluice_settings.discovery[0].servers[2]: must be an IP address, with a port or without',
      'config.yaml:7:55: sluice_settings.discovery[0].servers[3]: must be an IP address, with a port or without',
    ]);
    expect(mistakes(withSource(...dns, 'max_endpoints: 20000', params))[0]).toContain('must be at most 10000');
    expect(mistakes(withSource(...dns, 'hots: x', params))[0]).toContain('did you mean host?');
    expect(mistakes(withSource(...dns, params.replace('model:', 'api_bse: x, model:')))[0]).toContain('did you mean api_base?');
    expect(mistakes(withSource(...dns, params.replace('model:', 'litellm_credential_name: x, model:')))[0]).toContain(
      'is not in `credential_list`',
    );
  });

  test('a secret of a source is in no text of the snapshot', () => {
    const snapshot = load(withSource('type: consul', 'service: v', 'token: os.environ/T', 'model_name: m', params), {
      env: { T: 'very-secret' },
    });
    expect(JSON.stringify(snapshot)).not.toContain('very-secret');
    expect(Bun.inspect(snapshot, { depth: 9 })).not.toContain('very-secret');
  });
});

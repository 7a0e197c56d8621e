import { describe, expect, test } from 'bun:test';
import { writeFileSync } from 'node:fs';
import type { Io } from './io.ts';
import { run } from './run.ts';
import { fakeIo, fakeParts, temporaryFolder } from './testing.ts';

const config = `general_settings: { master_key: sk-1234 }
model_list:
  - model_name: gpt-4o
    litellm_params: { model: openai/gpt-4o, api_key: os.environ/MISSING_KEY, bedrock_tags: x, brand_new: 1 }
`;

const ollama = (body: unknown, status = 200): Io['fetch'] =>
  Object.assign(
    (url: string | URL | Request) =>
      Promise.resolve(String(url).endsWith('/api/tags') ? Response.json(body, { status }) : new Response('no')),
    {
      preconnect: () => {},
    },
  );

const starting = async (argv: string[], given: Partial<Io> = {}, parts = fakeParts()) => {
  const io = fakeIo(argv, given);
  const result = await run(io, parts);
  return { result, parts, ...io.printed() };
};

describe('quick start', () => {
  test('with no key at all: the mock, and it says so', async () => {
    using folder = temporaryFolder();
    const { parts, told } = await starting([], { env: { SLUICE_DATA_DIR: folder.path } });
    const [options] = parts.started;
    expect(options).toMatchObject({ host: '127.0.0.1', port: 4000 });
    expect(options!.snapshot.deployments.map(({ modelName }) => modelName)).toEqual(['mock/*']);
    expect(told).toContain('No provider key in the environment and no Ollama: only the built-in mock answers.');
    expect(told).toContain('is listening on http://127.0.0.1:4000');
    expect(told).toContain(options!.masterKey.reveal());
    expect(told).toContain('curl http://127.0.0.1:4000/v1/chat/completions');
    expect(told).toContain(`$(cat '${folder.file('master-key')}')`);
    expect(told).toContain('"model":"mock/hello"');
  });
  test('the second start has the same key and does not show it', async () => {
    using folder = temporaryFolder();
    const env = { SLUICE_DATA_DIR: folder.path };
    const first = await starting([], { env });
    const second = await starting([], { env });
    const key = first.parts.started[0]!.masterKey.reveal();
    expect(second.parts.started[0]!.masterKey.reveal()).toBe(key);
    expect(second.told).not.toContain(key);
    expect(second.told).toContain(`in ${folder.file('master-key')}`);
  });
  test('keys in the environment and a local Ollama become routes; no key is shown', async () => {
    const env = { OPENAI_API_KEY: 'sk-canary', SLUICE_MASTER_KEY: 'sk-canary-master-0123456789' };
    const { parts, told } = await starting([], { env, fetch: ollama({ models: [{ name: 'llama3.2' }, { name: 'qwen3' }] }) });
    expect(parts.started[0]!.snapshot.deployments.map(({ modelName }) => modelName)).toEqual([
      'openai/*',
      'ollama/*',
      'llama3.2',
      'qwen3',
      '*',
      'mock/*',
    ]);
    expect(told).toMatch(/openai\/\* +OPENAI_API_KEY/);
    expect(told).toMatch(/ollama\/\* +http:\/\/127\.0\.0\.1:11434 \(llama3\.2, qwen3\)/);
    expect(told).toContain('"model":"ollama/llama3.2"');
    expect(told).toContain('Bearer $SLUICE_MASTER_KEY');
    expect(told).not.toContain('canary');
  });
  test('what listens on the port of Ollama and is none', async () => {
    const env = { SLUICE_MASTER_KEY: 'k' };
    for (const fetch of [ollama({}, 404), ollama({ other: 1 }), ollama('text')]) {
      expect((await starting([], { env, fetch })).parts.started[0]!.snapshot.deployments).toHaveLength(1);
    }
  });
  test('no place for the key: it is shown for this run, with what to do', async () => {
    const { told, parts } = await starting([]);
    expect(told).toContain(`${parts.started[0]!.masterKey.reveal()}\n`);
    expect(told).toContain('for this run only: there is no home folder to keep it in. Set SLUICE_MASTER_KEY or SLUICE_DATA_DIR.');
  });
});

describe('with a file', () => {
  test('what it says, once: unbuilt, unknown and unset; the weak key on loopback; no secret', async () => {
    using folder = temporaryFolder();
    writeFileSync(folder.file('c.yaml'), config);
    const { result, told, parts } = await starting([
      '-c',
      folder.file('c.yaml'),
      '--port',
      '0',
      '--debug',
      '--request_timeout',
      '9',
      '--drop_params',
    ]);
    expect(result).toMatchObject({ config: { file: folder.file('c.yaml') } });
    const place = `[${folder.file('c.yaml')}:4:`;
    expect(told).toContain(`Known from LiteLLM, not built yet, without effect: litellm_params.bedrock_tags ${place}`);
    expect(told).toContain(`Unknown here, sent to the provider as they are: litellm_params.brand_new ${place}`);
    expect(told).toContain('Not set: MISSING_KEY, which model_list[0].litellm_params.api_key ');
    expect(told).toContain('Calls that need it will fail and say so.');
    expect(told).toContain('The master key is weak: it has fewer than 16 characters');
    expect(told).toContain('1 deployment of 1 model. Version ');
    expect(told).toContain('http://127.0.0.1:54321');
    expect(told).toContain('"model":"gpt-4o"');
    expect(told).not.toContain('sk-1234');
    expect(parts.started[0]!.snapshot).toMatchObject({
      logging: { level: 'debug' },
      router: { timeoutMs: 9000 },
      deployments: [{ dropParams: true }],
    });
  });
  test('a key that could not be kept stays the same when the file is read again', async () => {
    using folder = temporaryFolder();
    writeFileSync(folder.file('c.yaml'), 'model_list: []');
    const { result, parts } = await starting(['-c', folder.file('c.yaml')]);
    if (typeof result === 'number') throw new Error('not started');
    expect(result.config!.masterKeyFor(result.snapshot).key.reveal()).toBe(parts.started[0]!.masterKey.reveal());
  });
  test('mistakes: all of them, and no start', async () => {
    using folder = temporaryFolder();
    writeFileSync(folder.file('c.yaml'), 'model_lst: []\nrouter_settings: { num_retris: 1 }\n');
    const { result, told, parts } = await starting(['-c', 'c.yaml'], { cwd: folder.path });
    expect(result).toBe(1);
    expect(told).toBe(
      'sluice: c.yaml has 2 mistakes:\n  c.yaml:1:1: model_lst: unknown key (did you mean model_list?)\n  c.yaml:2:20: router_settings.num_retris: unknown key (did you mean num_retries?)\n',
    );
    expect(parts.started).toEqual([]);
  });
  test('no such file', async () => {
    const { result, told } = await starting(['-c', '/nowhere/c.yaml']);
    expect(result).toBe(1);
    expect(told).toContain('/nowhere/c.yaml:1:1: cannot be read (ENOENT)');
  });
  test('--skip-server-startup', async () => {
    using folder = temporaryFolder();
    writeFileSync(folder.file('c.yaml'), config);
    const { result, told, parts } = await starting(['-c', folder.file('c.yaml'), '--skip_server_startup']);
    expect(result).toBe(0);
    expect(parts.started).toEqual([]);
    expect(told).toContain('Everything is in order: 1 deployment of 1 model.');
  });
});

describe('refused', () => {
  const strong = { SLUICE_MASTER_KEY: 'sk-9f86d081884c7d659a2feaa0c55ad015' };
  test('beyond loopback without a key or with a weak one (FP-62)', async () => {
    expect(await starting(['--host', '0.0.0.0'])).toMatchObject({
      result: 1,
      told: expect.stringContaining('without a master key is refused'),
    });
    expect(await starting(['--host', '0.0.0.0'], { env: { LITELLM_MASTER_KEY: 'sk-1234' } })).toMatchObject({ result: 1 });
    const allowed = await starting(['--host', '0.0.0.0', '--allow_weak_key'], { env: { LITELLM_MASTER_KEY: 'sk-1234' } });
    expect(allowed.parts.started).toHaveLength(1);
    const good = await starting(['--host', '0.0.0.0'], { env: strong });
    expect(good.parts.started).toHaveLength(1);
    expect(good.told).toContain('curl http://127.0.0.1:4000/');
  });
  test.each([
    [
      'EADDRINUSE',
      'Port 4000 on 127.0.0.1 is in use. Stop what listens there, or choose another one, e.g. --port 4001; --port 0 takes any free one.',
    ],
    ['EACCES', 'Port 4000 on 127.0.0.1 needs rights that this user does not have. Choose one above 1023, e.g. --port 4000.'],
    ['EADDRNOTAVAIL', '127.0.0.1 is not an address of this machine.'],
  ])('%s', async (code, sentence) => {
    const { result, told } = await starting([], { env: strong }, fakeParts({ code }));
    expect(result).toBe(1);
    expect(told).toContain(sentence);
  });
  test.each([
    [['--model', 'a', '--config', 'b'], '--config and --model exclude each other'],
    [['--api_key', 'sk-canary', '--temperature', '1'], '--api-key, --temperature belong to --model'],
    [['--ssl_keyfile_path', 'k'], 'go together'],
    [['--ssl_keyfile_path', '/nowhere', '--ssl_certfile_path', '/nowhere'], '--ssl-keyfile-path /nowhere cannot be read (ENOENT)'],
    [['--telemetry', 'True'], 'sends nothing to anybody'],
    [['--model', 'a', '--api_base', 'localhost:1'], '--api-base must be an address'],
  ])('%j', async (argv, sentence) => {
    const { result, told, parts } = await starting(argv as string[], { env: strong });
    expect(result).toBeOneOf([1, 2]);
    expect(told).toContain(sentence as string);
    expect(told).not.toContain('canary');
    expect(parts.started).toEqual([]);
  });
});

describe('one model', () => {
  test('with its flags', async () => {
    const argv = [
      '--model',
      'ollama/llama3.2',
      '--api_base',
      'http://h:1/',
      '--api_key',
      'sk-canary',
      '--headers',
      '{"X-A":"b"}',
      '--temperature',
      '0',
      '--max_tokens',
      '9',
    ];
    const { parts, told } = await starting(argv, { env: { SLUICE_MASTER_KEY: 'k' } });
    const [deployment] = parts.started[0]!.snapshot.deployments;
    expect(deployment).toMatchObject({
      modelName: 'ollama/llama3.2',
      provider: 'ollama',
      model: 'llama3.2',
      apiBase: 'http://h:1',
      defaults: { temperature: 0, max_tokens: 9 },
    });
    expect(deployment!.apiKey!.reveal()).toBe('sk-canary');
    expect(told).toContain('ollama/llama3.2, and every other model name');
    expect(told).not.toContain('canary');
  });
  test('--num-workers is explained, TLS and the idle time handed on', async () => {
    using folder = temporaryFolder();
    writeFileSync(folder.file('k'), 'KEY');
    writeFileSync(folder.file('c'), 'CERT');
    const argv = [
      '--num_workers',
      '8',
      '--ssl_keyfile_path',
      'k',
      '--ssl_certfile_path',
      'c',
      '--keepalive_timeout',
      '75',
      '--telemetry',
      'False',
    ];
    const { parts, told } = await starting(argv, { cwd: folder.path, env: { SLUICE_MASTER_KEY: 'k' } });
    expect(parts.started[0]).toMatchObject({ tls: { key: 'KEY', cert: 'CERT' }, keepAliveTimeoutMs: 75_000 });
    expect(told).toContain('start more gateways behind a balancer');
    expect(told).toContain('curl https://127.0.0.1:4000/');
  });
});

describe('asking a running gateway', () => {
  const serving = (status: number, seen: Request[] = []): Io['fetch'] =>
    Object.assign(
      (url: string | URL | Request, init?: RequestInit) => {
        seen.push(new Request(url, init));
        return Promise.resolve(Response.json({ choices: [{ message: { content: 'Hi there' } }] }, { status }));
      },
      { preconnect: () => {} },
    );
  test('--health', async () => {
    const seen: Request[] = [];
    expect(await starting(['--health', '--port', '5', '--host', '0.0.0.0'], { fetch: serving(200, seen) })).toMatchObject({ result: 0 });
    expect(seen[0]!.url).toBe('http://127.0.0.1:5/health/readiness');
    expect((await starting(['--health'], { fetch: serving(503) })).result).toBe(1);
    expect(await starting(['--health'])).toMatchObject({
      result: 1,
      told: 'No gateway answers on http://127.0.0.1:4000: no network here\n',
    });
  });
  test('--test', async () => {
    const seen: Request[] = [];
    const { result, out } = await starting(['--test', '--model', 'gpt-4o'], {
      fetch: serving(200, seen),
      env: { SLUICE_MASTER_KEY: 'sk-k' },
    });
    expect(result).toBe(0);
    expect(out).toBe('200 gpt-4o: Hi there\n');
    expect(seen[0]!.headers.get('authorization')).toBe('Bearer sk-k');
    expect((await starting(['--test', 'http://other/'], { fetch: serving(401, seen) })).result).toBe(1);
    expect(seen[1]!.url).toBe('http://other/v1/chat/completions');
  });
});

describe('sluice config', () => {
  test('check: every mistake, one a line; exit code 1', async () => {
    using folder = temporaryFolder();
    writeFileSync(folder.file('c.yaml'), 'a: 1\nmodel_lst: []\n');
    const { result, out, told } = await starting(['config', 'check', 'c.yaml'], { cwd: folder.path });
    expect(result).toBe(1);
    expect(out).toBe('c.yaml:1:1: a: unknown key\nc.yaml:2:1: model_lst: unknown key (did you mean model_list?)\n');
    expect(told).toBe('2 mistakes.\n');
  });
  test('check --json', async () => {
    using folder = temporaryFolder();
    writeFileSync(folder.file('c.yaml'), 'model_lst: []\n');
    writeFileSync(folder.file('good.yaml'), config);
    expect(JSON.parse((await starting(['config', 'check', '--json', 'c.yaml'], { cwd: folder.path })).out)).toMatchObject({
      ok: false,
      problems: [{ file: 'c.yaml', line: 1, column: 1, path: 'model_lst', message: 'unknown key', suggestion: 'model_list' }],
    });
    expect(JSON.parse((await starting(['config', 'check', '--json', 'good.yaml'], { cwd: folder.path })).out)).toMatchObject({
      ok: true,
      problems: [],
      unsetVariables: [{ name: 'MISSING_KEY' }],
    });
  });
  test('check of a good one, with an include', async () => {
    using folder = temporaryFolder();
    writeFileSync(folder.file('c.yaml'), `include: [more.yaml]\n${config}`);
    writeFileSync(folder.file('more.yaml'), 'model_list: [{ model_name: b, litellm_params: { model: openai/b } }]');
    const { result, out } = await starting(['config', 'check', 'c.yaml'], { cwd: folder.path });
    expect(result).toBe(0);
    expect(out).toContain('c.yaml: no mistakes. 2 deployments of 2 models.');
  });
  test('explain: what it means, without secrets', async () => {
    using folder = temporaryFolder();
    writeFileSync(folder.file('c.yaml'), config);
    const { result, out } = await starting(['config', 'explain', 'c.yaml'], { cwd: folder.path });
    expect(result).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ access: { masterKey: '[secret]' }, deployments: [{ modelName: 'gpt-4o' }] });
  });
  test('schema', async () => {
    expect(JSON.parse((await starting(['config', 'schema'])).out)).toMatchObject({
      title: 'Sluice configuration',
      properties: { model_list: { type: 'array' } },
    });
  });
});

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { chmodSync, mkdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runChild } from './child.ts';
import { Refusal, type Io } from './io.ts';
import { runAgent, type RunFlags } from './run-agent.ts';
import { fakeIo, temporaryFolder } from './testing.ts';

const key = 'sk-canary-5a1d';
const folder = temporaryFolder();
const names = ['claude', 'codex', 'gemini', 'opencode'];

beforeAll(() => {
  for (const name of names) {
    const path = folder.file(name);
    writeFileSync(path, `#!/bin/sh\nprintf '%s\\n' "$@" > "$OUT.args"\nenv > "$OUT.env"\nexit 7\n`);
    chmodSync(path, 0o755);
  }
});
afterAll(() => folder[Symbol.dispose]());

interface Seen {
  url: string;
  authorization: string | null;
}

/** A gateway that lists these models. */
const gatewayOf = (models: readonly string[], seen: Seen[] = [], status = 200): Io['fetch'] =>
  Object.assign(
    (input: string | URL | Request, init?: RequestInit) => {
      const url = String(input);
      seen.push({ url, authorization: new Headers(init?.headers).get('authorization') });
      if (status !== 200) return Promise.resolve(Response.json({}, { status }));
      if (url.endsWith('/v1/models')) return Promise.resolve(Response.json({ data: models.map((id) => ({ id })) }));
      const name = decodeURIComponent(url.split('/v1/models/')[1]!);
      return Promise.resolve(
        models.includes(name)
          ? Response.json({ id: name })
          : Response.json({ error: { message: `The model '${name}' does not exist.` } }, { status: 404 }),
      );
    },
    { preconnect: () => {} },
  );

const run = async (
  agent: string,
  {
    args = [],
    flags = {},
    env = {},
    home,
    fetch = gatewayOf(['gpt-4o-mini', 'claude-sonnet-4-5', 'claude-haiku-4-5', 'gemini-2.5-pro']),
  }: {
    args?: string[];
    flags?: RunFlags;
    env?: Record<string, string>;
    home?: string;
    fetch?: Io['fetch'];
  } = {},
) => {
  const out = folder.file(`out-${crypto.randomUUID()}`);
  const io = fakeIo([], { env: { PATH: `${folder.path}:/usr/bin:/bin`, SLUICE_API_KEY: key, OUT: out, ...env }, fetch, home });
  const code = await runAgent(agent, args, flags, io, { runChild: (options) => runChild({ ...options, terminal: false }) });
  const lines = (name: string) => readFileSync(`${out}.${name}`, 'utf8').split('\n').filter(Boolean);
  const variables = Object.fromEntries(lines('env').map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
  expect(lines('args').join(' ')).not.toContain(key);
  expect(JSON.stringify(io.printed())).not.toContain(key);
  return { code, args: lines('args'), env: variables as Record<string, string | undefined>, told: io.printed().told };
};

describe('each agent is pointed at the gateway', () => {
  test('claude', async () => {
    const { code, args, env, told } = await run('claude', {
      args: ['-p', 'say hello', '--output_format', 'x'],
      env: { ANTHROPIC_API_KEY: 'sk-ant-own', CLAUDE_CODE_USE_BEDROCK: '1', ANTHROPIC_CUSTOM_HEADERS: 'x-team: a' },
    });
    expect(code).toBe(7);
    expect(args).toEqual(['-p', 'say hello', '--output_format', 'x']);
    expect(env).toMatchObject({
      ANTHROPIC_BASE_URL: 'http://127.0.0.1:4000',
      ANTHROPIC_AUTH_TOKEN: key,
      ANTHROPIC_MODEL: 'claude-sonnet-4-5',
      ANTHROPIC_DEFAULT_OPUS_MODEL: 'claude-sonnet-4-5',
      ANTHROPIC_DEFAULT_HAIKU_MODEL: 'claude-haiku-4-5',
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      ANTHROPIC_CUSTOM_HEADERS: 'x-team: a',
      // `env` prints one line a line.
      'x-sluice-drop-params: tru': 'x-sluice-drop-params: true',
    });
    expect([env['ANTHROPIC_API_KEY'], env['CLAUDE_CODE_USE_BEDROCK']]).toEqual([undefined, undefined]);
    expect(told).toBe('Claude Code through http://127.0.0.1:4000, model claude-sonnet-4-5.\n');
  });

  test('codex', async () => {
    const { args, env } = await run('codex', { args: ['exec', 'x'], flags: { url: 'https://gate.test/v1/', model: 'claude-haiku-4-5' } });
    expect(args).toEqual(
      [
        'model_provider="sluice"',
        'model_providers.sluice.name="Sluice"',
        'model_providers.sluice.base_url="https://gate.test/v1"',
        'model_providers.sluice.wire_api="responses"',
        'model_providers.sluice.env_key="SLUICE_API_KEY"',
        'model_providers.sluice.http_headers.x-sluice-drop-params="true"',
        'model="claude-haiku-4-5"',
      ]
        .flatMap((each) => ['-c', each])
        .concat('exec', 'x'),
    );
    expect(env['SLUICE_API_KEY']).toBe(key);
  });

  test('gemini, in a home of its own', async () => {
    const home = folder.file('home');
    const own = join(home, '.gemini');
    mkdirSync(join(own, 'commands'), { recursive: true });
    const settings = '{ /* mine */ "ui": { "theme": "Dracula" }, "security": { "auth": { "selectedType": "oauth-personal" }, "x": 1 } }';
    writeFileSync(join(own, 'settings.json'), settings);
    writeFileSync(join(own, 'GEMINI.md'), 'remember');
    const { env } = await run('gemini', { home, env: { GOOGLE_GENAI_USE_VERTEXAI: 'true', GOOGLE_API_KEY: 'own' } });
    expect(env).toMatchObject({ GOOGLE_GEMINI_BASE_URL: 'http://127.0.0.1:4000', GEMINI_API_KEY: key, GEMINI_MODEL: 'gemini-2.5-pro' });
    expect([env['GOOGLE_API_KEY'], env['GOOGLE_GENAI_USE_VERTEXAI']]).toEqual([undefined, undefined]);
    const made = join(env['GEMINI_CLI_HOME']!, '.gemini');
    expect(made).toBe(join(home, '.local/share/sluice/agents/gemini/.gemini'));
    expect(JSON.parse(readFileSync(join(made, 'settings.json'), 'utf8'))).toEqual({
      ui: { theme: 'Dracula' },
      security: { auth: { selectedType: 'gemini-api-key' }, x: 1 },
    });
    expect(readlinkSync(join(made, 'commands'))).toBe(join(own, 'commands'));
    expect(readFileSync(join(made, 'GEMINI.md'), 'utf8')).toBe('remember');
    expect(readFileSync(join(own, 'settings.json'), 'utf8')).toBe(settings);
    // Again: what the agent kept is there, what the user threw away is not.
    writeFileSync(join(made, 'session'), 'kept');
    await Bun.file(join(own, 'GEMINI.md')).delete();
    await run('gemini', { home });
    expect(readFileSync(join(made, 'session'), 'utf8')).toBe('kept');
    expect(await Bun.file(join(made, 'GEMINI.md')).exists()).toBe(false);
  });

  test('opencode', async () => {
    const { args, env } = await run('opencode', { args: ['run', 'x'] });
    expect(args).toEqual(['run', 'x']);
    expect(JSON.parse(env['OPENCODE_CONFIG_CONTENT']!)).toMatchObject({
      provider: {
        sluice: {
          npm: '@ai-sdk/openai-compatible',
          options: { baseURL: 'http://127.0.0.1:4000/v1', apiKey: key },
          models: { 'gpt-4o-mini': {}, 'gemini-2.5-pro': {} },
        },
      },
      model: 'sluice/claude-sonnet-4-5',
      small_model: 'sluice/claude-haiku-4-5',
    });
  });

  test('nothing of our own process reaches it', async () => {
    const { env } = await run('claude', { env: { SLUICE_LAUNCHER_PID: '1', BUN_CONFIG_MAX_HTTP_REQUESTS: '65535' } });
    expect([env['SLUICE_LAUNCHER_PID'], env['BUN_CONFIG_MAX_HTTP_REQUESTS']]).toEqual([undefined, undefined]);
  });
});

describe('what cannot be is said', () => {
  const refused = (agent: string, given: Parameters<typeof run>[1]) =>
    run(agent, given).then(
      () => 'started',
      (error: unknown) => (error instanceof Refusal ? error.message : String(error)),
    );
  const offline = Object.assign(() => Promise.reject(new Error('refused')), { preconnect: () => {} });

  test.each<[string, string, Parameters<typeof run>[1], string]>([
    ['another agent', 'aider', {}, "There is no agent 'aider' here: claude, codex, gemini, opencode."],
    ['not installed', 'codex', { env: { PATH: '/nowhere' } }, 'npm install -g @openai/codex'],
    ['no gateway', 'claude', { fetch: offline }, 'No gateway answers on http://127.0.0.1:4000. Start one with `sluice`'],
    ['a wrong key', 'claude', { fetch: gatewayOf([], [], 401) }, 'refuses the key from SLUICE_API_KEY'],
    ['no key', 'claude', { fetch: gatewayOf([], [], 401), env: { SLUICE_API_KEY: '' } }, 'wants a key'],
    ['no gateway at all', 'claude', { fetch: gatewayOf([], [], 500) }, 'is no gateway: it answered 500'],
    ['no such model', 'claude', { flags: { model: 'nope' } }, "The model 'nope' does not exist."],
    [
      'nothing to choose from',
      'opencode',
      { fetch: gatewayOf(['anthropic/*']) },
      'sluice run --model NAME opencode. It lists anthropic/*.',
    ],
    ['no address', 'claude', { env: { SLUICE_URL: 'localhost:4000' } }, 'SLUICE_URL must be an address'],
  ])('%s', async (_, agent, given, words) => expect(await refused(agent, given)).toContain(words));
});

describe('the key', () => {
  const asked = async (env: Record<string, string>, flags: RunFlags = {}) => {
    const seen: Seen[] = [];
    await run('claude', { flags, fetch: gatewayOf(['claude-x'], seen), env: { SLUICE_API_KEY: '', ...env } }).catch(() => {});
    return seen[0]?.authorization;
  };
  test('of the command line, the environment, or this machine', async () => {
    expect(await asked({ SLUICE_MASTER_KEY: 'sk-master' })).toBe('Bearer sk-master');
    expect(await asked({ SLUICE_MASTER_KEY: 'sk-master', LITELLM_API_KEY: 'sk-virtual' })).toBe('Bearer sk-virtual');
    expect(await asked({ SLUICE_API_KEY: 'sk-own' }, { key: 'sk-flag' })).toBe('Bearer sk-flag');
  });
  test('the master key stays on this machine', async () => {
    expect(await asked({ SLUICE_MASTER_KEY: 'sk-master', SLUICE_URL: 'https://gate.test' })).toBeNull();
    expect(await asked({ SLUICE_MASTER_KEY: 'sk-master', SLUICE_URL: 'http://localhost:4100' })).toBe('Bearer sk-master');
  });
});

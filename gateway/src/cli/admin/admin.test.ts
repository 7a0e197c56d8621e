import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { TestBrowser } from '../../../../test/kit/identity/browser.ts';
import { describeAdmin, type TestAdmin } from '../../../../test/kit/admin.ts';
import { run } from '../run.ts';
import type { Io } from '../io.ts';
import { fakeIo, fakeParts, temporaryFolder } from '../testing.ts';
import { login } from './login.ts';

const ran = async (argv: readonly string[], given: Partial<Io> = {}) => {
  const io = fakeIo(argv, { fetch, ...given });
  return { code: await run(io, fakeParts()), ...io.printed() };
};

describeAdmin('the admin client', (start) => {
  let admin: TestAdmin;
  let env: Record<string, string>;
  beforeAll(async () => {
    admin = await start();
    env = { SLUICE_URL: `${admin.url}/v1/`, SLUICE_API_KEY: admin.masterKey };
  });
  afterAll(() => admin.stop());
  const sluice = async (...argv: string[]) => {
    const answer = await ran(argv, { env });
    if (answer.code !== 0) throw new Error(`${argv.join(' ')}: ${answer.told}`);
    return answer;
  };
  const json = async <T = Record<string, unknown>>(...argv: string[]): Promise<T> => JSON.parse((await sluice(...argv, '--json')).out) as T;

  test('a key is made, shown, changed, blocked, made anew and deleted', async () => {
    const made = await sluice(
      'keys',
      'generate',
      '--key_alias',
      'ci',
      '--max-budget',
      '5',
      '--models',
      'gpt-4o, claude-*',
      '--metadata',
      '{"a":[1]}',
      '--auto-rotate',
      'false',
    );
    const key = made.out.trim();
    expect(key).toMatch(/^sk-\S+$/);
    expect(made.told).toContain('shown this once');
    const shown = await json<{ info: Record<string, unknown> }>('keys', 'get', key);
    expect(shown.info).toMatchObject({ key_alias: 'ci', max_budget: 5, models: ['gpt-4o', 'claude-*'], metadata: { a: [1] } });
    expect((await sluice('keys', 'info', key)).out).toMatch(/^key_alias +ci$/m);

    await sluice('keys', 'update', key, '--max-budget', 'null', '--data', '{"tags":["x"]}');
    const changed = (await json<{ info: Record<string, unknown> }>('keys', 'get', key)).info;
    expect(changed).toMatchObject({ max_budget: null, key_alias: 'ci', tags: ['x'] });

    const list = (await sluice('keys', 'list', '--key-alias', 'ci')).out;
    expect(list).toMatch(/^key +alias +user/);
    expect(list).toContain(' ci ');
    await sluice('keys', 'block', key);
    expect((await admin.chat('gpt-4o', key)).status).toBe(401);
    await sluice('keys', 'unblock', key);
    expect((await admin.chat('gpt-4o', key)).status).toBe(200);
    const anew = (await sluice('keys', 'regenerate', key)).out.trim();
    expect(anew).not.toBe(key);
    await sluice('keys', 'reset-spend', anew);
    await sluice('keys', 'delete', anew);
    expect(await ran(['keys', 'get', anew], { env })).toMatchObject({ code: 1 });
  });

  test('pages are told', async () => {
    for (let at = 0; at < 3; at++) await sluice('keys', 'create', '--key-alias', `page ${at}`);
    const { told } = await sluice('keys', 'list', '--size', '2');
    expect(told).toMatch(/^2 of \d+: page 1 of \d/);
  });

  test('teams and their members', async () => {
    await sluice('users', 'create', '--user-id', 'ann/1', '--user-email', 'ann@example.com', '--user-role', 'internal_user');
    await sluice('teams', 'create', '--team-id', 't/1', '--team-alias', 'Équipe', '--rpm-limit', '10');
    await sluice('teams', 'add-member', 't/1', '--user-id', 'ann/1', '--role', 'admin');
    const team = await json<{ team_info: { members_with_roles: unknown[] } }>('teams', 'get', 't/1');
    expect(team.team_info).toMatchObject({
      team_alias: 'Équipe',
      rpm_limit: 10,
      members_with_roles: [{ user_id: 'ann/1', role: 'admin' }],
    });
    await sluice('teams', 'update-member', 't/1', '--user-id', 'ann/1', '--max-budget-in-team', '3');
    expect((await sluice('teams', 'list')).out).toMatch(/^t\/1 +Équipe +- +- +1 +0 +- +no$/m);
    await sluice('teams', 'remove-member', 't/1', '--user-id', 'ann/1');
    await sluice('teams', 'block', 't/1');
    await sluice('teams', 'unblock', 't/1');
    await sluice('teams', 'update', 't/1', '--blocked', 'true');
    await sluice('teams', 'delete', 't/1');
    expect((await ran(['teams', 'get', 't/1'], { env })).code).toBe(1);
  });

  test('users', async () => {
    await sluice('users', 'create', '--user-id', 'bob', '--user-email', 'bob@example.com');
    expect((await sluice('users', 'list', '--user-email', 'bob')).out).toContain('bob@example.com');
    await sluice('users', 'update', 'bob', '--user-alias', 'Bob');
    expect((await json<{ user_info: unknown }>('users', 'get', 'bob')).user_info).toMatchObject({
      user_alias: 'Bob',
      user_email: 'bob@example.com',
    });
    expect((await json('users', 'invite', 'bob'))['user_id']).toBe('bob');
    await sluice('users', 'delete', 'bob');
    expect((await sluice('users', 'list', '--user-email', 'bob@')).out).not.toContain('bob@example.com');
  });

  test('models and credentials', async () => {
    await sluice('credentials', 'create', 'a/b', '--credential-values', '{"api_key":"sk-canary-value"}');
    const list = await sluice('credentials', 'list');
    expect(list.out).toContain('a/b');
    expect(list.out).not.toContain('canary');
    expect((await sluice('credentials', 'get', 'a/b')).out).not.toContain('canary');
    await sluice('credentials', 'update', 'a/b', '--credential-info', '{"description":"d"}');
    await sluice('models', 'add', '--model-name', 'mine', '--model', 'mock/hello', '--id', 'm1', '--rpm', '100');
    expect((await sluice('models', 'list')).out).toMatch(/^mine +mock\/hello +m1 +yes/m);
    await sluice('models', 'update', 'm1', '--rpm', '7');
    expect((await json<{ data: unknown[] }>('models', 'get', 'm1')).data).toMatchObject([
      { litellm_params: { rpm: 7, model: 'mock/hello' } },
    ]);
    expect((await sluice('models', 'test', 'mine')).out).toStartWith('200 mine: ');
    expect((await ran(['models', 'test', 'nothing'], { env })).code).toBe(1);
    await sluice('models', 'delete', 'm1');
    await sluice('credentials', 'delete', 'a/b');
    expect((await sluice('credentials', 'list')).out).not.toContain('a/b');
  });

  test('whoami: the master key, a virtual key, nobody', async () => {
    expect((await sluice('whoami')).out).toContain('the master key');
    const key = (await sluice('keys', 'create', '--key-alias', 'me')).out.trim();
    expect(await ran(['whoami', '--key', key], { env })).toMatchObject({ code: 0, out: expect.stringMatching(/key_alias +me/) });
    expect(await ran(['whoami', '--key', 'sk-wrong'], { env })).toMatchObject({
      code: 1,
      told: expect.stringContaining('refuses the key from --key'),
    });
    expect(await ran(['whoami', '--url', admin.url])).toMatchObject({ code: 1, told: expect.stringContaining('sluice login') });
  });

  test('the gateway says in its own words what is wrong, and exit codes tell whose mistake it is', async () => {
    expect(await ran(['keys', 'create', '--max-budget', '-1'], { env })).toMatchObject({
      code: 1,
      told: expect.stringContaining("'max_budget' must be 0 or more"),
    });
    expect(await ran(['keys', 'create', '--data', '{"max_bugdet":1}'], { env })).toMatchObject({
      code: 1,
      told: expect.stringContaining('max_budget'),
    });
    expect(await ran(['keys', 'create', '--max-budget', 'lots'], { env })).toMatchObject({
      code: 2,
      told: expect.stringContaining('--max-budget must be a number'),
    });
    expect((await ran(['keys', 'create', '--auto-rotate', 'yes'], { env })).code).toBe(2);
    expect((await ran(['keys', 'create', '--metadata', '{a'], { env })).code).toBe(2);
    expect((await ran(['keys', 'create', '--data', '[1]'], { env })).code).toBe(2);
    expect((await ran(['keys', 'create', '--data', '@/nowhere'], { env })).code).toBe(2);
    expect((await ran(['keys', 'update'], { env })).code).toBe(2);
    expect((await ran(['keys', 'block', ' '], { env })).code).toBe(2);
    expect((await ran(['keys', 'dance'], { env })).code).toBe(2);
    expect((await ran(['keys', 'list', '--nonsense', '1'], { env })).code).toBe(2);
    expect((await ran(['keys', 'list', '--url', 'ftp://x'], { env })).code).toBe(2);
    expect(await ran(['keys', 'list', '--url', 'http://127.0.0.1:9'], { env })).toMatchObject({
      code: 1,
      told: expect.stringContaining('No gateway answers on http://127.0.0.1:9'),
    });
  });

  test('--data reads a file', async () => {
    using folder = temporaryFolder();
    writeFileSync(folder.file('key.json'), '{"key_alias":"from a file","max_budget":1}');
    const { out } = await ran(['keys', 'create', '--data', `@${folder.file('key.json')}`, '--max-budget', '2', '--json'], { env });
    expect(JSON.parse(out)).toMatchObject({ key_alias: 'from a file', max_budget: 2 });
  });

  test('login: a person lets the program in; it is somebody then, and is nobody after logout', async () => {
    using folder = temporaryFolder();
    await sluice('users', 'create', '--user-id', 'person', '--user-email', 'person@example.com', '--user-role', 'proxy_admin');
    await sluice('users', 'update', 'person', '--data', '{"password":"A-long-Password-1"}');
    const own = { env: { SLUICE_DATA_DIR: folder.path, SLUICE_URL: admin.url }, fetch };
    const io = fakeIo([], own);
    const browser = new TestBrowser();
    let asked = 0;
    const wait = async (): Promise<void> => {
      if (++asked !== 2) return;
      const code = /^ {2}(\S+)$/m.exec(io.printed().told)![1]!;
      await browser.form(`${admin.url}/login`, { username: 'person@example.com', password: 'A-long-Password-1' });
      const page = await (await browser.go(`${admin.url}/sso/cli?user_code=${code}`)).text();
      const csrf_token = /name="csrf_token" value="([^"]+)"/.exec(page)![1]!;
      await browser.form(`${admin.url}/sso/cli/approve`, { user_code: code, csrf_token });
    };
    // The gateway wants five seconds between two questions; so it is told that they have gone by.
    const slow = async (): Promise<void> => {
      await wait();
      await Bun.sleep(asked > 1 ? 5000 : 0);
    };
    expect(await login({}, io, { wait: slow })).toBe(0);
    expect(io.printed().told).toContain('Signed in on');
    expect(statSync(folder.file('logins.json')).mode & 0o777).toBe(0o600);
    const { access_token: token } = (
      JSON.parse(readFileSync(folder.file('logins.json'), 'utf8')) as Record<string, { access_token: string }>
    )[admin.url]!;
    expect(io.printed().told).not.toContain(token);

    expect((await ran(['whoami'], own)).out).toMatch(/user_email +person@example\.com/);
    expect((await ran(['keys', 'list'], own)).code).toBe(0);
    // A key that was given goes before it, and another gateway gets nothing of it.
    expect((await ran(['whoami', '--key', admin.masterKey], own)).out).toContain('the master key');
    expect((await ran(['whoami', '--url', admin.url.replace('127.0.0.1', 'localhost')], own)).code).toBe(1);

    expect(await ran(['logout'], own)).toMatchObject({ code: 0, told: expect.stringContaining('Signed out') });
    expect((await admin.call('GET /session', undefined, { key: token })).status).toBe(401);
    expect((await ran(['whoami'], own)).code).toBe(1);
    expect((await ran(['logout'], own)).told).toContain('not signed in');
  }, 40_000);
});

describe('login, by what the gateway answers', () => {
  const started = { device_code: 'd', user_code: 'ABCD-EFGH', verification_uri: 'http://gate/sso/cli', expires_in: 600, interval: 5 };
  const signing = async (answers: readonly [number, unknown][], first: Response = Response.json(started)) => {
    using folder = temporaryFolder();
    const waits: number[] = [];
    let at = 0;
    let now = 0;
    const fakeFetch = Object.assign(
      async (url: string | URL | Request) => {
        if (String(url).endsWith('/start')) return first.clone();
        const [status, body] = answers[at++] ?? [400, { error: 'authorization_pending' }];
        return Response.json(body, { status });
      },
      { preconnect: () => {} },
    );
    const io = fakeIo([], { env: { SLUICE_DATA_DIR: folder.path, SLUICE_URL: 'http://gate' }, fetch: fakeFetch as Io['fetch'] });
    const wait = async (ms: number): Promise<void> => {
      waits.push(ms);
      now += ms;
    };
    const result = await login({}, io, { wait, now: () => now }).catch((cause: unknown) => String(cause));
    return { result, waits, told: io.printed().told };
  };

  test('it asks at the interval, and five seconds later each time that it is told to', async () => {
    const { result, waits, told } = await signing([
      [400, { error: 'authorization_pending' }],
      [400, { error: 'slow_down' }],
      [429, { error: { message: 'slow' } }],
      [200, { access_token: 'sess-canary', expires_in: 60, user_id: 'u' }],
    ]);
    expect(result).toBe(0);
    expect(waits).toEqual([5000, 5000, 10_000, 15_000]);
    expect(told).toContain('ABCD-EFGH');
    expect(told).not.toContain('canary');
  });

  test('it ends when it is refused, too late, or nobody comes', async () => {
    expect((await signing([[400, { error: 'access_denied' }]])).result).toContain('refused');
    expect((await signing([[400, { error: 'expired_token' }]])).result).toContain('start again');
    const { result, waits } = await signing([]);
    expect(result).toContain('start again');
    expect(waits.length).toBe(120);
    expect((await signing([[403, { error: { message: 'You may not sign in.' } }]])).result).toContain('You may not sign in.');
  });

  test('a gateway without sign-on says what to do instead', async () => {
    expect((await signing([], Response.json({ detail: 'Not Found' }, { status: 404 }))).result).toContain('SLUICE_API_KEY');
    expect((await signing([], Response.json({ error: { message: 'There is no database.' } }, { status: 503 }))).result).toContain(
      'There is no database.',
    );
  });
});

describe('help', () => {
  test('every command has it, without a gateway', async () => {
    expect((await ran(['--help'])).out).toContain('keys ');
    for (const argv of [
      ['keys', '--help'],
      ['keys', 'create', '--help'],
      ['models', 'test', '--help'],
      ['import', 'litellm', '--help'],
      ['login', '--help'],
    ]) {
      const { code, out } = await ran(argv);
      expect(code).toBe(0);
      expect(out).toContain('Usage: sluice ');
    }
  });

  test("LiteLLM's flags that a start refuses are theirs here", async () => {
    const seen: unknown[] = [];
    const fakeFetch = Object.assign(
      async (_: unknown, init?: RequestInit) => {
        seen.push(JSON.parse(String(init?.body)));
        return Response.json({ key: 'sk-x' });
      },
      { preconnect: () => {} },
    );
    const { code } = await ran(['keys', 'create', '--max-budget', '1'], {
      env: { HOST: 'h', PORT: '1', SLUICE_API_KEY: 'k' },
      fetch: fakeFetch as Io['fetch'],
    });
    expect(code).toBe(0);
    expect(seen).toEqual([{ max_budget: 1 }]);
  });
});

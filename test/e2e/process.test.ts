import { afterEach, describe, expect, test } from 'bun:test';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jsonAnswer, masterKey, startRawUpstream } from './harness.ts';

// The command as people start it: a process of its own, by its launcher.

const launcher = join(import.meta.dir, '../../gateway/bin/sluice.js');
const folders: string[] = [];
const children: ChildProcess[] = [];
afterEach(async () => {
  await Promise.all(children.splice(0).map(end));
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** By signals that the launcher hands on: killed itself, it would leave the gateway behind. */
const end = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGTERM');
  // The second one ends what is still open.
  const second = setTimeout(() => child.kill('SIGTERM'), 500);
  await closed;
  clearTimeout(second);
};

const folder = () => {
  const made = mkdtempSync(join(tmpdir(), 'sluice-test-'));
  folders.push(made);
  return made;
};

interface Running {
  url: string;
  out(): string;
  told(): string;
  signal(name: NodeJS.Signals): void;
  /** Its exit code. */
  ended: Promise<number | null>;
}

/** Waits until it listens or has ended. */
const start = async (args: string[], env: Record<string, string>): Promise<Running> => {
  const child = spawn('node', [launcher, ...args], { env: { PATH: process.env['PATH'] ?? '', ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  let [out, told] = ['', ''];
  child.stdout.on('data', (data) => (out += data));
  const listening = new Promise<void>((resolve) => {
    child.stderr.on('data', (data) => {
      told += data;
      if (told.includes('Try it:')) resolve();
    });
  });
  const ended = new Promise<number | null>((resolve) => void child.on('close', resolve));
  await Promise.race([listening, ended]);
  return {
    url: /listening on (\S+)/.exec(told)?.[1] ?? '',
    out: () => out,
    told: () => told,
    signal: (name) => void child.kill(name),
    ended,
  };
};

const post = (url: string, key: string, body: object) =>
  fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ messages: [{ role: 'user', content: 'canary-prompt-31' }], num_retries: 0, ...body }),
  });

test('a launcher that is killed does not leave its gateway behind on the port', async () => {
  const gateway = await start(['--port', '0'], { HOME: folder() });
  gateway.signal('SIGKILL');
  const deadline = performance.now() + 5000;
  const listens = () =>
    fetch(`${gateway.url}/health/liveliness`).then(
      () => true,
      () => false,
    );
  while ((await listens()) && performance.now() < deadline) await Bun.sleep(50);
  expect(await listens()).toBe(false);
}, 20_000);

describe('quick start', () => {
  test('a key is made and kept for its owner, the mock answers, a second one says that the port is taken, SIGTERM ends in peace', async () => {
    const home = folder();
    const env = { HOME: home, OPENAI_API_KEY: 'sk-canary-environment', OLLAMA_API_BASE: 'http://127.0.0.1:1' };
    const gateway = await start(['--port', '0'], env);
    expect(gateway.told()).toMatch(/openai\/\* +OPENAI_API_KEY/);
    const file = join(home, '.local/share/sluice/master-key');
    const key = readFileSync(file, 'utf8').trim();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(gateway.told()).toContain(key);

    const answer = await post(gateway.url, key, { model: 'mock/hello' });
    expect([answer.status, (await answer.text()).includes('"object":"chat.completion"')]).toEqual([200, true]);

    const second = await start(['--port', new URL(gateway.url).port], env);
    expect([await second.ended, second.told()]).toEqual([1, expect.stringContaining('is in use') as unknown as string]);

    gateway.signal('SIGTERM');
    expect(await gateway.ended).toBe(0);
    const lines = gateway.out().trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual(['call']);
    expect(gateway.out() + gateway.told()).not.toMatch(/canary/);
  }, 20_000);

  test('beyond this machine, only with a key that somebody chose', async () => {
    const refused = await start(['--port', '0', '--host', '0.0.0.0'], { HOME: folder() });
    expect(await refused.ended).toBe(1);
    expect(refused.told().trim().split('\n')).toHaveLength(1);
    expect(refused.told()).toContain('--allow-weak-key');
  }, 20_000);
});

test('a certificate that is none', async () => {
  const file = join(folder(), 'not.pem');
  writeFileSync(file, 'nothing');
  const refused = await start(['--port', '0', '--ssl_keyfile_path', file, '--ssl_certfile_path', file], { HOME: folder() });
  expect([await refused.ended, refused.told().trim()]).toEqual([
    1,
    'sluice: --ssl-keyfile-path and --ssl-certfile-path must be a private key and its certificate, both as PEM.',
  ]);
}, 20_000);

test('an edit of the file is live soon, and a bad one changes nothing', async () => {
  const file = join(folder(), 'config.yaml');
  const write = (name: string) =>
    writeFileSync(
      file,
      `model_list: [{ model_name: ${name}, litellm_params: { model: mock/x } }]\ngeneral_settings: { master_key: ${masterKey} }\n`,
    );
  write('first');
  const gateway = await start(['--config', file, '--port', '0'], { HOME: folder() });
  const status = async (model: string) => (await post(gateway.url, masterKey, { model })).status;
  expect([await status('first'), await status('second')]).toEqual([200, 404]);

  write('second');
  // Within a second where nothing else runs (gateway/src/cli/watch.test.ts).
  const deadline = performance.now() + 5000;
  while ((await status('second')) !== 200 && performance.now() < deadline) await Bun.sleep(25);
  expect(await status('second')).toBe(200);

  writeFileSync(file, 'model_lst: []\n');
  const toldBy = performance.now() + 5000;
  while (!gateway.told().includes('did you mean model_list?') && performance.now() < toldBy) await Bun.sleep(25);
  expect(gateway.told()).toContain('did you mean model_list?');
  expect(await status('second')).toBe(200);
}, 20_000);

test('FP-26: nothing secret in what it prints or answers, at level debug, whatever fails', async () => {
  const upstream = await startRawUpstream((socket, text) => {
    // As servers do that say what they were sent.
    const sent = /(?:authorization|x-api-key|x-goog-api-key|api-key): (.*)\r/i.exec(text)?.[1];
    socket.write(jsonAnswer({ error: { message: `bad key ${sent}`, type: 'x' } }, 401));
  });
  const base = upstream.base.replace('/v1', '');
  const params = (model: string, more: string) =>
    `  - { model_name: ${model}, litellm_params: { model: ${model}/x, api_base: "${base}", ${more} } }\n`;
  const file = join(folder(), 'config.yaml');
  writeFileSync(
    file,
    `model_list:
${params('custom_openai', 'api_key: sk-canary-1, extra_headers: { x-token: canary-2 }, extra_body: { password: canary-3 }')}${params('anthropic', 'api_key: sk-canary-4')}${params('gemini', 'api_key: os.environ/CANARY')}${params('azure', 'api_key: canary-5')}
  - { model_name: down, litellm_params: { model: custom_openai/x, api_base: "http://ann:canary-6@127.0.0.1:1/v1" } }
general_settings: { master_key: sk-canary-7-9c1185a5c5e9fc54612808 }
environment_variables: { OPENAI_API_KEY: sk-canary-8 }
`,
  );
  const gateway = await start(['--config', file, '--port', '0', '--detailed_debug'], {
    HOME: folder(),
    CANARY: 'canary-9',
    HTTPS_PROXY: 'http://u:canary-10@127.0.0.1:9',
  });
  let answers = '';
  for (const model of ['custom_openai', 'anthropic', 'gemini', 'azure', 'down', 'nobody']) {
    for (const stream of [false, true]) {
      const response = await post(gateway.url, 'sk-canary-7-9c1185a5c5e9fc54612808', { model, stream });
      answers += JSON.stringify([...response.headers]) + (await response.text());
    }
  }
  for (const [path, init] of [
    ['/v1/models?key=sk-canary-11', {}],
    ['/v1/models', { headers: { 'x-api-key': 'canary-12' } }],
    [
      '/v1/chat/completions',
      { method: 'POST', body: '{"canary-13', headers: { authorization: 'Bearer sk-canary-7-9c1185a5c5e9fc54612808' } },
    ],
  ] as [string, RequestInit][])
    answers += await (await fetch(gateway.url + path, init)).text();
  const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
  gateway.signal('SIGTERM');
  await gateway.ended;
  await upstream.stop();
  expect(gateway.out().split('\n').length).toBeGreaterThan(12);
  expect({ out: gateway.out(), told: gateway.told(), answers, metrics }).toEqual({
    out: expect.not.stringMatching(/canary-\w/) as unknown as string,
    told: expect.not.stringMatching(/canary-\w/) as unknown as string,
    answers: expect.not.stringMatching(/canary-\w/) as unknown as string,
    metrics: expect.not.stringMatching(/canary-\w/) as unknown as string,
  });
}, 20_000);

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { providers, Secret } from 'sluice/kit';
import { readConfig, type ReadConfig } from '../../gateway/src/cli/config-file.ts';
import { formatProblem } from '../../gateway/src/config/problem.ts';
import type { RunningServer } from '../../gateway/src/server/server-options.ts';
import { startServer } from '../../gateway/src/server/index.ts';
import { masterKey } from './harness.ts';

/* Vendors of the user's own, from the configuration file to every format that clients speak. */

const folder = mkdtempSync(join(tmpdir(), 'own-'));
const file = join(folder, 'config.yaml');
const env = { ACME_KEY: 'sk-acme-canary', MINE_KEY: 'sk-mine-canary' };
const seen: { path: string; headers: Headers; body: Record<string, unknown> }[] = [];
const lines: string[] = [];
let vendor: ReturnType<typeof Bun.serve>;
let server: RunningServer;

const module = (greeting: string) => `export default {
  label: 'Mine',
  keyEnv: 'MINE_KEY',
  async *chat({ messages, tools }, { model, apiKey }) {
    yield { thinking: 'Let me see.' };
    yield '${greeting}';
    yield ' from ' + model + ' with ' + (apiKey ? 'a key' : 'none');
    if (tools) yield { toolCalls: [{ name: tools[0].function.name, arguments: { said: messages.at(-1).content } }] };
    yield { usage: { inputTokens: 11, outputTokens: 7 } };
  },
  embeddings: ({ input }) => ({ embeddings: input.map(() => [1, 2, 3]) }),
};
`;

const yaml = (url: string, more = '') => `
providers:
  acme:
    base_url: ${url}/v9
    api_key_env: ACME_KEY
    headers: { x-team: blue, api-subscription-key: '{api_key}' }
    param_mappings: { max_completion_tokens: max_tokens }
    constraints: { temperature_max: 1 }
    endpoints: [chat, embeddings]
  mine: { module: ./mine.ts }
model_list:
  - model_name: acme/*
    litellm_params: { model: acme/* }
  - model_name: mine/*
    litellm_params: { model: mine/* }
${more}`;

const read = (): Promise<ReadConfig> => readConfig(file, { io: { cwd: folder, env }, providers: providers.prefixes });
const snapshotOf = ({ loaded }: ReadConfig) => {
  if (!loaded.ok) throw new Error(loaded.problems.map(formatProblem).join('\n'));
  return loaded.snapshot;
};

beforeAll(async () => {
  vendor = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    async fetch(request) {
      const path = new URL(request.url).pathname;
      const body = (await request.json()) as Record<string, unknown>;
      seen.push({ path, headers: request.headers, body });
      if (path.endsWith('/embeddings'))
        return Response.json({ data: [{ index: 0, embedding: [0.5] }], usage: { prompt_tokens: 1, total_tokens: 1 } });
      const message = { role: 'assistant', content: 'Hello from Acme' };
      return Response.json({ id: 'c', object: 'chat.completion', model: 'm', choices: [{ index: 0, message, finish_reason: 'stop' }] });
    },
  });
  writeFileSync(file, yaml(`http://127.0.0.1:${vendor.port}`));
  writeFileSync(join(folder, 'mine.ts'), module('Hi'));
  const snapshot = snapshotOf(await read());
  expect(snapshot.warnings).toEqual([]);
  server = await startServer({
    snapshot,
    host: '127.0.0.1',
    port: 0,
    masterKey: new Secret(masterKey),
    env,
    log: (line) => void lines.push(line),
    version: 'test',
  });
});
afterAll(async () => {
  await server.stop({ drainTimeoutMs: 100 });
  await vendor.stop(true);
  rmSync(folder, { recursive: true, force: true });
});

const post = async (path: string, body: unknown): Promise<string> => {
  const response = await fetch(server.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${masterKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  expect([response.status, text.slice(0, 300)]).toEqual([200, text.slice(0, 300)]);
  return text;
};

const messages = [{ role: 'user', content: 'Hi' }];
const formats: readonly (readonly [path: string, body: (model: string) => object])[] = [
  ['/v1/chat/completions', (model) => ({ model, messages })],
  ['/v1/chat/completions', (model) => ({ model, messages, stream: true })],
  ['/v1/completions', (model) => ({ model, prompt: 'Hi' })],
  ['/v1/responses', (model) => ({ model, input: 'Hi' })],
  ['/v1/responses', (model) => ({ model, input: 'Hi', stream: true })],
  ['/v1/messages', (model) => ({ model, max_tokens: 9, messages })],
  ['/v1/messages', (model) => ({ model, max_tokens: 9, messages, stream: true })],
  ['/v1beta/models/MODEL:generateContent', () => ({ contents: [{ role: 'user', parts: [{ text: 'Hi' }] }] })],
  ['/api/chat', (model) => ({ model, messages, stream: false })],
];

describe('a vendor that is a module', () => {
  test.each(formats)('answers %s (%#)', async (path, body) => {
    const text = await post(path.replace('MODEL', 'mine/x'), body('mine/x'));
    const words = [...text.matchAll(/"(?:text|content|delta)":\s*"((?:[^"\\]|\\.)*)"/g)].map(([, word]) => word).join('');
    expect(words).toContain('Hi from x with a key');
  });

  test('calls tools, gives embeddings, and is metered', async () => {
    const tools = [{ type: 'function', function: { name: 'note', parameters: { type: 'object' } } }];
    const { choices, usage } = JSON.parse(await post('/v1/chat/completions', { model: 'mine/x', messages, tools })) as {
      choices: { message: { tool_calls: { function: { arguments: string } }[] } }[];
      usage: object;
    };
    expect(choices[0]!.message.tool_calls[0]!.function.arguments).toBe('{"said":"Hi"}');
    expect(usage).toMatchObject({ prompt_tokens: 11, completion_tokens: 7 });
    expect(await post('/v1/embeddings', { model: 'mine/e', input: 'a' })).toContain('[1,2,3]');
    expect(lines.some((line) => line.includes('"provider":"mine"'))).toBe(true);
    expect(lines.join('')).not.toContain('canary');
  });
});

describe('a vendor that is data', () => {
  test('gets what its rows say', async () => {
    await post('/v1/messages', { model: 'acme/m', max_tokens: 9, temperature: 1, messages });
    await post('/v1/chat/completions', { model: 'acme/m', messages, temperature: 1.7, max_completion_tokens: 3 });
    const { path, headers, body } = seen.at(-1)!;
    expect(path).toBe('/v9/chat/completions');
    expect([headers.get('authorization'), headers.get('api-subscription-key'), headers.get('x-team')]).toEqual([
      'Bearer sk-acme-canary',
      'sk-acme-canary',
      'blue',
    ]);
    expect(body).toMatchObject({ model: 'm', temperature: 1, max_tokens: 3 });
    await post('/v1/embeddings', { model: 'acme/e', input: 'a' });
    expect(seen.at(-1)!.path).toBe('/v9/embeddings');
  });
});

describe('a reload', () => {
  test('takes an edited module, and another vendor', async () => {
    const before = await read();
    writeFileSync(join(folder, 'mine.ts'), module('Ciao'));
    const after = await read();
    expect(after.texts).not.toBe(before.texts);
    expect(after.files).toContain(join(folder, 'mine.ts'));
    expect(snapshotOf(after).version).not.toBe(snapshotOf(before).version);
    server.reload({ snapshot: snapshotOf(after), masterKey: new Secret(masterKey) });
    expect(await post('/v1/chat/completions', { model: 'mine/x', messages })).toContain('Ciao from x');
    writeFileSync(file, yaml(`http://127.0.0.1:${vendor.port}/moved`));
    server.reload({ snapshot: snapshotOf(await read()), masterKey: new Secret(masterKey) });
    await post('/v1/chat/completions', { model: 'acme/m', messages });
    expect(seen.at(-1)!.path).toBe('/moved/v9/chat/completions');
  });

  test.each([
    ['export default {', 'mine.ts cannot be loaded'],
    ['export const chat = 1;', 'it has no default export'],
    ['export default { chat: 7 };', "'chat' of mine must be a function"],
  ])('of the module %j is a mistake with its place', async (text, told) => {
    writeFileSync(join(folder, 'mine.ts'), text);
    const { loaded, files } = await read();
    if (loaded.ok) throw new Error('it loads');
    const said = loaded.problems.map(formatProblem).join('\n');
    expect(said).toContain(`${file}:10:19: providers.mine.module`);
    expect(said).toContain(told);
    expect(files).toContain(join(folder, 'mine.ts'));
  });

  test('of a module that is not there as well', async () => {
    rmSync(join(folder, 'mine.ts'));
    const { loaded } = await read();
    expect(loaded.ok || loaded.problems[0]!.message).toBe('./mine.ts is not there');
  });
});

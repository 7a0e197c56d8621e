import { afterAll, beforeAll, expect, test } from 'bun:test';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secret } from 'sluice/kit';
import { createServer } from '../server/index.ts';
import { readConfig } from './config-file.ts';

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'sluice-auth-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, text: string): string => {
  mkdirSync(join(folder, 'conf'), { recursive: true });
  writeFileSync(join(folder, 'conf', name), text);
  return join(folder, 'conf', name);
};
const read = (text: string) => readConfig(write('config.yaml', text), { io: { cwd: folder, env: {} } });

const models =
  'model_list: [{ model_name: hello, litellm_params: { model: mock/hello } }, { model_name: other, litellm_params: { model: mock/hello } }]\n';

test('the function is found by its name, beside the file that names it, and its file is watched', async () => {
  write(
    'auth.ts',
    'export const whoCalls = async (request: unknown, presented?: string) => ({ userId: `named ${presented}` });\nexport default () => ({ userId: "usual" });\nexport const text = "x";',
  );
  for (const [reference, userId] of [
    ['./auth.ts:whoCalls', 'named k'],
    ['./auth.ts.whoCalls', 'named k'],
    ['./auth.ts', 'usual'],
  ]) {
    const { loaded, files } = await read(`${models}general_settings: { custom_auth: "${reference}" }`);
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
    const request = { headers: new Headers(), method: 'GET', path: '/', address: undefined };
    expect(await loaded.snapshot.authHooks?.customAuth?.(request, 'k')).toEqual({ userId: userId! });
    expect(files).toContain(join(folder, 'conf', 'auth.ts'));
  }
});

test('another text of the module is another configuration', async () => {
  const versionOf = async (text: string) => {
    write('changing.ts', text);
    const { loaded } = await read(`${models}general_settings: { custom_auth: ./changing.ts }`);
    return loaded.ok
      ? [
          loaded.snapshot.version,
          await loaded.snapshot.authHooks!.customAuth!({ headers: new Headers(), method: '', path: '', address: '' }, ''),
        ]
      : undefined;
  };
  const first = await versionOf('export default () => ({ userId: "a" });');
  const second = await versionOf('export default () => ({ userId: "b" });');
  expect(first?.[1]).toEqual({ userId: 'a' });
  expect(second?.[1]).toEqual({ userId: 'b' });
  expect(first?.[0]).not.toEqual(second?.[0]);
});

test('what cannot be loaded is a mistake of the file, at its place', async () => {
  write('broken.ts', 'throw new Error("no");');
  for (const [reference, words] of [
    ['./nowhere.ts', 'is not there'],
    ['./broken.ts', 'cannot be loaded: no'],
    ['./auth.ts:nobody', 'no function nobody'],
    ['./auth.ts:text', 'no function text'],
    ['custom_auth.user_api_key_auth', 'Python'],
  ]) {
    const { loaded } = await read(`${models}general_settings:\n  custom_auth: "${reference}"`);
    expect(loaded.ok ? [] : loaded.problems.map(({ message, line, path }) => [message.includes(words!), line, path])).toEqual([
      [true, 3, 'general_settings.custom_auth'],
    ]);
  }
});

test('one that is switched off is not loaded', async () => {
  const { loaded } = await read(`${models}general_settings: { custom_auth: ./nowhere.ts, custom_auth_settings: { mode: "off" } }`);
  expect(loaded.ok && loaded.snapshot.tokens.modules).toEqual([]);
});

test('the example of the documents: badges are people, and others are refused', async () => {
  copyFileSync(join(import.meta.dir, '../../../examples/custom-auth.ts'), join(folder, 'conf', 'custom-auth.ts'));
  mkdirSync(join(folder, 'conf'), { recursive: true });
  const { loaded } = await read(`${models}general_settings: { custom_auth: ./custom-auth.ts }`);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const lines: Record<string, unknown>[] = [];
  const server = createServer({
    snapshot: loaded.snapshot,
    host: '127.0.0.1',
    port: 0,
    masterKey: new Secret('sk-master-of-the-test-5d1f2f5f'),
    env: {},
    log: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>),
    version: 'test',
  });
  try {
    const chat = async (key: string, model: string, headers: Record<string, string> = {}) => {
      const response = await fetch(`${server.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ model, messages: [{ role: 'user', content: 'hi' }] }),
      });
      await response.text();
      return response.status;
    };
    expect(await chat('badge-ada', 'hello')).toBe(200);
    expect(await chat('badge-ada', 'other')).toBe(401);
    expect(await chat('badge-eve', 'hello')).toBe(401);
    expect(await chat('badge-ada', 'hello', { 'x-department': 'closed' })).toBe(403);
    expect(await chat('sk-master-of-the-test-5d1f2f5f', 'other')).toBe(200);
  } finally {
    await server.stop({ drainTimeoutMs: 1000 });
  }
});

import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kinds } from '../access/records/kinds.ts';
import { Store } from '../access/store/store.ts';
import { migrate, openDatabase } from '../storage/sql/index.ts';
import { stepsOf } from './explain-path.ts';
import { run } from './run.ts';
import { fakeIo, fakeParts } from './testing.ts';

let folder: string;
let url: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-explain-'));
  url = `sqlite:${join(folder, 'a.db')}`;
  writeFileSync(
    join(folder, 'config.yaml'),
    `model_list:
  - model_name: a
    litellm_params: { model: openai/a, api_key: os.environ/A_KEY, api_base: "https://u:sk-canary@a.test" }
    model_info: { id: one }
router_settings:
  num_retries: 4
litellm_settings:
  request_timeout: 9
  drop_params: false
environment_variables:
  OWN: x
include: [more.yaml]
`,
  );
  writeFileSync(
    join(folder, 'more.yaml'),
    'router_settings: { retry_after: 2 }\nmodel_list: [{ model_name: b, litellm_params: { model: openai/b, api_key: sk-canary } }]\n',
  );
  const database = await openDatabase({ url });
  await migrate(database);
  await new Store(database).write({ by: 'test' }, async (writing) => {
    await writing.insert(kinds.setting, 'router_settings.num_retries', { value: 9 });
    await writing.insert(kinds.setting, 'router_settings.allowed_fails', { value: 3 });
    await writing.insert(kinds.model, 'one', { model_name: 'other', litellm_params: {}, model_info: {} });
  });
  await database.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const explain = async (path: string, { env = {}, more = [] }: { env?: Record<string, string>; more?: string[] } = {}) => {
  const io = fakeIo(['config', 'explain', 'config.yaml', path, ...more], { cwd: folder, env });
  const code = await run(io, fakeParts());
  const { out, told } = io.printed();
  return { code, out: out.trimEnd().split('\n'), told };
};

test('the default, the file and what it includes, with line and column', async () => {
  expect((await explain('router_settings.max_fallbacks')).out).toEqual(['router_settings.max_fallbacks: 5', '  from: the default']);
  expect((await explain('router_settings.num_retries')).out).toEqual(['router_settings.num_retries: 4', '  from: config.yaml:6:16']);
  const included = await explain('router_settings.retry_after');
  expect(included.out[0]).toBe('router_settings.retry_after: 2');
  expect(included.out[1]).toMatch(/more\.yaml:1:33 \(included\)$/);
});

test('a variable, and whether it is set; a secret is never printed', async () => {
  expect((await explain('model_list[0].litellm_params.api_key', { env: { A_KEY: 'sk-canary' } })).out).toEqual([
    'model_list[0].litellm_params.api_key: "os.environ/A_KEY"',
    '  from: config.yaml:3:49',
    '  variable: A_KEY, which is set',
  ]);
  expect((await explain('model_list[0].litellm_params.api_key')).out[2]).toBe('  variable: A_KEY, which is not set');
  const whole = await explain('model_list[0]', { env: { A_KEY: 'sk-canary' } });
  expect(whole.out[0]).toContain('"api_base":"[secret]"');
  expect((await explain('model_list[1].litellm_params.api_key')).out[0]).toEndWith('"[secret]"');
});

test('the database, and what of it does not count', async () => {
  const more = ['--database-url', url];
  expect((await explain('router_settings.num_retries', { more })).out).toEqual([
    'router_settings.num_retries: 4',
    '  from: config.yaml:6:16',
    '  but: the database says 9, which does not count',
  ]);
  expect((await explain('router_settings.allowed_fails', { env: { DATABASE_URL: url } })).out).toEqual([
    'router_settings.allowed_fails: 3',
    '  from: the database',
  ]);
  expect((await explain('model_list[0].model_name', { more })).out[2]).toBe('  but: the database says "other", which does not count');
});

test('a database that is away: the file is explained all the same', async () => {
  const { code, out, told } = await explain('router_settings.num_retries', {
    more: ['--database-url', 'postgres://u:sk-canary@127.0.0.1:1/x'],
  });
  expect([code, out[0]]).toEqual([0, 'router_settings.num_retries: 4']);
  expect(told).toContain('was not asked');
  expect(told).not.toContain('sk-canary');
});

test('flags and variables that win', async () => {
  expect((await explain('litellm_settings.drop_params', { more: ['--drop-params'] })).out).toEqual([
    'litellm_settings.drop_params: true',
    '  from: --drop-params, which wins over all else',
    '  but: config.yaml:9:16 says false, which does not count',
  ]);
  expect((await explain('sluice_settings.log_level', { env: { SLUICE_LOG: 'debug' } })).out[1]).toBe(
    '  from: SLUICE_LOG, which wins over all else',
  );
  expect((await explain('router_settings.timeout')).out).toEqual([
    'router_settings.timeout: said under another name',
    '  from: config.yaml:8:20',
  ]);
});

test('what there is not', async () => {
  for (const path of ['nonsense', 'router_settings.nonsense', 'model_list[', 'model_list[9].model_name'])
    expect([path, (await explain(path)).code]).toEqual([path, 1]);
});

test('paths', () => {
  expect(stepsOf('a.b[0].c["x.y"]')).toEqual(['a', 'b', 0, 'c', 'x.y']);
  expect(stepsOf('a[')).toBeUndefined();
  expect(stepsOf('')).toBeUndefined();
});

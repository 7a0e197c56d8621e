import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../gateway/src/config/load.ts';
import { createSealer, saltKeysOf } from '../../gateway/src/storage/sealed/index.ts';
import { migrate, openDatabase } from '../../gateway/src/storage/sql/index.ts';
import { masterKey, startGateway, type Gateway } from '../e2e/harness.ts';
import { pages, reasonOf, repository, snippetsOf, type Snippet } from './snippets.ts';

const all = pages.filter((page) => !page.startsWith('docs/clients/')).flatMap(snippetsOf);
const skipped = all.filter((snippet) => reasonOf(snippet) !== undefined);
const run = all.filter((snippet) => reasonOf(snippet) === undefined);
const nameOf = ({ page, line }: Snippet) => `${page}:${line}`;
const of = (language: string) =>
  run.filter((snippet) => snippet.language === language).map((snippet) => [nameOf(snippet), snippet] as const);

const { scripts } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
const scriptLine = /^(?:npm (?:ci|test|start|run [\w:-]+)\b.*|npx sluice .*)$/;
/** A line that only works on a machine: its scripts must exist. */
const isScripts = (line: string) => line.split(' && ').every((part) => scriptLine.test(part.split('#')[0]!.trim()));

let gateway: Gateway;
let folder: string;
beforeAll(async () => {
  const database = await openDatabase({ url: 'sqlite::memory:' });
  await migrate(database);
  const sealer = createSealer({ keys: saltKeysOf('for-the-snippets-of-the-documents') });
  gateway = await startGateway(
    'model_list:\n  - model_name: "mock/*"\n    litellm_params: { model: "mock/*" }\n',
    {},
    { database, sealer },
  );
  // Within the repository, so that `sluice` is found as it is by a user's program.
  const cache = join(repository, 'node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  folder = mkdtempSync(join(cache, 'snippets-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await gateway.stop();
});

/** Runs a program and gives what it printed. */
const output = async (command: string[], cwd = folder, timeoutMs = 20_000): Promise<{ code: number; text: string; problems: string }> => {
  const child = Bun.spawn(command, {
    cwd,
    env: { PATH: process.env['PATH'], HOME: folder, SLUICE_KEY: masterKey },
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
    timeout: timeoutMs,
  });
  const [text, problems] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  return { code: await child.exited, text, problems };
};

test('there are snippets', () => {
  for (const page of ['README.md', 'docs/quick-start.md', 'docs/sdk.md', 'docs/configuration.md', 'docs/errors.md'])
    expect(all.filter((snippet) => snippet.page === page).length, page).toBeGreaterThan(0);
});

test('what is not run says why, and is little', () => {
  console.log(
    `snippets: ${run.length} run, ${skipped.length} not run${skipped.map((each) => `\n  ${nameOf(each)}: ${reasonOf(each)}`).join('')}`,
  );
  expect(skipped.length).toBeLessThanOrEqual(5);
});

test('every language has its test', () => {
  // Blocks without a language are drawings, and so are those of mermaid.
  expect([...new Set(run.map(({ language }) => language))].sort()).toEqual(['', 'json', 'mermaid', 'sh', 'ts', 'yaml']);
});

describe('sh', () => {
  test.each(of('sh').filter(([, { code }]) => code.trim().split('\n').every(isScripts)))('%s names scripts that exist', (_, { code }) => {
    for (const part of code.trim().split(/\n| && /)) {
      const script = /^npm (?:run )?([\w:-]+)/.exec(part)?.[1];
      if (script !== undefined && script !== 'ci') expect(Object.keys(scripts)).toContain(script);
    }
  });

  const curls = of('sh').filter(([, { code }]) => !code.trim().split('\n').every(isScripts));
  test.skipIf(Bun.which('curl') === null).each(curls)('%s runs', async (_, snippet) => {
    const fails = snippet.info === 'fails';
    const code = snippet.code.replaceAll('http://127.0.0.1:4000', gateway.url);
    const result = await output(['sh', '-euc', `curl() { command curl ${fails ? '' : '--fail'} "$@"; }\n${code}`]);
    expect(result.code, result.text + result.problems).toBe(0);
    expect(result.text.trim()).not.toBe('');
    // What follows as JSON is what it prints, or a part of it.
    const next = all[all.indexOf(snippet) + 1];
    if (next?.language === 'json' && next.page === snippet.page)
      expect(JSON.parse(result.text)).toMatchObject(JSON.parse(next.code) as object);
    else if (fails) expect(result.text).toContain('error');
  });
});

describe('ts', () => {
  test.each(of('ts').filter(([, { info }]) => info === ''))('%s runs', async (name, { code }) => {
    const file = join(folder, `${name.replaceAll(/\W/g, '-')}.ts`);
    writeFileSync(file, code);
    const result = await output([process.execPath, '--no-install', file]);
    expect(result.code, result.problems).toBe(0);
    expect(result.problems).toBe('');
    for (const [, printed] of code.matchAll(/\/\/ prints: (.*)$/gm)) expect(result.text.split('\n')).toContain(printed!);
  });
});

test('ts: all of them compile, as strictly as can be', async () => {
  const programs = of('ts').filter(([, { info }]) => info === '');
  const files = programs.map(([, { code }], at) => {
    writeFileSync(join(folder, `program-${at}.ts`), code);
    return `program-${at}.ts`;
  });
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ extends: join(repository, 'tsconfig.json'), include: [], files }));
  const tsc = join(repository, 'node_modules', 'typescript', 'bin', 'tsc');
  const { code, text } = await output([process.execPath, tsc, '-p', folder]);
  expect(
    code,
    text.replaceAll(/program-(\d+)\.ts/g, (_, at: string) => programs[Number(at)]![0]),
  ).toBe(0);
});

describe('yaml', () => {
  test.each(of('yaml'))('%s has no mistake', (_, { code }) => {
    // Every variable is set, and what is included is there.
    const env = Object.fromEntries([...code.matchAll(/os\.environ\/(\w+)/g)].map(([, name]) => [name!, `sk-${'x9'.repeat(20)}`]));
    const loaded = loadConfig(code, {
      file: 'config.yaml',
      env,
      readInclude: (file) => ({ file, text: `model_list: [{ model_name: ${file}, litellm_params: { model: mock/echo } }]\n` }),
    });
    expect(loaded.ok ? [] : loaded.problems).toEqual([]);
    if (!loaded.ok) return;
    // A page shows a part of a file, maybe without models.
    const { notes, warnings, unsetVariables } = loaded.snapshot;
    expect([...notes, ...warnings, ...unsetVariables].filter(({ path }) => path !== 'model_list')).toEqual([]);
  });

  test('and the checker that a user runs says the same', async () => {
    const [, snippet] = of('yaml')[0]!;
    const checked = mkdtempSync(join(tmpdir(), 'sluice-docs-'));
    writeFileSync(join(checked, 'config.yaml'), snippet.code);
    const result = await output([process.execPath, join(repository, 'gateway/bin/sluice.js'), 'config', 'check', 'config.yaml'], checked);
    expect(result.text + result.problems).toContain('no mistakes');
    rmSync(checked, { recursive: true });
  });
});

test.each(of('json'))('%s is JSON', (_, { code }) => void JSON.parse(code));

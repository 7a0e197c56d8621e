import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { key, startGateway, type Gateway } from './gateway.ts';

/* The programs of docs/clients as they stand there: only the gateway's address is another. */

let gateway: Gateway;
// Inside this folder, so that the libraries are found.
const folder = mkdtempSync(join(import.meta.dir, 'node_modules', '.snippets-'));
beforeAll(async () => void (gateway = await startGateway('http://127.0.0.1:9')));
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await gateway.stop();
});

const docs = join(import.meta.dir, '../../docs/clients');
const snippets = readdirSync(docs).flatMap((page) =>
  [...readFileSync(join(docs, page), 'utf8').matchAll(/^```(\w+)[^\n]*\n([\s\S]*?)^```/gm)].map(([, language = '', code = ''], at) => ({
    name: `${page}, ${at + 1}`,
    language,
    code,
  })),
);
const programs = snippets.filter(({ language }) => language === 'ts');

const majorOf = (path: string): number => Number(/^v(\d+)/.exec(Bun.spawnSync([path, '--version']).stdout.toString())?.[1]);
const node = process.env['SLUICE_TEST_NODE'] ?? 'node';
/** Vercel's packages want Node 22: one of test/runtimes, where this machine's is older. */
const newer = join(import.meta.dir, '../runtimes/node_modules/node24/bin/node');
const nodeFor = (code: string): string | undefined => {
  if (!code.includes("from 'ai'") || majorOf(node) >= 22) return node;
  return existsSync(newer) ? newer : undefined;
};

test('every page has a program', () => {
  expect(programs.length).toBeGreaterThanOrEqual(readdirSync(docs).length);
});

test('nothing but programs needs running', () => {
  expect(snippets.filter(({ language }) => language !== 'ts').map(({ name }) => name)).toEqual([]);
});

test('they compile, in a strict program', async () => {
  const files = programs.map(({ code }, at) => {
    writeFileSync(join(folder, `program-${at}.ts`), code);
    return `program-${at}.ts`;
  });
  const compilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: 'ESNext',
    module: 'ESNext',
    moduleResolution: 'Bundler',
    types: ['bun'],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
  const tsc = join(import.meta.dir, '../../node_modules/typescript/bin/tsc');
  const child = Bun.spawn([process.execPath, tsc, '-p', folder], { cwd: folder, stdout: 'pipe' });
  const problems = await new Response(child.stdout).text();
  expect(
    await child.exited,
    problems.replaceAll(/program-(\d+)\.ts/g, (_, at: string) => programs[Number(at)]!.name),
  ).toBe(0);
});

describe.each(['Bun', 'Node'])('on %s', (runtime) => {
  describe.each(programs)('$name', ({ code }) => {
    const path = runtime === 'Bun' ? process.execPath : nodeFor(code);
    test.skipIf(path === undefined)('runs', async () => {
      const file = join(folder, `program-${runtime}-${Math.random()}.mjs`);
      writeFileSync(file, code.replaceAll('http://127.0.0.1:4000', gateway.url));
      const child = Bun.spawn([path!, file], {
        cwd: folder,
        env: { PATH: process.env['PATH'], HOME: folder, SLUICE_KEY: key },
        stdout: 'pipe',
        stderr: 'pipe',
      });
      const [output, problems] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
      expect(await child.exited, problems).toBe(0);
      // The mock says what it is told.
      expect(output).toContain('Hello');
      if (code.includes('Hello again')) expect(output).toContain('Hello again');
    });
  });
});

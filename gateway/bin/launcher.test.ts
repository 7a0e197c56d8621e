import { describe, expect, test } from 'bun:test';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bunEnvironment, bunPackages, findBun } from './find-bun.js';

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const node = Bun.which('node');

describe('finding Bun', () => {
  test.each([
    [{ platform: 'linux', arch: 'x64', musl: false }, ['@oven/bun-linux-x64', '@oven/bun-linux-x64-baseline']],
    [{ platform: 'linux', arch: 'x64', musl: true }, ['@oven/bun-linux-x64-musl', '@oven/bun-linux-x64-musl-baseline']],
    [{ platform: 'linux', arch: 'arm64', musl: true }, ['@oven/bun-linux-aarch64-musl']],
    [{ platform: 'darwin', arch: 'arm64', musl: false }, ['@oven/bun-darwin-aarch64']],
    [{ platform: 'win32', arch: 'x64', musl: false }, ['@oven/bun-windows-x64', '@oven/bun-windows-x64-baseline']],
    [{ platform: 'sunos', arch: 'x64', musl: false }, []],
    [{ platform: 'linux', arch: 'ia32', musl: false }, []],
  ])('%j', (machine, expected) => {
    expect(bunPackages(machine)).toEqual(expected as string[]);
  });
  test('on this machine', () => {
    const found = findBun({ env: {} });
    expect('path' in found && existsSync(found.path)).toBe(true);
  });
  test('SLUICE_BUN comes first, and must be there', () => {
    expect(findBun({ env: { SLUICE_BUN: process.execPath } })).toEqual({ path: process.execPath });
    expect(findBun({ env: { SLUICE_BUN: '/nowhere/bun' } })).toEqual({ problem: 'SLUICE_BUN is /nowhere/bun, and there is no such file.' });
  });
  test('missing: which package, and what to do', () => {
    const resolve = () => {
      throw new Error('not found');
    };
    const machine = { platform: 'linux', arch: 'x64', musl: false };
    expect(findBun({ env: {}, machine, resolve })).toEqual({
      problem: expect.stringMatching(/@oven\/bun-linux-x64 is not installed.*npm install.*SLUICE_BUN/),
    });
    expect(findBun({ env: {}, machine: { platform: 'aix', arch: 'ppc64', musl: false }, resolve })).toEqual({
      problem: expect.stringContaining('no Bun for aix on ppc64'),
    });
  });
  test('its environment: many upstream calls at once, unless somebody says otherwise', () => {
    expect(bunEnvironment({ A: 'b' })).toEqual({ BUN_CONFIG_MAX_HTTP_REQUESTS: '65535', A: 'b' });
    expect(bunEnvironment({ BUN_CONFIG_MAX_HTTP_REQUESTS: '9' })).toEqual({ BUN_CONFIG_MAX_HTTP_REQUESTS: '9' });
  });
});

describe.skipIf(node === null)('the launcher, under Node', () => {
  const launch = (script: string, cwd: string) => {
    const runner = join(cwd, 'runner.mjs');
    writeFileSync(join(cwd, 'script.ts'), script);
    writeFileSync(
      runner,
      `import { findBun } from ${JSON.stringify(here('find-bun.js'))}; import { runBun } from ${JSON.stringify(here('run-bun.js'))};
runBun(findBun().path, [${JSON.stringify(join(cwd, 'script.ts'))}, ...process.argv.slice(2)]);`,
    );
    return Bun.spawn([node!, runner, '--flag', 'value'], { cwd, stdout: 'pipe', stderr: 'pipe' });
  };
  const inFolder = async (use: (folder: string) => Promise<void>) => {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-launcher-'));
    try {
      await use(folder);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };

  test("hands arguments on, ends with the child's code, and the folder's settings do not leak in", () =>
    inFolder(async (folder) => {
      writeFileSync(join(folder, '.env'), 'FROM_DOTENV=leak');
      writeFileSync(join(folder, 'bunfig.toml'), 'preload = ["./evil.ts"]');
      writeFileSync(join(folder, 'evil.ts'), 'console.log("evil")');
      const child = launch(
        'console.log(JSON.stringify([process.argv.slice(2), process.env.FROM_DOTENV ?? null, process.env.BUN_CONFIG_MAX_HTTP_REQUESTS])); process.exit(7)',
        folder,
      );
      expect(await child.exited).toBe(7);
      expect(await new Response(child.stdout).text()).toBe('[["--flag","value"],null,"65535"]\n');
    }));

  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('hands %s on and waits for the end', (signal) =>
    inFolder(async (folder) => {
      const child = launch(
        `process.on('${signal}', () => setTimeout(() => { console.log('ended'); process.exit(0); }, 100)); console.log('ready'); setInterval(() => {}, 1000);`,
        folder,
      );
      const reader = child.stdout.getReader();
      const read = async () => new TextDecoder().decode((await reader.read()).value);
      expect(await read()).toBe('ready\n');
      child.kill(signal);
      expect(await read()).toBe('ended\n');
      expect(await child.exited).toBe(0);
    }),
  );

  test('a missing Bun is one clear line', async () => {
    const child = Bun.spawn([node!, here('sluice.js'), '--version'], {
      env: { ...process.env, SLUICE_BUN: '/nowhere/bun' },
      stdout: 'pipe',
      stderr: 'pipe',
    });
    expect(await child.exited).toBe(1);
    expect(await new Response(child.stderr).text()).toBe('sluice: SLUICE_BUN is /nowhere/bun, and there is no such file.\n');
  });

  test('--version', async () => {
    const child = Bun.spawn([node!, here('sluice.js'), '--version'], { stdout: 'pipe', stderr: 'pipe' });
    expect(await new Response(child.stdout).text()).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(await child.exited).toBe(0);
  });
});

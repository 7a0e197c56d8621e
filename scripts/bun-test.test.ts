import { afterEach, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
// @ts-expect-error: a script, which has no types
import * as script from './bun-test.js';

interface Result {
  passed: number;
  failed: number;
  skipped: number;
  status: number;
  lines: string[];
}
const runBunTestsTwice = script.runBunTestsTwice as (args: string[], options: object) => Promise<Result>;

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** Runs files of tests in a folder of their own. @returns the result, and all that was printed */
const runTwice = async (files: Readonly<Record<string, string>>) => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-test-'));
  folders.push(folder);
  for (const [name, text] of Object.entries(files))
    writeFileSync(join(folder, name), `import { test, expect, beforeAll, describe } from 'bun:test';\n${text}`);
  let said = '';
  const say = (data: Uint8Array | string): void => void (said += typeof data === 'string' ? data : new TextDecoder().decode(data));
  const { passed, failed, skipped, status, lines } = await runBunTestsTwice(['.'], { cwd: folder, say });
  return { result: { passed, failed, skipped, status }, lines, said };
};

/** True in the second process that asks. */
const secondTime = `import { existsSync, writeFileSync } from 'node:fs';
const marker = import.meta.path + '.ran';
const second = existsSync(marker);
writeFileSync(marker, '');
`;
const fine = `test('fine', () => {}); test.skip('later', () => {});`;

describe('tests that fail are run once more', () => {
  test('what passes then has passed, and is told', async () => {
    const { result, lines, said } = await runTwice({
      'a.test.ts': fine,
      'b.test.ts': `${secondTime}${fine} describe('now > and', () => test('then “so”', () => expect(second).toBe(true)));`,
    });
    expect(result).toEqual({ passed: 3, failed: 0, skipped: 2, status: 0 });
    expect(lines).toEqual(['flaky: b.test.ts > now > and > then “so”']);
    expect(said).toContain('once more, alone: b.test.ts');
  }, 60_000);

  test('what fails again has failed', async () => {
    const { result, lines } = await runTwice({ 'a.test.ts': fine, 'b.test.ts': `${fine} test('never', () => expect(1).toBe(2));` });
    expect(result).toEqual({ passed: 2, failed: 1, skipped: 2, status: 1 });
    expect(lines).toEqual(['(fail) b.test.ts > never']);
  }, 60_000);

  test('one that passes now does not stand for another one that fails', async () => {
    const { result, lines } = await runTwice({
      'a.test.ts': `${secondTime} test('by chance', () => expect(second).toBe(true));`,
      'b.test.ts': `test('never', () => expect(1).toBe(2));`,
    });
    expect(result).toEqual({ passed: 0, failed: 2, skipped: 0, status: 1 });
    expect(lines).toEqual(['(fail) a.test.ts > by chance', '(fail) b.test.ts > never']);
  }, 60_000);

  test('tests that had not begun are counted: a file that breaks, a preparation that does', async () => {
    const { result, lines } = await runTwice({
      'a.test.ts': `${secondTime} if (!second) throw new Error('not yet'); ${fine}`,
      'b.test.ts': `${secondTime} describe('d', () => { beforeAll(() => expect(second).toBe(true)); ${fine} test('two', () => {}); });`,
    });
    expect(result).toEqual({ passed: 3, failed: 0, skipped: 2, status: 0 });
    expect(lines).toEqual(['flaky: a.test.ts > an error between tests', 'flaky: b.test.ts > d > (unnamed)']);
  }, 60_000);

  test('many that fail are no accident', async () => {
    const names = Array.from({ length: 6 }, (_, at) => `${at}.test.ts`);
    const { result, lines, said } = await runTwice(
      Object.fromEntries(names.map((name) => [name, `${secondTime} test('t', () => expect(second).toBe(true));`])),
    );
    expect(result).toEqual({ passed: 0, failed: 6, skipped: 0, status: 1 });
    expect(lines).toEqual(names.map((name) => `(fail) ${name} > t`));
    expect(said).not.toContain('once more');
  }, 60_000);

  test('a run that breaks off has failed', async () => {
    const { result } = await runTwice({ 'a.test.ts': `${secondTime} test('t', () => { if (!second) process.exit(3); });` });
    expect(result).toMatchObject({ failed: 1, status: 3 });
  }, 60_000);
});

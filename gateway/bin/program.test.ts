import { afterAll, beforeEach, describe, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isFresh, programFile } from './program.js';

const root = mkdtempSync(join(tmpdir(), 'sluice-program-'));
const source = join(root, 'src');
const bundle = join(root, 'main.js');
const at = (path: string, seconds: number) => utimesSync(path, seconds, seconds);

beforeEach(() => {
  rmSync(source, { recursive: true, force: true });
  mkdirSync(join(source, 'deep'), { recursive: true });
  for (const name of ['a.ts', 'deep/b.ts', 'deep/b.test.ts']) writeFileSync(join(source, name), '');
  for (const name of ['a.ts', 'deep/b.ts', 'deep/b.test.ts', 'deep', '.']) at(join(source, name), 1000);
  writeFileSync(bundle, '');
  at(bundle, 2000);
});
afterAll(() => rmSync(root, { recursive: true }));

describe('a bundle is run', () => {
  test('where nothing was edited since', () => expect(isFresh(bundle, [source])).toBe(true));
  test('as a package, without the sources of others', () => expect(isFresh(bundle, [source, join(root, 'nowhere')])).toBe(true));
  test('after a test was edited', () => {
    at(join(source, 'deep/b.test.ts'), 3000);
    expect(isFresh(bundle, [source])).toBe(true);
  });
});

describe('the sources are run', () => {
  test('where there is no bundle', () => {
    rmSync(bundle);
    expect(isFresh(bundle, [source])).toBe(false);
  });
  test.each(['a.ts', 'deep/b.ts'])('after %s was edited', (name) => {
    at(join(source, name), 3000);
    expect(isFresh(bundle, [source])).toBe(false);
  });
  test('after a file came or went', () => {
    rmSync(join(source, 'deep/b.ts'));
    expect(isFresh(bundle, [source])).toBe(false);
  });
});

test('it is one of the two', () => expect(programFile()).toMatch(/gateway[\\/](dist[\\/]main\.js|src[\\/]cli[\\/]main\.ts)$/));

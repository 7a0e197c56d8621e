import { describe, expect, test } from 'bun:test';
import { Glob } from 'bun';
import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** Each floor may import itself folder by folder, and every floor before it. ARCHITECTURE.md shows the same table. */
const houses = [
  {
    root: 'sdk/src',
    floors: [['types', 'lib'], ['protocols', 'transport', 'catalog'], ['providers'], ['router'], ['client']],
    doors: ['index.ts', 'kit.ts'],
  },
  {
    root: 'gateway/src',
    floors: [
      ['config', 'upstream', 'storage'],
      ['access', 'telemetry', 'discovery', 'limits', 'secrets', 'spend', 'alerts'],
      ['pipeline'],
      ['server'],
      ['cli'],
    ],
    doors: [],
  },
] as const;

const repository = join(import.meta.dir, '..');
const importPattern =
  /(?:^|\n)\s*(?:import|export)\s[^'"`;]*?from\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)|(?:^|\n)\s*import\s*['"]([^'"]+)['"]/g;

interface Import {
  file: string;
  line: number;
  target: string;
}

const importsOf = (root: string): Import[] => {
  const found: Import[] = [];
  for (const path of new Glob('**/*.ts').scanSync(join(repository, root))) {
    if (path.endsWith('.test.ts')) continue;
    const text = readFileSync(join(repository, root, path), 'utf8');
    for (const match of text.matchAll(importPattern)) {
      const target = match[1] ?? match[2] ?? match[3]!;
      const line = text.slice(0, match.index + match[0].indexOf(target)).split('\n').length;
      found.push({ file: path, line, target });
    }
  }
  return found;
};

describe.each([...houses])('$root', ({ root, floors, doors }) => {
  const floorOf = (folder: string) => floors.findIndex((floor) => (floor as readonly string[]).includes(folder));
  const imports = importsOf(root);

  test('there is something to check', () => expect(imports.length).toBeGreaterThan(10));

  test('a folder imports itself and lower floors, never sideways or upwards', () => {
    const broken: string[] = [];
    for (const { file, line, target } of imports) {
      if (!target.startsWith('.')) continue;
      const from = file.split('/')[0]!;
      if ((doors as readonly string[]).includes(file)) continue;
      const to = relative('.', join(dirname(file), target)).split('/')[0]!;
      if (from === to) continue;
      const allowed = floorOf(to) !== -1 && floorOf(to) < floorOf(from);
      if (!allowed) broken.push(`${root}/${file}:${line} imports ${target}`);
    }
    expect(broken).toEqual([]);
  });
});

test('the SDK uses web standards only', () => {
  const broken: string[] = [];
  for (const { file, line, target } of importsOf('sdk/src')) {
    if (!target.startsWith('.')) broken.push(`sdk/src/${file}:${line} imports ${target}`);
  }
  for (const path of new Glob('**/*.ts').scanSync(join(repository, 'sdk/src'))) {
    if (path.endsWith('.test.ts')) continue;
    readFileSync(join(repository, 'sdk/src', path), 'utf8')
      .split('\n')
      .forEach((text, at) => {
        if (/\bBun\.|\bBuffer\b|(?<!globalThis as .*)\bprocess\.(?:env|argv|exit)/.test(text.replace(/\/\/.*|^\s*\*.*/, '')))
          broken.push(`sdk/src/${path}:${at + 1} ${text.trim()}`);
      });
  }
  expect(broken).toEqual([]);
});

/** A database is a file, and its driver opens files by itself: what is made private, and certificates, are one file. */
const opensFiles = 'storage/sql/files.ts';

test('only the command line of the gateway reads the environment and files', () => {
  const broken: string[] = [];
  for (const path of new Glob('**/*.ts').scanSync(join(repository, 'gateway/src'))) {
    if (path.endsWith('.test.ts') || path.startsWith('cli/') || path === opensFiles) continue;
    readFileSync(join(repository, 'gateway/src', path), 'utf8')
      .split('\n')
      .forEach((text, at) => {
        if (/\bprocess\.(?:env|argv|exit)\b|\bBun\.(?:env|file|argv)\b|from 'node:fs/.test(text))
          broken.push(`gateway/src/${path}:${at + 1} ${text.trim()}`);
      });
  }
  expect(broken).toEqual([]);
});

test('the gateway and everything outside use the SDK by its doors', () => {
  const broken: string[] = [];
  for (const root of ['gateway/src', 'bench', 'examples']) {
    for (const { file, line, target } of importsOf(root))
      if (/sdk\/src/.test(target)) broken.push(`${root}/${file}:${line} imports ${target}`);
  }
  expect(broken).toEqual([]);
});

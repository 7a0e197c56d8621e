import { describe, expect, test } from 'bun:test';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pages as made } from '../../scripts/docs.ts';
import { errorCodes } from '../../sdk/src/types/index.ts';
import { pages, repository, snippetsOf, textOf } from './snippets.ts';

/** The text without its code. */
const proseOf = (page: string): string => snippetsOf(page).reduce((text, { code }) => text.replace(code, ''), textOf(page));

/** Not in a fresh clone: results, what is built, and the names of decisions, which are written as a pattern. */
const isMade = (path: string): boolean => path.startsWith('bench/results/') || path.includes('/dist') || path.includes('YYYY');

/** As GitHub makes them. */
const anchorsOf = (page: string): string[] =>
  [...proseOf(page).matchAll(/^#+ (.*)$/gm)].map(([, title]) =>
    title!
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

const { scripts } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as { scripts: Record<string, string> };

describe.each(pages)('%s', (page) => {
  test('its links lead somewhere', () => {
    const broken: string[] = [];
    for (const [, target] of proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target!)) continue;
      const [path = '', anchor] = target!.split('#');
      const file = path === '' ? page : join(dirname(page), path);
      if (!existsSync(join(repository, file))) broken.push(target!);
      else if (anchor !== undefined && !anchorsOf(file).includes(anchor)) broken.push(target!);
    }
    expect(broken).toEqual([]);
  });

  test('files and scripts that it names exist', () => {
    const wrong: string[] = [];
    for (const [, name] of proseOf(page).matchAll(/`([^`\n]+)`/g)) {
      const script = /^npm (?:run )?(\w[\w:-]*)/.exec(name!)?.[1];
      if (script !== undefined && script !== 'ci' && script !== 'install' && !(script in scripts)) wrong.push(name!);
      const path = /^(?:sdk|gateway|test|docs|scripts|bench)\/[\w./-]*$/.exec(name!)?.[0];
      if (path !== undefined && !isMade(path) && !existsSync(join(repository, path))) wrong.push(name!);
    }
    expect(wrong).toEqual([]);
  });
});

test.each(Object.entries(made))('%s is up to date: npm run docs', (page, text) => {
  expect(textOf(page)).toBe(text());
});

test('docs/sdk.md shows every option', () => {
  const [, names = ''] = /const optionNames = \[([\s\S]*?)\]/.exec(textOf('sdk/src/client/options.ts'))!;
  const known = [...names.matchAll(/'(\w+)'/g)].map(([, name]) => name!);
  const section = textOf('docs/sdk.md')
    .split('\n## ')
    .find((text) => text.startsWith('Options\n'))!;
  const shown = [...section.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name!);
  expect(known.length).toBeGreaterThan(10);
  expect(shown.sort()).toEqual(known.sort());
});

test('docs/errors.md lists every code, and says what the table of codes says', () => {
  const rows = [...textOf('docs/errors.md').matchAll(/^\| `(\w+)` \| (\d+) \| (yes|no) \| `(\w+)` \| (.+) \| (.+) \|$/gm)].map(
    ([, code, status, retry, name]) => [code, { status: Number(status), retry: retry === 'yes', name }],
  );
  expect(Object.fromEntries(rows)).toEqual(errorCodes as object);
  expect(rows).toHaveLength(Object.keys(errorCodes).length);
});

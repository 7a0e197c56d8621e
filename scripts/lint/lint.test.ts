import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const repository = join(import.meta.dir, '..', '..');

/** Each line is a file of its own. */
const bad: readonly (readonly [rule: string, code: string])[] = [
  ['no-built-sql', "export const a = (id: string) => `select * from keys where id = '${id}'`;"],
  ['no-built-sql', 'export const a = (id: string) => `SELECT * FROM keys WHERE id = ${id}`;'],
  ['no-built-sql', 'export const a = (c: string) => `select ${c}`;'],
  ['no-built-sql', 'export const a = (t: string) => `\n  insert into ${t} values (1)`;'],
  ['no-built-sql', 'export const a = (t: string) => `insert or ignore into ${t} values (1)`;'],
  ['no-built-sql', 'export const a = (t: string) => `update ${t} set a = 1`;'],
  ['no-built-sql', 'export const a = (t: string) => `delete from ${t}`;'],
  ['no-built-sql', 'export const a = (t: string) => `with x as (select 1) select * from ${t}`;'],
  ['no-built-sql', 'export const a = (t: string) => `create table ${t} (id text)`;'],
  ['no-built-sql', 'export const a = (t: string) => `create unique index if not exists ${t} on a (b)`;'],
  ['no-built-sql', 'export const a = (t: string) => `alter table ${t} add column a text`;'],
  ['no-built-sql', 'export const a = (t: string) => `DROP TABLE ${t}`;'],
  ['no-built-sql', 'export const a = (t: string) => `pragma ${t}`;'],
  ['no-built-sql', "export const a = (id: string) => 'select * from keys where id = ' + id;"],
  ['no-built-sql', "export const a = (id: string) => 'select * ' + 'from keys where id = ' + id + ' limit 1';"],
  ['no-built-sql', "export const a = (id: string) => 'delete from keys where id = '.concat(id);"],
  ['no-built-sql', 'export const a = (id: string) => String.raw`select * from keys where id = ${id}`;'],
  ['no-built-sql', 'declare const sql: (text: string[]) => unknown; export const a = (text: string) => sql([text]);'],
  ['no-sql-text', "declare const db: { all(text: string): void }; db.all('select * from keys');"],
  ['no-sql-text', 'declare const db: { run(text: string): void }; db.run(`delete from keys`);'],
  ['no-driver', "import { Database } from 'bun:sqlite'; export const a = new Database();"],
  ['no-driver', "import { Client } from 'pg'; export const a = new Client();"],
  ['no-driver', "export const a = () => import('pg');"],
  ['no-driver', "export * from 'postgres';"],
  ['no-driver', "import { sql } from 'bun'; export const a = sql;"],
  ['no-driver', 'export const a = new Bun.SQL();'],
  ['no-driver', 'export const a = Bun.sql;'],
  ['no-driver', "import { script } from '../storage/sql/statement.ts'; export const a = script;"],
  ['no-driver', "import { openSqlite } from '../storage/sql/sqlite/open-sqlite.ts'; export const a = openSqlite;"],
];

const good: readonly string[] = [
  "import { sql } from '../storage/sql/index.ts'; export const a = (id: string) => sql`select * from keys where id = ${id}`;",
  "import { sql } from '../storage/sql/statement.ts'; export const a = (t: string) => sql`delete from ${sql.name(t)}`;",
  'export const a = (name: string) => `Select ${name} from the list, or update ${name}.`;',
  'export const a = (name: string) => `with ${name} it works, drop it`;',
  'export const a = (name: string) => `update the ${name}`;',
  "export const a = (name: string) => 'created ' + name;",
  "declare const router: { run(name: string): void }; router.run('select');",
  'export const a = (names: Promise<void>[]) => Promise.all(names);',
];

describe('lint', () => {
  let folder: string;
  let found: Map<string, string[]>;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-lint-'));
    await Promise.all([
      ...bad.map(([, code], at) => Bun.write(join(folder, `bad${at}.ts`), code)),
      ...good.map((code, at) => Bun.write(join(folder, `good${at}.ts`), code)),
    ]);
    const { stdout } = Bun.spawnSync(
      [
        Bun.which('node') ?? process.execPath,
        join(repository, 'node_modules/oxlint/bin/oxlint'),
        '-c',
        join(repository, '.oxlintrc.json'),
        '--format=json',
        folder,
      ],
      { cwd: folder },
    );
    const { diagnostics } = JSON.parse(stdout.toString()) as { diagnostics: { code: string; filename: string }[] };
    found = new Map();
    for (const { code, filename } of diagnostics) {
      const rule = /^sluice\((?<rule>.+)\)$/.exec(code)?.groups?.['rule'];
      const file = filename.split(/[\\/]/).at(-1)!;
      if (rule !== undefined) found.set(file, [...(found.get(file) ?? []), rule]);
    }
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each(bad.map(([rule, code], at) => [rule, code, at] as const))('FP-1: %s: %s', (rule, _, at) => {
    expect(found.get(`bad${at}.ts`)).toEqual([rule]);
  });

  test.each(good.map((code, at) => [code, at] as const))('nothing to say: %s', (_, at) => {
    expect(found.get(`good${at}.ts`)).toBeUndefined();
  });
});

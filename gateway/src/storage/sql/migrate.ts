import { SluiceError } from 'sluice/kit';
import type { Database, Queries, Transaction } from './database.ts';
import type { Migration } from './migration.ts';
import { migrations as ours } from './migrations/index.ts';
import { script, sql } from './statement.ts';

export type { Migration } from './migration.ts';

/** Changes of the tables may take as long as they need, and so may others that wait for them. */
const unlimited = { timeoutMs: null };

const ledger = sql`create table if not exists schema_migrations (name text primary key, checksum text not null, applied_at bigint not null)`;

interface Applied {
  readonly name: string;
  readonly checksum: string;
}

/**
 * Applies what is missing, under a lock, in order; each in a transaction of its own, so that one that was killed in the
 * middle is done again from its start. Idempotent; several at once are fine.
 * @returns the names of what was applied
 * @throws SluiceError `internal` where the database is newer than this program, or an applied migration was changed since
 */
export const migrate = async (database: Database, migrations: readonly Migration[] = ours): Promise<readonly string[]> => {
  requireOrder(migrations);
  const applied: string[] = [];
  for (;;) {
    const name = await database.transaction((tx) => applyNext(tx, database.kind, migrations), unlimited);
    if (name === undefined) return applied;
    applied.push(name);
  }
};

/** The names of what `migrate` would apply. @throws what `migrate` throws */
export const pendingMigrations = async (database: Database, migrations: readonly Migration[] = ours): Promise<readonly string[]> => {
  const exists = await database.all(
    database.kind === 'sqlite'
      ? sql`select 1 as found from sqlite_schema where type = ${'table'} and name = ${'schema_migrations'}`
      : sql`select 1 as found where to_regclass(${'schema_migrations'}) is not null`,
  );
  return pending(database.kind, exists.length === 0 ? [] : await appliedOf(database), migrations).map(({ name }) => name);
};

const applyNext = async (tx: Transaction, kind: Database['kind'], migrations: readonly Migration[]): Promise<string | undefined> => {
  if (kind === 'postgres') await tx.run(sql`set local statement_timeout = 0`);
  await tx.lock('schema_migrations');
  await tx.run(ledger);
  const [next] = pending(kind, await appliedOf(tx), migrations);
  if (!next) return undefined;
  await tx.run(script(next[kind]));
  await tx.run(
    sql`insert into schema_migrations (name, checksum, applied_at) values (${next.name}, ${checksumOf(next, kind)}, ${Date.now()})`,
  );
  return next.name;
};

const appliedOf = (queries: Queries): Promise<Applied[]> =>
  queries.all<Applied>(sql`select name, checksum from schema_migrations order by name`);

const pending = (kind: Database['kind'], applied: readonly Applied[], migrations: readonly Migration[]): readonly Migration[] => {
  const known = new Map(migrations.map((each) => [each.name, each]));
  for (const { name, checksum } of applied) {
    const migration = known.get(name);
    if (!migration) throw mismatch(`The database is newer than this program: it has the migration ${name}. Start a version that knows it.`);
    if (checksumOf(migration, kind) !== checksum)
      throw mismatch(`The migration ${name} was changed after it was applied. Its tables may differ from what this program expects.`);
  }
  const done = new Set(applied.map(({ name }) => name));
  return migrations.filter(({ name }) => !done.has(name));
};

const mismatch = (message: string): SluiceError => new SluiceError('internal', message, { retry: false });

/** Of the text for this database alone: the other's may be corrected. */
const checksumOf = (migration: Migration, kind: Database['kind']): string =>
  new Bun.CryptoHasher('sha256').update(migration[kind]).digest('hex');

const requireOrder = (migrations: readonly Migration[]): void => {
  for (const [at, { name }] of migrations.entries()) {
    if (!/^\d{4}-[a-z0-9-]+$/.test(name)) throw new TypeError(`A migration is named as 0001-what-it-does, not ${name}.`);
    if (at > 0 && name <= migrations[at - 1]!.name) throw new TypeError(`The migration ${name} is out of order.`);
  }
};

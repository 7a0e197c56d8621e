import { SluiceError } from 'sluice/kit';
import type { Transaction } from '../../storage/sql/database.ts';
import { sql } from '../../storage/sql/statement.ts';
import type { Kind } from '../records/kinds.ts';
import type { Actor } from './actor.ts';
import { appendAudit, type AuditAction } from './audit-chain.ts';
import { Reading, type Where } from './reading.ts';
import { storedOf, type Stored, type StoredRow } from './stored.ts';

/** One change of one thing: of a new one there is no `before`, of one that is gone no `after`. */
export interface Written {
  readonly kind: string;
  readonly before: unknown;
  readonly after: unknown;
}

/**
 * Changes things inside one transaction. Whatever is changed here is in the audit log and told to every gateway; there is
 * no other way to write.
 */
export class Writing extends Reading {
  readonly #tx: Transaction;
  readonly #actor: Actor;
  readonly #now: number;
  /** For the audit log, in the order in which they were made. */
  readonly #changes: (() => Promise<void>)[] = [];
  readonly #written: Written[] = [];

  constructor(tx: Transaction, actor: Actor, now: number) {
    super(tx);
    this.#tx = tx;
    this.#actor = actor;
    this.#now = now;
  }

  /** Unix milliseconds: the same for all that this transaction changes. */
  get now(): number {
    return this.#now;
  }

  /** All that was changed so far. */
  get written(): readonly Written[] {
    return this.#written;
  }

  /** For what is no kind of its own. */
  get tx(): Transaction {
    return this.#tx;
  }

  /** @throws SluiceError `conflict` where the id is taken */
  async insert<T>(kind: Kind<T>, id: string, data: T): Promise<Stored<T>> {
    const columns = Object.entries(kind.columns(data));
    const names = columns.map(([name]) => sql`, ${sql.name(name)}`);
    const values = columns.map(([, value]) => sql`, ${value}`);
    const inserted = await this.#tx.run(
      sql`insert into ${sql.name(kind.table)} (id, version, data, created_at, created_by, updated_at, updated_by${together(names)})
          values (${id}, ${1}, ${JSON.stringify(data)}, ${this.#now}, ${this.#actor.by}, ${this.#now}, ${this.#actor.by}${together(values)})
          on conflict (id) do nothing`,
    );
    if (inserted === 0) throw new SluiceError('conflict', `There is already a ${words(kind)} with this id.`, { retry: false });
    await this.#changed(kind, id, 'created', undefined, data);
    return {
      id,
      version: 1,
      data,
      createdAt: this.#now,
      createdBy: this.#actor.by,
      updatedAt: this.#now,
      updatedBy: this.#actor.by,
    };
  }

  /**
   * @param change gets what is stored now, and gives what is to be stored instead; the same object: nothing is written
   * @throws SluiceError `not_found`
   */
  async update<T>(kind: Kind<T>, id: string, change: (data: T) => T, action: AuditAction = 'updated'): Promise<Stored<T>> {
    const before = await this.#locked(kind, id);
    if (!before) throw notFound(kind, id);
    const data = change(before.data);
    if (data === before.data) return before;
    const set = Object.entries(kind.columns(data)).map(([name, value]) => sql`, ${sql.name(name)} = ${value}`);
    const version = before.version + 1;
    await this.#tx.run(
      sql`update ${sql.name(kind.table)} set version = ${version}, data = ${JSON.stringify(data)}, updated_at = ${this.#now},
          updated_by = ${this.#actor.by}${together(set)} where id = ${id}`,
    );
    await this.#changed(kind, id, action, before.data, data);
    return { ...before, version, data, updatedAt: this.#now, updatedBy: this.#actor.by };
  }

  /** Made where there is none. @param change gets `undefined` there */
  async put<T>(kind: Kind<T>, id: string, change: (data: T | undefined) => T): Promise<Stored<T>> {
    if (await this.#locked(kind, id)) return this.update(kind, id, change);
    try {
      return await this.insert(kind, id, change(undefined));
    } catch (cause) {
      // Another one made it at the same moment: it is committed now, and there to be changed.
      if (!SluiceError.is(cause) || cause.code !== 'conflict') throw cause;
      return this.update(kind, id, change);
    }
  }

  /** Undefined: there was none. */
  async remove<T>(kind: Kind<T>, id: string): Promise<Stored<T> | undefined> {
    const before = await this.#locked(kind, id);
    if (!before) return undefined;
    await this.#tx.run(sql`delete from ${sql.name(kind.table)} where id = ${id}`);
    await this.#changed(kind, id, 'deleted', before.data, undefined);
    return before;
  }

  /**
   * However many there are.
   * @throws TypeError where nothing is asked of them: a condition that was forgotten must not empty a table
   */
  async removeAll<T>(kind: Kind<T>, where: Where): Promise<readonly Stored<T>[]> {
    if (!says(where)) throw new TypeError(`Which of all ${words(kind)}s?`);
    const removed: Stored<T>[] = [];
    for (;;) {
      const some = await this.find(kind, where);
      for (const { id } of some) {
        const before = await this.remove(kind, id);
        if (before) removed.push(before);
      }
      if (some.length === 0) return removed;
    }
  }

  /**
   * Writes the audit log of all this, as the last thing that the transaction does: everybody writes at the end of one log,
   * and who held that end and then waited for a row would stop all the others, or wait for one of them for ever (FP-12).
   */
  async finish(): Promise<void> {
    for (const write of this.#changes.splice(0)) await write();
  }

  async #locked<T>(kind: Kind<T>, id: string): Promise<Stored<T> | undefined> {
    // Two changes of one thing must not both begin with what was there before: the second waits for the first.
    await this.#tx.run(sql`update ${sql.name(kind.table)} set version = version where id = ${id}`);
    const row = await this.#tx.one<StoredRow>(sql`select * from ${sql.name(kind.table)} where id = ${id}`);
    return row && storedOf<T>(row);
  }

  async #changed<T>(kind: Kind<T>, id: string, action: AuditAction, before: T | undefined, after: T | undefined): Promise<void> {
    this.#written.push({ kind: kind.name, before, after });
    await this.#tx.announce(`${kind.name}:${id}`);
    if (kind.unaudited) return;
    this.#changes.push(() => appendAudit(this.#tx, this.#actor, { kind, id, action, before, after, at: this.#now }));
  }
}

const together = (parts: readonly ReturnType<typeof sql>[]) => parts.reduce((all, part) => sql`${all}${part}`, sql``);

/** Whether a condition leaves anything out. */
const says = ({ is = {}, contains = {}, below = {}, from = {}, anyOf, allOf = [] }: Where): boolean =>
  [is, contains, below, from].some((part) => Object.values(part).some((value) => value !== undefined)) ||
  anyOf?.every(says) === true ||
  allOf.some(says);

const words = ({ name }: { name: string }): string => name.replaceAll('_', ' ');

export const notFound = (kind: { name: string }, id: string): SluiceError =>
  new SluiceError('not_found', `There is no ${words(kind)} ${JSON.stringify(id.slice(0, 200))}.`);

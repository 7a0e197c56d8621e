import type { Database, Transaction } from '../storage/sql/database.ts';
import { sql } from '../storage/sql/statement.ts';
import type { Charge, SpendEvent } from './event.ts';
import { Exclusive } from './exclusive.ts';
import { clearedPeriod } from './ledger/set-at.ts';
import { storedSubject } from './ledger/names.ts';
import { spendLock } from './ledger/spend-lock.ts';
import { idOf, Waiting } from './waiting.ts';

/** What a subject spent since a moment; 0: since ever. */
export interface SpendKey {
  readonly subject: string;
  /** Unix milliseconds. */
  readonly periodStart: number;
}

interface Sum extends SpendKey {
  readonly nanodollars: number;
}

export type Changed = Sum & { readonly updatedAt: number };

interface Row {
  readonly subject: string;
  readonly period_start: number;
  readonly nanodollars: number;
  readonly updated_at: number;
}

/** What was spent is now so much. Without a period: in all of them, of the subject and of its parts. */
export interface WasSet {
  readonly subject: string;
  readonly periodStart?: number;
  readonly nanodollars: number;
}

export interface SpendTotalsOptions {
  /** Unix milliseconds. */
  readonly now: () => number;
  readonly onFailure: (cause: unknown) => void;
  /** Told of what was set, here or at another gateway, once it is so; with what was spent here meanwhile. */
  readonly onSet?: (set: WasSet) => void;
  /** Writes what waits here to the ledger (`writing`). Before something is set, and where somebody is about to move it. */
  readonly ship?: () => Promise<void>;
}

/** The most sums that wait. Clients make up the names of their own customers, so there must be an end. */
const maxWaiting = 200_000;
const perStatement = 100;
/** Read at a time of what others wrote, and in all; the rest comes the next time. */
const [perPage, maxChanged] = [5000, 200_000];

/**
 * What was spent, in nano-dollars: what the ledger has written, and what waits here to be. Calls are added when they are over;
 * when the ledger has them they are in the database's counters, which nobody else adds to.
 */
export class SpendTotals {
  readonly #database: Database;
  readonly #now: () => number;
  readonly #onFailure: (cause: unknown) => void;
  readonly #ship: () => Promise<void>;
  readonly #waiting = new Waiting(maxWaiting);
  readonly #turns = new Exclusive();
  #full = false;

  /** What is being set here, as it is announced. */
  readonly #setting = new Set<string>();
  /** Ends listening to what others set. */
  readonly close: () => void;

  constructor(database: Database, { now, onFailure, onSet = () => {}, ship = async () => {} }: SpendTotalsOptions) {
    this.#database = database;
    this.#now = now;
    this.#onFailure = onFailure;
    this.#ship = ship;
    this.close = database.onAnnounced((text) => {
      const set = readSet(text);
      if (!set) return;
      const { subject, periodStart, nanodollars } = set;
      // What waits here was spent before it was set elsewhere, and is part of that.
      if (!this.#setting.has(text!)) for (const key of this.#waitingOf(set)) this.#waiting.drop(key);
      onSet(periodStart === undefined ? set : { ...set, nanodollars: nanodollars + this.#waiting.of({ subject, periodStart }) });
    });
  }

  /** What is spent, as soon as it is sure that it will be written. */
  add(key: SpendKey, nanodollars: number): void {
    if (nanodollars === 0) return;
    if (this.#waiting.add(storedKey(key), nanodollars)) {
      this.#full = false;
      return;
    }
    if (!this.#full) this.#onFailure(new Error(`${maxWaiting} sums wait to be written: what others spend is not counted until they are.`));
    this.#full = true;
  }

  /**
   * Writes events that were added here, so that no read counts them twice, or not at all. What could not be written waits on.
   * @throws what `write` throws
   */
  writing<T>(events: readonly Pick<SpendEvent, 'charges' | 'nanodollars'>[], write: () => Promise<T>): Promise<T> {
    return this.#turns.write(async () => {
      const written = await write();
      for (const { charges, nanodollars } of events) this.settled(charges, nanodollars);
      return written;
    });
  }

  /** So much of what was added is written by now. In `writing` that is done. */
  settled(charges: readonly Charge[], nanodollars: number): void {
    if (nanodollars === 0) return;
    for (const [subject, periodStart] of charges) this.#waiting.settle(storedKey({ subject, periodStart }), nanodollars);
  }

  /** Whether the database knows all that a subject spent here. */
  isStored(subject: string): boolean {
    return !this.#waiting.hasSubject(storedSubject(subject));
  }

  /** What is written, and what waits here, by subject: one period of each. */
  of(keys: readonly SpendKey[]): Promise<ReadonlyMap<string, number>> {
    // Two of one subject (a key and the one that it was made for) are one.
    const wanted = [...new Map(keys.map((key) => [idOf(key), { ...storedKey(key), name: key.subject }])).values()];
    return this.#turns.read(async () => {
      const written = new Map<string, number>();
      for (let at = 0; at < wanted.length; at += perStatement) {
        const some = wanted
          .slice(at, at + perStatement)
          .map(({ subject, periodStart }) => sql`(subject = ${subject} and period_start = ${periodStart})`);
        const rows = await this.#database.all<Row>(sql`select subject, nanodollars from spend_totals where ${sql.join(some, ' or ')}`);
        for (const row of rows) written.set(row.subject, row.nanodollars);
      }
      const found = new Map<string, number>();
      for (const key of wanted) {
        const here = this.#waiting.of(key);
        const there = written.get(key.subject);
        if (there !== undefined || here !== 0) found.set(key.name, (there ?? 0) + here);
      }
      return found;
    });
  }

  /**
   * What was written since a moment, by whichever gateway, with what waits here.
   * @param since Unix milliseconds
   */
  changedSince(since: number): Promise<readonly Changed[]> {
    return this.#turns.read(async () => {
      const rows: Row[] = [];
      for (let last: Row | undefined; rows.length < maxChanged;) {
        // Behind the last one, for one flush writes thousands of rows at one moment.
        const after: ReturnType<typeof sql> = last
          ? sql`(updated_at > ${last.updated_at} or (updated_at = ${last.updated_at} and (subject > ${last.subject}
              or (subject = ${last.subject} and period_start > ${last.period_start}))))`
          : sql`updated_at >= ${since}`;
        const some = await this.#database.all<Row>(
          sql`select subject, period_start, nanodollars, updated_at from spend_totals where ${after} and period_start >= 0
              order by updated_at, subject, period_start limit ${perPage}`,
        );
        rows.push(...some);
        if (some.length < perPage) break;
        last = some.at(-1);
      }
      return rows.map(({ subject, period_start: periodStart, nanodollars, updated_at: updatedAt }) => ({
        subject,
        periodStart,
        nanodollars: nanodollars + this.#waiting.of({ subject, periodStart }),
        updatedAt,
      }));
    });
  }

  /**
   * Sets it, whatever it was: what ended until now is part of it, also where a gateway writes that later. What is spent here
   * while this is written counts on.
   */
  async set(key: SpendKey, nanodollars: number): Promise<void> {
    const { subject, periodStart } = storedKey(key);
    await this.#instead({ subject, periodStart, nanodollars }, async (tx, at) => {
      await tx.run(sql`insert into spend_totals (subject, period_start, nanodollars, updated_at, set_at, set_nanodollars)
        values (${subject}, ${periodStart}, ${nanodollars}, ${at}, ${at}, ${nanodollars})
        on conflict (subject, period_start) do update set nanodollars = excluded.nanodollars, updated_at = excluded.updated_at,
          set_at = excluded.set_at, set_nanodollars = excluded.set_nanodollars, gone_nanodollars = 0`);
      await tx.run(sql`delete from spend_charges where subject = ${subject} and period_start = ${periodStart}`);
    });
  }

  /** Sets all that is counted of a subject, and of parts of it (`key:ab12/model:…`), to nothing. @returns what that was */
  async clear(subject: string): Promise<readonly SpendKey[]> {
    const stored = storedSubject(subject);
    const part = `${stored}/`;
    const ofSubject = sql`(subject = ${stored} or substr(subject, 1, length(${part})) = ${part})`;
    const waiting = this.#waiting.keysOf(stored);
    return this.#instead({ subject: stored, nanodollars: 0 }, async (tx, at) => {
      // Counters that are not there yet, for what a gateway writes later.
      await tx.run(sql`insert into spend_totals (subject, period_start, nanodollars, updated_at, set_at)
        values (${stored}, ${clearedPeriod}, 0, ${at}, ${at})
        on conflict (subject, period_start) do update set updated_at = excluded.updated_at, set_at = excluded.set_at`);
      const rows = await tx.all<Row>(
        sql`select subject, period_start from spend_totals where ${ofSubject} and period_start <> ${clearedPeriod}`,
      );
      await tx.run(sql`update spend_totals set nanodollars = 0, updated_at = ${at}, set_at = ${at}, set_nanodollars = 0,
        gone_nanodollars = 0 where ${ofSubject} and period_start <> ${clearedPeriod}`);
      await tx.run(sql`delete from spend_charges where ${ofSubject}`);
      return [...waiting, ...rows.map(({ subject: of, period_start: periodStart }) => ({ subject: of, periodStart }))];
    });
  }

  /** Writes what waits. What could not be written waits on. */
  flush(): Promise<void> {
    return this.#ship();
  }

  /** Something is set in the place of what waits, which waits on if that fails. */
  async #instead<R>(set: WasSet, write: (tx: Transaction, at: number) => Promise<R>): Promise<R> {
    // What waits is written first where it can be; what cannot is told from what comes later by when it ended.
    await this.#ship().catch(this.#onFailure);
    return this.#turns.write(async () => {
      const text = announced + JSON.stringify(set);
      const takeBack = this.#waitingOf(set).map((key) => this.#waiting.drop(key));
      const at = Math.floor(this.#now());
      this.#setting.add(text);
      try {
        return await this.#database.transaction(async (tx) => {
          // Nobody adds to it meanwhile.
          await tx.lock(spendLock);
          const written = await write(tx, at);
          await tx.announce(text);
          return written;
        });
      } catch (cause) {
        for (const back of takeBack) back();
        throw cause;
      } finally {
        this.#setting.delete(text);
      }
    });
  }

  #waitingOf({ subject, periodStart }: WasSet): readonly SpendKey[] {
    return periodStart === undefined ? this.#waiting.keysOf(subject) : [{ subject, periodStart }];
  }
}

const storedKey = ({ subject, periodStart }: SpendKey): SpendKey => ({ subject: storedSubject(subject), periodStart });

const announced = 'spend:';

const readSet = (text: string | undefined): WasSet | undefined =>
  text?.startsWith(announced) ? (JSON.parse(text.slice(announced.length)) as WasSet) : undefined;

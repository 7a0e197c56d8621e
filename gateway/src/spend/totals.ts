import type { Database, Transaction } from '../storage/sql/database.ts';
import { sql } from '../storage/sql/statement.ts';

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
}

/** The most sums that wait to be written; the next one has all of them written at once. */
const maxWaiting = 20_000;
/** And that wait while nothing can be written. Clients make up the names of their own customers, so there must be an end. */
const maxKept = 200_000;
const perStatement = 100;
/** Short, so that gateways that write at the same time do not wait long for each other. */
const perTransaction = 2000;
/** Read at a time of what others wrote, and in all; the rest comes the next time. */
const [perPage, maxChanged] = [5000, 200_000];
/** How often a read is made until nothing was written meanwhile. */
const maxReads = 4;
/** After a failure. */
const restMs = 1000;

/**
 * What was spent, in nano-dollars, kept in memory until the next flush and then added to the database's: sums, so that the
 * order in which gateways write does not matter.
 */
export class SpendTotals {
  readonly #database: Database;
  readonly #now: () => number;
  readonly #onFailure: (cause: unknown) => void;
  #waiting = new Sums();
  /** On their way to the database. */
  #leaving = new Sums();
  #flushing: Promise<void> | undefined;
  #flushes = 0;
  #full = false;
  /** Until when nobody tries to write because there is much that waits: all of it would be carried there and back each time. */
  #restsUntil = 0;

  /** What is being set here, as it is announced. */
  readonly #setting = new Set<string>();
  /** Ends listening to what others set. */
  readonly close: () => void;

  constructor(database: Database, { now, onFailure, onSet = () => {} }: SpendTotalsOptions) {
    this.#database = database;
    this.#now = now;
    this.#onFailure = onFailure;
    this.close = database.onAnnounced((text) => {
      const set = readSet(text);
      if (!set) return;
      const { subject, periodStart, nanodollars } = set;
      // What waits here was spent before it was set elsewhere, and would be added to that.
      if (!this.#setting.has(text!)) for (const key of this.#waitingOf(set)) this.#waiting.delete(key);
      onSet(periodStart === undefined ? set : { ...set, nanodollars: nanodollars + this.#hereOf({ subject, periodStart }) });
    });
  }

  add(key: SpendKey, nanodollars: number): void {
    if (nanodollars === 0) return;
    this.#keep(key, nanodollars);
    if (this.#waiting.size >= maxWaiting && this.#now() >= this.#restsUntil) this.flush().catch(this.#onFailure);
  }

  /** Whether the database knows all that a subject spent here. */
  isStored(subject: string): boolean {
    return !this.#waiting.hasSubject(subject) && !this.#leaving.hasSubject(subject);
  }

  /** What is written, and what waits here, by subject: one period of each. */
  of(keys: readonly SpendKey[]): Promise<ReadonlyMap<string, number>> {
    // Two of one subject (a key and the one that it was made for) are one.
    const wanted = [...new Map(keys.map((key) => [idOf(key), key])).values()];
    return this.#steady(async () => {
      const found = new Map<string, number>();
      for (let at = 0; at < wanted.length; at += perStatement) {
        const some = wanted
          .slice(at, at + perStatement)
          .map(({ subject, periodStart }) => sql`(subject = ${subject} and period_start = ${periodStart})`);
        const rows = await this.#database.all<Row>(sql`select subject, nanodollars from spend_totals where ${sql.join(some, ' or ')}`);
        for (const row of rows) found.set(row.subject, row.nanodollars);
      }
      return () => {
        for (const key of wanted) {
          const here = this.#hereOf(key);
          if (here !== 0) found.set(key.subject, (found.get(key.subject) ?? 0) + here);
        }
        return found;
      };
    });
  }

  /**
   * What was written since a moment, by whichever gateway, with what waits here.
   * @param since Unix milliseconds
   */
  changedSince(since: number): Promise<readonly Changed[]> {
    return this.#steady(async () => {
      const rows: Row[] = [];
      for (let last: Row | undefined; rows.length < maxChanged;) {
        // Behind the last one, for one flush writes thousands of rows at one moment.
        const after: ReturnType<typeof sql> = last
          ? sql`(updated_at > ${last.updated_at} or (updated_at = ${last.updated_at} and (subject > ${last.subject}
              or (subject = ${last.subject} and period_start > ${last.period_start}))))`
          : sql`updated_at >= ${since}`;
        const some = await this.#database.all<Row>(
          sql`select subject, period_start, nanodollars, updated_at from spend_totals where ${after}
              order by updated_at, subject, period_start limit ${perPage}`,
        );
        rows.push(...some);
        if (some.length < perPage) break;
        last = some.at(-1);
      }
      return () =>
        rows.map(({ subject, period_start: periodStart, nanodollars, updated_at: updatedAt }) => ({
          subject,
          periodStart,
          nanodollars: nanodollars + this.#hereOf({ subject, periodStart }),
          updatedAt,
        }));
    });
  }

  /**
   * Sets it, whatever it was. What is spent here while this is written counts on; what other gateways have not written yet
   * is dropped there.
   */
  async set(key: SpendKey, nanodollars: number): Promise<void> {
    // What is on its way now was spent before, and would be added to what is set.
    await this.#flushing?.catch(() => {});
    await this.#instead([key], { ...key, nanodollars }, (tx) =>
      tx.run(sql`insert into spend_totals (subject, period_start, nanodollars, updated_at)
        values (${key.subject}, ${key.periodStart}, ${nanodollars}, ${this.#at})
        on conflict (subject, period_start) do update set nanodollars = ${nanodollars}, updated_at = ${this.#at}`),
    );
  }

  /** Sets all that is counted of a subject, and of parts of it (`key:ab12/model:…`), to nothing. @returns what that was */
  async clear(subject: string): Promise<readonly SpendKey[]> {
    await this.#flushing?.catch(() => {});
    const part = `${subject}/`;
    const set: WasSet = { subject, nanodollars: 0 };
    const waiting = this.#waitingOf(set);
    const ofSubject = sql`(subject = ${subject} or substr(subject, 1, length(${part})) = ${part})`;
    return this.#instead(waiting, set, async (tx) => {
      const rows = await tx.all<Row>(sql`select subject, period_start from spend_totals where ${ofSubject}`);
      await tx.run(sql`update spend_totals set nanodollars = 0, updated_at = ${this.#at} where ${ofSubject}`);
      return [...waiting, ...rows.map(({ subject: of, period_start: periodStart }) => ({ subject: of, periodStart }))];
    });
  }

  /** Writes what waits. What could not be written waits on. */
  flush(): Promise<void> {
    return (this.#flushing ??= this.#write().finally(() => (this.#flushing = undefined)));
  }

  async #write(): Promise<void> {
    if (this.#waiting.size === 0) return;
    this.#flushes++;
    this.#leaving = this.#waiting;
    this.#waiting = new Sums();
    this.#full = false;
    try {
      const sums = this.#leaving.all().toSorted(inOrder);
      for (let at = 0; at < sums.length; at += perTransaction) {
        const some = sums.slice(at, at + perTransaction);
        await this.#database.transaction(async (tx) => {
          for (let from = 0; from < some.length; from += perStatement) await tx.run(this.#adding(some.slice(from, from + perStatement)));
        });
        for (const sum of some) this.#leaving.delete(sum);
      }
    } catch (cause) {
      this.#restsUntil = this.#now() + restMs;
      throw cause;
    } finally {
      const left = this.#leaving.all();
      this.#leaving = new Sums();
      for (const sum of left) this.#keep(sum, sum.nanodollars);
    }
  }

  #adding(sums: readonly Sum[]) {
    const at = this.#at;
    const rows = sums.map(({ subject, periodStart, nanodollars }) => sql`(${subject}, ${periodStart}, ${nanodollars}, ${at})`);
    return sql`insert into spend_totals (subject, period_start, nanodollars, updated_at) values ${sql.join(rows, ', ')}
      on conflict (subject, period_start) do update
      set nanodollars = spend_totals.nanodollars + excluded.nanodollars, updated_at = excluded.updated_at`;
  }

  /** Something is written in the place of what waits, which waits on if that fails. */
  async #instead<R>(keys: readonly SpendKey[], set: WasSet, write: (tx: Transaction) => Promise<R>): Promise<R> {
    const text = announced + JSON.stringify(set);
    const before = keys.map((key) => this.#waiting.delete(key)).filter((sum) => sum !== undefined);
    this.#flushes++;
    this.#setting.add(text);
    try {
      return await this.#database.transaction(async (tx) => {
        const written = await write(tx);
        await tx.announce(text);
        return written;
      });
    } catch (cause) {
      for (const sum of before) this.#keep(sum, sum.nanodollars);
      throw cause;
    } finally {
      this.#setting.delete(text);
    }
  }

  #waitingOf({ subject, periodStart }: WasSet): readonly SpendKey[] {
    if (periodStart !== undefined) return this.#waiting.has({ subject, periodStart }) ? [{ subject, periodStart }] : [];
    return this.#waiting.all().filter((each) => each.subject === subject || each.subject.startsWith(`${subject}/`));
  }

  /** Where there is no room for another one, it is lost, and that is told. */
  #keep(key: SpendKey, nanodollars: number): void {
    if (this.#waiting.size >= maxKept && !this.#waiting.has(key)) {
      if (!this.#full) this.#onFailure(new Error(`${maxKept} sums wait to be written: what others spend is not counted until they are.`));
      this.#full = true;
      return;
    }
    this.#waiting.add(key, nanodollars);
  }

  #hereOf(key: SpendKey): number {
    return this.#waiting.of(key) + this.#leaving.of(key);
  }

  get #at(): number {
    return Math.floor(this.#now());
  }

  /**
   * A read while something is written may have seen it or not: then it is made again, a few times. Writes are seconds apart.
   * @param read gives what adds what waits here, at that moment
   */
  async #steady<R>(read: () => Promise<() => R>): Promise<R> {
    for (let left = maxReads; ; left--) {
      await this.#flushing?.catch(() => {});
      const before = this.#flushes;
      const finish = await read();
      if (before === this.#flushes || left <= 1) return finish();
    }
  }
}

/** Sums by subject and period, and which subjects there are. */
class Sums {
  readonly #sums = new Map<string, Sum>();
  /** How many of each. */
  readonly #subjects = new Map<string, number>();

  get size(): number {
    return this.#sums.size;
  }

  all(): Sum[] {
    return [...this.#sums.values()];
  }

  has(key: SpendKey): boolean {
    return this.#sums.has(idOf(key));
  }

  hasSubject(subject: string): boolean {
    return this.#subjects.has(subject);
  }

  of(key: SpendKey): number {
    return this.#sums.get(idOf(key))?.nanodollars ?? 0;
  }

  add({ subject, periodStart }: SpendKey, nanodollars: number): void {
    const id = idOf({ subject, periodStart });
    const before = this.#sums.get(id);
    if (!before) this.#subjects.set(subject, (this.#subjects.get(subject) ?? 0) + 1);
    this.#sums.set(id, { subject, periodStart, nanodollars: (before?.nanodollars ?? 0) + nanodollars });
  }

  delete(key: SpendKey): Sum | undefined {
    const id = idOf(key);
    const found = this.#sums.get(id);
    if (!found) return undefined;
    this.#sums.delete(id);
    const others = this.#subjects.get(found.subject)! - 1;
    if (others === 0) this.#subjects.delete(found.subject);
    else this.#subjects.set(found.subject, others);
    return found;
  }
}

const announced = 'spend:';

const readSet = (text: string | undefined): WasSet | undefined =>
  text?.startsWith(announced) ? (JSON.parse(text.slice(announced.length)) as WasSet) : undefined;

const idOf = ({ subject, periodStart }: SpendKey): string => `${periodStart} ${subject}`;

/** One order for all writers, or two gateways would wait for each other (FP-12). */
const inOrder = (a: SpendKey, b: SpendKey): number => {
  if (a.subject !== b.subject) return a.subject < b.subject ? -1 : 1;
  return a.periodStart - b.periodStart;
};

import type { Database } from '../../storage/sql/database.ts';
import { sql } from '../../storage/sql/statement.ts';
import { dayMs, dayOf } from '../ledger/day.ts';
import { contentDays, type EventDays } from '../ledger/event-days.ts';
import { recordsOf, type Columns } from '../ledger/records.ts';

/** What was said in a call, beside its row in the ledger. */
export interface Content {
  /** The event's. */
  readonly id: string;
  /** Unix milliseconds: the event's as well. */
  readonly at: number;
  readonly request: string;
  readonly answer: string;
}

export interface ContentsOptions {
  readonly database: Database;
  /** Unix milliseconds. */
  readonly now: () => number;
  readonly onFailure: (sentence: string, cause: unknown) => void;
}

/** What waits in memory; further ones are not kept. UTF-16 units. */
const maxWaitingLength = 32 * 1024 * 1024;
const perBatchLength = 2 * 1024 * 1024;

const columns: Columns = [
  ['day', 'integer'],
  ['id', 'text'],
  ['request', 'text'],
  ['answer', 'text'],
];

/**
 * Requests and answers, for gateways that keep them: a store apart from what calls cost, with a table for each day that goes
 * as a whole. They are no money: what cannot be written is told and lost.
 */
export class Contents {
  readonly #options: ContentsOptions;
  readonly #days: EventDays;
  #waiting: Content[] = [];
  #length = 0;
  #dropped = 0;
  #flushing: Promise<void> | undefined;

  constructor(options: ContentsOptions) {
    this.#options = options;
    this.#days = contentDays(options.database);
  }

  /** Never throws, never waits. */
  keep(content: Content): void {
    const length = content.request.length + content.answer.length;
    if (this.#length + length > maxWaitingLength) {
      this.#dropped++;
      return;
    }
    this.#waiting.push(content);
    this.#length += length;
  }

  flush(): Promise<void> {
    return (this.#flushing ??= this.#flush().finally(() => (this.#flushing = undefined)));
  }

  async #flush(): Promise<void> {
    const { onFailure } = this.#options;
    if (this.#dropped > 0) {
      onFailure(`${this.#dropped} requests and answers were not kept: they come faster than they can be written`, undefined);
      this.#dropped = 0;
    }
    while (this.#waiting.length > 0) {
      const batch: Content[] = [];
      for (let length = 0; length < perBatchLength && this.#waiting.length > 0;) {
        const next = this.#waiting.shift()!;
        length += next.request.length + next.answer.length;
        batch.push(next);
      }
      this.#length -= batch.reduce((sum, { request, answer }) => sum + request.length + answer.length, 0);
      try {
        await this.#write(batch);
      } catch (cause) {
        onFailure(`${batch.length} requests and answers could not be written, and are not kept`, cause);
      }
    }
  }

  async #write(batch: readonly Content[]): Promise<void> {
    const { database } = this.#options;
    const rows = batch.map(({ id, at, request, answer }) => ({ day: dayOf(at), id, request, answer }));
    const days = [...new Set(rows.map(({ day }) => day))];
    await this.#days.prepare(days);
    await database.transaction(async (tx) => {
      await this.#days.prepareInside(tx, days);
      for (const day of days)
        await tx.run(sql`insert into ${this.#days.tableOf(day)} (day, id, request, answer)
          select day, id, request, answer from ${recordsOf(
            database.kind,
            columns,
            rows.filter((row) => row.day === day),
          )} where true on conflict (day, id) do nothing`);
    });
  }

  /** Of some calls of one day. @param at Unix milliseconds */
  async of(id: string, at: number): Promise<Pick<Content, 'request' | 'answer'> | undefined> {
    const { database } = this.#options;
    const day = dayOf(at);
    if (!(await this.#days.list(database)).includes(day)) return undefined;
    return database.one(sql`select request, answer from ${this.#days.tableOf(day)} where day = ${day} and id = ${id}`);
  }

  /** Drops what is older. */
  async retain(retentionMs: number): Promise<void> {
    const { database, now } = this.#options;
    const first = dayOf(now() - retentionMs - dayMs) + 1;
    for (const day of await this.#days.list(database)) if (day < first) await database.transaction((tx) => this.#days.drop(tx, day));
    this.#days.forget();
  }
}

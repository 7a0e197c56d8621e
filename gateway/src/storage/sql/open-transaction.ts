import { AsyncLocalStorage } from 'node:async_hooks';
import type { LockOptions, Transaction, TransactionOptions } from './database.ts';
import { unavailable } from './failure.ts';
import { demandStatement, queriesOf } from './queries.ts';
import type { Execute } from './result.ts';
import type { Statement } from './statement.ts';

const defaultTransactionTimeoutMs = 60_000;

interface Open {
  readonly database: object;
  over: boolean;
}

const inside = new AsyncLocalStorage<Open>();

/**
 * In SQLite, a call on the database would wait for the transaction that it is in, for ever; in PostgreSQL it would take a
 * second connection, until none is left. So it fails at once, in both.
 */
export const refuseInside = (database: object): void => {
  const open = inside.getStore();
  if (open && open.database === database && !open.over) throw new TypeError('Inside a transaction, only `tx` is asked.');
};

/** What the two databases do in their own way. */
export interface TransactionHands {
  readonly execute: Execute;
  readonly runEach: (statements: readonly Statement[]) => Promise<readonly number[]>;
  readonly lock: (name: string, options: LockOptions) => Promise<void>;
}

/** The work of one transaction, from after its begin to before its commit. */
export interface Worked<T> {
  readonly value: T;
  readonly announced: readonly string[];
}

/**
 * Does the work, within its time. A statement that fails ends the transaction, also where the failure was caught:
 * PostgreSQL would take no other, and answer a commit with a rollback.
 * @throws what the work throws
 */
export const workInside = async <T>(
  database: object,
  hands: TransactionHands,
  work: (tx: Transaction) => Promise<T>,
  { timeoutMs = defaultTransactionTimeoutMs }: TransactionOptions,
): Promise<Worked<T>> => {
  const open: Open = { database, over: false };
  const announced = new Set<string>();
  let failure: { readonly cause: unknown } | undefined;
  let tail: Promise<unknown> = Promise.resolve();
  const usable = (): void => {
    if (open.over) throw new TypeError('The transaction is over.');
    if (failure) throw failure.cause;
  };
  /** One after the other: there is one connection. */
  const next = <R>(call: () => Promise<R>): Promise<R> => {
    const turn = tail.then(async () => {
      usable();
      try {
        return await call();
      } catch (cause) {
        failure ??= { cause };
        throw cause;
      }
    });
    tail = turn.catch(() => undefined);
    return turn;
  };
  const tx: Transaction = {
    ...queriesOf((statement: Statement, wanted) => next(() => hands.execute(statement, wanted))),
    async announce(subject) {
      usable();
      announced.add(subject);
    },
    async runEach(statements) {
      for (const each of statements) demandStatement(each);
      return next(() => hands.runEach(statements));
    },
    lock: (name, options = {}) => next(() => hands.lock(name, options)),
  };
  const late = Promise.withResolvers<never>();
  const timer =
    timeoutMs === null
      ? undefined
      : setTimeout(() => late.reject(unavailable('A transaction took too long and was rolled back.')), timeoutMs);
  try {
    const value = await Promise.race([inside.run(open, () => work(tx)), late.promise]);
    // Calls that nobody waited for belong to it.
    await Promise.race([tail, late.promise]);
    if (failure) throw failure.cause;
    return { value, announced: [...announced] };
  } finally {
    clearTimeout(timer);
    open.over = true;
  }
};

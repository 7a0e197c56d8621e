import { SluiceError } from 'sluice/kit';
import type { Statement } from './statement.ts';

/** What is wanted of a statement: its rows, or how many it changed. */
export type Wanted = 'rows' | 'changes';

export interface Result {
  readonly rows: readonly unknown[];
  readonly changes: number;
}

/** Carries out one statement. Throws what `Queries` says. */
export type Execute = (statement: Statement, wanted: Wanted) => Promise<Result>;

/** @throws beyond 2^53: a wrong number is worse than none */
export const exactNumber = (value: bigint): number => {
  const number = Number(value);
  if (!Number.isSafeInteger(number))
    throw new SluiceError('internal', 'The database holds a whole number beyond 2^53, which cannot be read exactly.', { retry: false });
  return number;
};

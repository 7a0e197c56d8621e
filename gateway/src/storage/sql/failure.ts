import { SluiceError } from 'sluice/kit';

/** A row with the same value exists. Nothing of the value is in it. */
export class UniqueViolation extends Error {
  override readonly name = 'UniqueViolation';
  /** The columns, as `keys.name` or `members.team, members.user`; the name of the index where it is over an expression. */
  readonly constraint: string;

  constructor(constraint: string) {
    super(`There is a row with the same ${constraint}.`);
    this.constraint = constraint;
  }
}

/** @param detail for logs: may name files and hosts, never values or passwords */
export const unavailable = (words: string, detail?: string): SluiceError =>
  new SluiceError('unavailable', words, detail === undefined ? {} : { detail });

/** A statement that the database does not take: a mistake of the program. Clients learn its code alone. */
export const refused = (code: string, detail: string): SluiceError =>
  new SluiceError('internal', `The database refused a statement (${code}).`, { detail, retry: false });

export const closedFailure = (): SluiceError => unavailable('The database is closed.');

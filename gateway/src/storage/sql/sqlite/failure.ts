import { SQLiteError } from 'bun:sqlite';
import { refused, unavailable, UniqueViolation } from '../failure.ts';

/** Another process writes: the call comes through a moment later. */
export const isBusy = (cause: unknown): boolean => cause instanceof SQLiteError && /^SQLITE_(?:BUSY|LOCKED)/.test(cause.code ?? '');

/** The machine's fault, not the statement's (sqlite.org/rescode.html, read 2026-11-22). */
const sick = /^SQLITE_(?:IOERR|FULL|CANTOPEN|READONLY|CORRUPT|NOTADB|NOMEM|PERM|PROTOCOL|BUSY|LOCKED|INTERRUPT)/;

export const isSick = (cause: unknown): boolean => cause instanceof SQLiteError && sick.test(cause.code ?? '');

/** Whatever SQLite threw, as what `Queries` says. Its words name tables and columns, never values. */
export const failureOf = (cause: unknown): unknown => {
  if (!(cause instanceof SQLiteError)) return cause;
  const code = cause.code ?? 'SQLITE_ERROR';
  if (code === 'SQLITE_CONSTRAINT_UNIQUE' || code === 'SQLITE_CONSTRAINT_PRIMARYKEY' || code === 'SQLITE_CONSTRAINT_ROWID') {
    const what = /failed: (?:index '(?<index>[^']+)'|(?<columns>.+))$/.exec(cause.message)?.groups;
    return new UniqueViolation(what?.['index'] ?? what?.['columns'] ?? 'value');
  }
  if (sick.test(code)) return unavailable('The database cannot be used.', `${code}: ${cause.message}`);
  return refused(code, cause.message);
};

import type { DatabaseError } from 'pg';
import { SluiceError } from 'sluice/kit';
import { refused, unavailable, UniqueViolation } from '../failure.ts';

/** What the server said, as far as it is used: its error fields (postgresql.org/docs/current/protocol-error-fields.html, read 2026-11-22). */
type ServerError = Pick<DatabaseError, 'code' | 'constraint' | 'detail' | 'message' | 'table'> & { readonly severity: string };

/** The client's own errors, and the system's, have no severity. */
const serverErrorOf = (cause: unknown): ServerError | undefined =>
  cause instanceof Error && typeof (cause as Partial<ServerError>).severity === 'string' ? (cause as Error & ServerError) : undefined;

/** Two transactions were in each other's way: one of them is done again. */
export const isConflict = (cause: unknown): boolean => ['40001', '40P01'].includes(serverErrorOf(cause)?.code ?? '');

/**
 * The server ends or refuses connections, or is one that cannot write: shut down, starting, out of connections, a standby
 * (postgresql.org/docs/current/errcodes-appendix.html, read 2026-11-22).
 */
const sick = /^(?:08...|57P0[1-5]|53...|58...|25006|28...|3D000)$/;

/** Whatever came of a statement, as what `Queries` says. No value is in it. */
export const failureOf = (cause: unknown): unknown => {
  if (SluiceError.is(cause) || cause instanceof TypeError) return cause;
  const server = serverErrorOf(cause);
  if (!server) return unavailable('The database is not reachable.', whyOf(cause));
  const code = server.code ?? 'XX000';
  if (code === '23505') return new UniqueViolation(constraintOf(server));
  if (code === '57014') return unavailable('The database took too long.');
  if (code === '55P03' || isConflict(cause)) return unavailable('Too many calls change the same in the database.');
  if (sick.test(code)) return unavailable('The database is not reachable.', whyOf(cause));
  // Those of syntax and of constraints name tables and columns; others show the value that they are about.
  return refused(code, /^(?:42|23)/.test(code) ? server.message : `error ${code}`);
};

/** For logs: the system's words name hosts, the server's the user. Neither holds the password. */
export const whyOf = (cause: unknown): string => {
  if (SluiceError.is(cause)) return cause.detail ?? cause.message;
  if (!(cause instanceof Error)) return 'unknown';
  const { code } = cause as { readonly code?: unknown };
  return [typeof code === 'string' ? code : '', cause.message].filter((each) => each !== '').join(': ');
};

/** As SQLite names it: by its columns, which the detail has in any language (`Key (team, name)=(…) …`). */
const constraintOf = ({ constraint = 'value', detail = '', table }: ServerError): string => {
  const columns = /\((?<columns>[a-z0-9_, ]+)\)=\(/.exec(detail)?.groups?.['columns'];
  if (columns === undefined || table === undefined) return constraint;
  return columns
    .split(', ')
    .map((column) => `${table}.${column}`)
    .join(', ');
};

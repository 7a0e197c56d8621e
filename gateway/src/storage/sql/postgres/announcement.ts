import { sql, type Statement } from '../statement.ts';

/** Bytes that a notification may carry (postgresql.org/docs/current/sql-notify.html, read 2026-11-22): fewer than 8000. */
const maxBytes = 7999;

/** More at once than are worth telling one by one. */
const maxSubjects = 1000;
const perStatement = 100;

/** What tells others on the server of it, once it is committed. */
export const notificationsOf = (origin: string, subjects: readonly string[]): Statement[] => {
  const payloads = subjects.length > maxSubjects ? [origin] : subjects.map((subject) => payloadOf(origin, subject));
  const statements: Statement[] = [];
  for (let from = 0; from < payloads.length; from += perStatement) {
    const calls = payloads.slice(from, from + perStatement).map((payload) => sql`pg_notify(${'sluice'}, ${payload})`);
    statements.push(sql`select ${sql.join(calls, ', ')}`);
  }
  return statements;
};

/** Who tells it, and what; without the subject where it is too long, which means: forget everything. */
const payloadOf = (origin: string, subject: string): string => {
  const payload = `${origin} ${subject}`;
  return Buffer.byteLength(payload) > maxBytes ? origin : payload;
};

/** @returns undefined for what is not an announcement of the gateway's */
export const readPayload = (payload: string): { readonly origin: string; readonly subject: string | undefined } | undefined => {
  const parts = /^(?<origin>[0-9a-f-]{36})(?: (?<subject>[^]*))?$/.exec(payload)?.groups;
  return parts && { origin: parts['origin']!, subject: parts['subject'] };
};

import { exactNumber } from '../result.ts';

type Parse = (text: string) => unknown;

const whole: Parse = (text) => exactNumber(BigInt(text));
const decimal: Parse = (text) => (/^-?\d+$/.test(text) ? whole(text) : Number(text));
const bytes: Parse = (text) => Uint8Array.fromHex(text.slice(2));

/** By the numbers of the server's types (pg_type.dat of its sources, PostgreSQL 15, read 2026-11-22). What is not here is text: JSON too. */
const parsers = new Map<number, Parse>([
  [16, (text) => (text === 't' ? 1 : 0)], // bool
  [17, bytes], // bytea
  [20, whole], // int8
  [21, Number], // int2
  [23, Number], // int4
  [26, Number], // oid
  [700, Number], // float4
  [701, Number], // float8
  [1700, decimal], // numeric
]);

const text: Parse = (value) => value;

/** Rows as `Queries` promises them: the same as from SQLite. */
export const rowTypes = { getTypeParser: (type: number): Parse => parsers.get(type) ?? text };

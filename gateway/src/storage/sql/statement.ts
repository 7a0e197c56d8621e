import { SluiceError } from 'sluice/kit';

/**
 * What can be bound. Booleans are stored as 0 and 1, moments as unix milliseconds, JSON as its text. A number beyond 2^53 is
 * a floating one; bind a bigint where it must be exact.
 */
export type SqlValue = string | number | bigint | boolean | null | Uint8Array;

const key = Symbol('statement');

/** A statement with its bound values. Made by `sql` alone. */
export class Statement {
  /** What stands around the values: one more than there are values. */
  readonly texts: readonly string[];
  readonly values: readonly SqlValue[];

  constructor(made: typeof key, texts: readonly string[], values: readonly SqlValue[]) {
    if (made !== key) throw new TypeError('A statement is written as sql`…`.');
    this.texts = texts;
    this.values = values;
  }
}

const separators: ReadonlySet<string> = new Set([', ', ' and ', ' or ', ' union all ']);

/** Texts that were looked at. They are parts of the program, so there is an end to them. */
const checked = new WeakSet<TemplateStringsArray>();

const check = (texts: TemplateStringsArray): void => {
  if (checked.has(texts)) return;
  if (!Array.isArray(texts) || !Array.isArray(texts.raw)) throw new TypeError('A statement is written as sql`…`.');
  // SQLite would carry out the first of several and say nothing of the others.
  if (/;(?=\s*\S)/.test(texts.join('?')))
    throw new TypeError('A statement is one statement, without a semicolon. A text that holds one is bound as a value.');
  checked.add(texts);
};

const bound = (value: unknown): SqlValue => {
  switch (typeof value) {
    case 'string':
      // PostgreSQL cannot store it, and what one database takes the other must take too.
      if (value.includes('\0')) throw new SluiceError('invalid_request', 'A text holds the character NUL, which cannot be stored.');
      return value.toWellFormed();
    case 'number':
      // SQLite would store null for what is not a number.
      if (!Number.isFinite(value)) throw new RangeError('A number that is bound is finite.');
      return value;
    case 'bigint':
      if (BigInt.asIntN(64, value) !== value) throw new RangeError('A bigint that is bound has 64 bits.');
      return value;
    case 'boolean':
      return value;
    default:
      if (value === null || value instanceof Uint8Array) return value;
      throw new TypeError(`Only texts, numbers, booleans, null and bytes are bound, not ${typeof value}.`);
  }
};

const build = (texts: readonly string[], values: readonly (SqlValue | Statement)[]): Statement => {
  const flat: string[] = [texts[0]!];
  const flatValues: SqlValue[] = [];
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!;
    const after = texts[at + 1]!;
    if (value instanceof Statement) {
      flat[flat.length - 1] += value.texts[0]!;
      for (let inner = 0; inner < value.values.length; inner++) {
        flatValues.push(value.values[inner]!);
        flat.push(value.texts[inner + 1]!);
      }
      flat[flat.length - 1] += after;
    } else {
      flatValues.push(bound(value));
      flat.push(after);
    }
  }
  return new Statement(key, flat, flatValues);
};

interface Sql {
  (texts: TemplateStringsArray, ...values: (SqlValue | Statement)[]): Statement;
  /** Several with something between them. @throws where there are none: an empty list is no SQL */
  join(statements: readonly Statement[], separator: ', ' | ' and ' | ' or ' | ' union all '): Statement;
  /** `(?, ?), (?, ?)`: as many values in each as there are. For many rows at once, without a statement for each. */
  tuples(rows: readonly (readonly SqlValue[])[]): Statement;
  /** The same statement once for each list of values, which stand in the places of its own. For `runEach`. */
  each(statement: Statement, rows: readonly (readonly SqlValue[])[]): readonly Statement[];
  /** A table or column of ours, written quoted. @throws unless it is in lower case, with digits and underscores */
  name(identifier: string): Statement;
  /** A whole number in the text, for places where nothing can be bound: the bounds of a partition. @throws unless it is one */
  whole(value: number): Statement;
}

const tag = (texts: TemplateStringsArray, ...values: (SqlValue | Statement)[]): Statement => {
  check(texts);
  return build(texts, values);
};

const join: Sql['join'] = (statements, separator) => {
  if (statements.length === 0) throw new TypeError('There is nothing to join.');
  if (!separators.has(separator)) throw new TypeError('Statements are joined by a comma, `and`, `or` or `union all`.');
  if (!statements.every((each) => each instanceof Statement)) throw new TypeError('Only statements are joined.');
  return build(['', ...Array.from<string>({ length: statements.length - 1 }).fill(separator), ''], statements);
};

const tuples: Sql['tuples'] = (rows) => {
  const width = rows[0]?.length ?? 0;
  if (width === 0) throw new TypeError('There are no rows.');
  const texts = ['('];
  const values: SqlValue[] = [];
  for (const row of rows) {
    if (row.length !== width) throw new TypeError('Rows have as many values each.');
    for (const value of row) {
      values.push(bound(value));
      texts.push(', ');
    }
    texts[texts.length - 1] = '), (';
  }
  texts[texts.length - 1] = ')';
  return new Statement(key, texts, values);
};

const each: Sql['each'] = (statement, rows) =>
  rows.map((row) => {
    if (row.length !== statement.values.length) throw new TypeError('There is a value for each place of the statement.');
    return new Statement(key, statement.texts, row.map(bound));
  });

const name: Sql['name'] = (identifier) => {
  if (!/^[a-z][a-z0-9_]*$/.test(identifier))
    throw new TypeError('The name of a table or column is lower case, with digits and underscores.');
  return new Statement(key, [`"${identifier}"`], []);
};

/**
 * The only way to write SQL: what is interpolated is bound, never written into the text (FP-1); nested statements are
 * spliced in.
 * ```ts
 * sql`select ${sql.name('id')} from keys where team = ${team} and ${conditions}`
 * ```
 * @throws SluiceError `invalid_request` for a text with the character NUL. Other values that cannot be bound are
 * mistakes of the program: TypeError, RangeError
 */
const whole: Sql['whole'] = (value) => {
  if (!Number.isSafeInteger(value)) throw new TypeError('Only a whole number is written into a statement.');
  return new Statement(key, [String(value)], []);
};

// A function's own `name` cannot be assigned, only defined.
export const sql: Sql = Object.defineProperties(tag, {
  join: { value: join },
  tuples: { value: tuples },
  each: { value: each },
  name: { value: name },
  whole: { value: whole },
}) as typeof tag & Sql;

/** Several statements in one text, for migrations alone: nothing can be bound in them. */
export const script = (text: string): Statement => new Statement(key, [text], []);

/** One that `sql` has made in another thread of this process (`posted.ts`), and for nothing else: its text is taken as it is. */
export const postedStatement = (texts: readonly string[], values: readonly SqlValue[]): Statement => new Statement(key, texts, values);

import type { SqlValue, Statement } from '../statement.ts';

export interface Rendered {
  readonly text: string;
  readonly values: readonly (string | null | Uint8Array)[];
}

/**
 * With `$1`, `$2` for the values. Numbers and bytes say their type, so that they mean the same wherever they stand, as in
 * SQLite; texts take the type of their place (`jsonb` too).
 */
export const render = ({ texts, values }: Statement): Rendered => ({
  text: texts.reduce((text, next, at) => `${text}$${at}${castOf(values[at - 1]!)}${next}`),
  values: values.map(wireOf),
});

const castOf = (value: SqlValue): string => {
  switch (typeof value) {
    case 'boolean':
    case 'bigint':
      return '::bigint';
    case 'number':
      return Number.isSafeInteger(value) ? '::bigint' : '::double precision';
    case 'string':
      return '';
    default:
      return value === null ? '' : '::bytea';
  }
};

const wireOf = (value: SqlValue): string | null | Uint8Array => {
  if (value === null || value instanceof Uint8Array) return value;
  return String(typeof value === 'boolean' ? Number(value) : value);
};

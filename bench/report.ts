import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** One number that is to hold. */
export interface Row {
  lane: string;
  /** Null: it could not be measured; the note says why. */
  value: number | null;
  unit: string;
  bound: number;
  holds: boolean;
  /** How it came about. */
  note?: string;
}

export const atMost = (lane: string, value: number, unit: string, bound: number, note?: string): Row => ({
  lane,
  value: rounded(value),
  unit,
  bound,
  holds: value <= bound,
  ...(note !== undefined && { note }),
});

export const atLeast = (lane: string, value: number, unit: string, bound: number, note?: string): Row => ({
  ...atMost(lane, value, unit, bound, note),
  holds: value >= bound,
});

export const unmeasured = (lane: string, unit: string, bound: number, reason: unknown): Row => ({
  lane,
  value: null,
  unit,
  bound,
  holds: false,
  note: (reason instanceof Error ? reason.message : String(reason)).replaceAll(/\s+/g, ' ').slice(0, 300),
});

const rounded = (value: number): number => Number(value.toPrecision(3));

export const table = (rows: readonly Row[]): string => {
  const cells = rows.map(({ lane, value, unit, bound, holds, note = '' }) => [
    lane,
    value === null ? '-' : String(value),
    String(bound),
    unit,
    holds ? 'holds' : 'FAILS',
    note,
  ]);
  const all = [['lane', 'value', 'bound', 'unit', '', ''], ...cells];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all
    .map((row) =>
      row
        .map((cell, column) => (column === 1 || column === 2 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
};

export const writeResults = (file: string, rows: readonly Row[]): void => {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(rows, undefined, 2)}\n`);
};

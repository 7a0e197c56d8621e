import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

export const usage = `npm run bench -- [options]

  --lanes a,b      only these (see bench/README.md); default: all
  --quick          a look in about a minute: short slices, fewer rounds and calls
  --seconds N      length of one slice of load; default 2
  --calls N        calls before memory is read; default 200000
  --launcher FILE  another checkout's gateway/bin/sluice.js
  --master         calls have the master key, and not a virtual one with limits and a budget
  --help
`;

export interface BenchOptions {
  lanes: readonly string[] | undefined;
  /** Length of one slice of load. */
  seconds: number;
  /** Slices of each side, taken in turns. */
  rounds: number;
  /** Calls before the memory is read. */
  calls: number;
  launcher: string;
  /** Calls have the master key. */
  byMaster: boolean;
}

/** @throws Error that says which option is wrong */
export const parseOptions = (args: string[]): BenchOptions | 'help' => {
  const { values } = parseArgs({
    args,
    options: {
      lanes: { type: 'string' },
      quick: { type: 'boolean', default: false },
      seconds: { type: 'string' },
      calls: { type: 'string' },
      launcher: { type: 'string', default: join(import.meta.dir, '../gateway/bin/sluice.js') },
      master: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  const launcher = resolve(values.launcher);
  if (!existsSync(launcher)) throw new Error(`There is no ${launcher}.`);
  return {
    lanes: values.lanes?.split(',').map((name) => name.trim()),
    seconds: count('seconds', values.seconds, values.quick ? 1 : 2, 60),
    rounds: values.quick ? 2 : 6,
    calls: count('calls', values.calls, values.quick ? 20_000 : 200_000, 10_000_000),
    launcher,
    byMaster: values.master,
  };
};

const count = (name: string, text: string | undefined, otherwise: number, most: number): number => {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > most) throw new Error(`--${name} is to be a whole number from 1 to ${most}.`);
  return value;
};

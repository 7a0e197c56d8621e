import type { Row } from '../report.ts';
import type { Rig } from '../rig/rig.ts';

/** One thing that is measured. */
export interface Lane {
  /** For `--lanes`. */
  name: string;
  /** What its rows are if it cannot be measured. */
  rows: readonly { lane: string; unit: string; bound: number }[];
  /** @throws Error when it cannot be measured */
  run(rig: Rig): Promise<Row[]>;
}

import { createLimit } from '../kit/limit.ts';
import { pollution, watchUncaught, type Finding } from './finding.ts';

export interface Fuzzer {
  run(index: number): Promise<Finding[]>;
}

export interface RunOptions {
  kind: Finding['kind'];
  from: number;
  count: number;
  atOnce: number;
  /** Cases that find something, after which no more are run. */
  mostFindings: number;
  /** Told before each case. */
  begin?(index: number): void;
  progress?(done: number): void;
}

/** Runs cases, and looks after each batch of them at what one case cannot see. */
export const runCases = async (
  fuzzer: Fuzzer,
  { kind, from, count, atOnce, mostFindings, begin, progress }: RunOptions,
): Promise<Finding[]> => {
  const findings: Finding[] = [];
  const uncaught = watchUncaught();
  const batch = 500;
  try {
    for (let first = from; first < from + count && findings.length < mostFindings; first += batch) {
      const limit = createLimit(atOnce);
      const last = Math.min(first + batch, from + count);
      const all = Array.from({ length: last - first }, (_, at) =>
        limit(() => {
          begin?.(first + at);
          return fuzzer.run(first + at);
        }),
      );
      for (const found of await Promise.all(all)) findings.push(...found);
      const aside = [...uncaught.taken(), pollution()].filter((problem) => problem !== undefined);
      for (const problem of aside) findings.push({ kind, index: first, problem, detail: `somewhere in the cases ${first} to ${last - 1}` });
      progress?.(last - from);
    }
  } finally {
    uncaught.stop();
  }
  return findings;
};

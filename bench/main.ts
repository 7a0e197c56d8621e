import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { headroom } from './lanes/cpu.ts';
import { lanes } from './lanes/index.ts';
import type { Lane } from './lanes/lane.ts';
import { parseOptions, usage, type BenchOptions } from './options.ts';
import { table, unmeasured, writeResults, type Row } from './report.ts';
import { killAll } from './rig/processes.ts';
import { createRig } from './rig/rig.ts';
import { ensureTools } from './rig/tools.ts';

const resultsFile = join(import.meta.dir, 'results/latest.json');
/** However it goes, it ends. A million calls take two minutes of it. */
const longestMs = 30 * 60_000;

const chosen = ({ lanes: names }: BenchOptions): readonly Lane[] => {
  const unknown = names?.filter((name) => !lanes.some((lane) => lane.name === name)) ?? [];
  if (unknown.length > 0)
    throw new Error(`There is no lane ${unknown.join(', ')}. There are: ${lanes.map(({ name }) => name).join(', ')}.`);
  return names ? lanes.filter(({ name }) => names.includes(name)) : lanes;
};

const measure = async (options: BenchOptions, directory: string): Promise<Row[]> => {
  const selected = chosen(options);
  ensureTools();
  const rig = createRig(options, directory);
  console.log(
    `${availableParallelism()} cores (${cpus()[0]?.model ?? 'unknown'}), Bun ${Bun.version}; slices of ${options.seconds} s, ${options.rounds} rounds.`,
  );
  const rows: Row[] = [];
  if (selected.some(({ name }) => /^(chat|event)/.test(name))) console.log(await headroom(rig).catch(String));
  for (const lane of selected) {
    const begun = performance.now();
    let made: Row[];
    try {
      made = await lane.run(rig);
    } catch (error) {
      made = lane.rows.map((row) => unmeasured(row.lane, row.unit, row.bound, error));
    }
    rows.push(...made);
    console.error(`${lane.name}: ${((performance.now() - begun) / 1000).toFixed(0)} s`);
  }
  return rows;
};

const main = async (): Promise<number> => {
  const options = parseOptions(process.argv.slice(2));
  if (options === 'help') {
    console.log(usage);
    return 0;
  }
  const directory = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  const stop = (code: number): void => {
    killAll();
    rmSync(directory, { recursive: true, force: true });
    process.exit(code);
  };
  process.on('SIGINT', () => stop(130));
  process.on('SIGTERM', () => stop(143));
  setTimeout(() => {
    console.error(`The bench took longer than ${longestMs / 60_000} minutes and was ended.`);
    stop(1);
  }, longestMs).unref();
  try {
    const rows = await measure(options, directory);
    console.log(`\n${table(rows)}\n`);
    writeResults(resultsFile, rows);
    const holding = rows.filter(({ holds }) => holds).length;
    console.log(`${holding} of ${rows.length} bounds hold. Written to ${resultsFile}`);
    return 0;
  } finally {
    killAll();
    rmSync(directory, { recursive: true, force: true });
  }
};

try {
  process.exit(await main());
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

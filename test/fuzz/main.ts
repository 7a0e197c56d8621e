import { createAnswerFuzzer } from './answers.ts';
import type { Finding } from './finding.ts';
import { createRequestFuzzer } from './requests.ts';
import { runCases } from './run.ts';
import { startWatchdog } from './watchdog.ts';

/* npm run fuzz [-- --seed N --count N --only request|answer --case N] */

const usage = 'npm run fuzz [-- --seed N --count N --only request|answer --case N]';
const flags = new Map<string, string>();
for (let at = 2; at < process.argv.length; at += 2) flags.set(process.argv[at] ?? '', process.argv[at + 1] ?? '');
const number = (name: string, otherwise: number): number => {
  const value = Number(flags.get(name) ?? otherwise);
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`${name} takes a whole number. ${usage}`);
  return value;
};

const only = flags.get('--only');
const unknown = [...flags.keys()].filter((name) => !['--seed', '--count', '--only', '--case'].includes(name));
if (unknown.length > 0 || (only !== undefined && only !== 'request' && only !== 'answer')) {
  console.error(usage);
  process.exit(2);
}
const seed = number('--seed', Math.floor(Math.random() * 2 ** 31));
const one = flags.has('--case') ? number('--case', 0) : undefined;
const count = one === undefined ? number('--count', 100_000) : 1;
const mostShown = 20;

console.log(`seed ${seed}`);

const findings: Finding[] = [];
const run = async (kind: Finding['kind']): Promise<void> => {
  if (only !== undefined && only !== kind) return;
  const fuzzer = kind === 'request' ? createRequestFuzzer(seed) : createAnswerFuzzer(seed);
  const watchdog = startWatchdog(`npm run fuzz -- --seed ${seed} --only ${kind} --case`);
  const startedAt = performance.now();
  let done = 0;
  const found = await runCases(fuzzer, {
    kind,
    from: one ?? 0,
    count,
    atOnce: 24,
    mostFindings: 1000,
    begin: watchdog.begin,
    progress: (cases) => {
      done = cases;
      if (process.stderr.isTTY) process.stderr.write(`\r${kind}s: ${cases} of ${count}`);
    },
  });
  watchdog.stop();
  await fuzzer.stop();
  findings.push(...found);
  console.log(
    `${process.stderr.isTTY ? '\r' : ''}${kind}s: ${done} in ${Math.round((performance.now() - startedAt) / 1000)} s, ${found.length} findings`,
  );
};

await run('request');
await run('answer');

for (const { kind, index, problem, detail } of findings.slice(0, mostShown)) {
  console.log(`\n${problem}\n  npm run fuzz -- --seed ${seed} --only ${kind} --case ${index}\n  ${detail}`);
}
if (findings.length > mostShown) console.log(`\n... and ${findings.length - mostShown} more`);
process.exit(findings.length > 0 ? 1 : 0);

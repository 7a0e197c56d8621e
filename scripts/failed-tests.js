// Says which tests failed, from the logs of the steps of `.ci/run`: `node scripts/failed-tests.js LOG...`. What was said
// before each failure comes first and the names last, so that the end of a long log tells, in no more than 60 lines.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { TestOutput } from './test-output.js';

const maxLines = 60;
const maxNames = 25;
/** A line may be a whole request. Characters. */
const maxWidth = 300;

/** @param {string[]} logs texts @returns {string[]} lines; none if nothing failed */
export const failedTests = (logs) => {
  const flaky = new Set();
  const failures = logs.flatMap((log) => {
    const output = new TestOutput();
    for (const line of log.split('\n')) {
      if (line.startsWith('flaky: ')) flaky.add(line);
      else output.line(line);
    }
    return output.failures;
  });
  const titles = failures.map(({ file, name }) => `(fail) ${file === '' ? name : `${file} > ${name}`}`);
  const failed = titles.filter((title) => !flaky.has(title.replace('(fail)', 'flaky:')));
  const names = [...failed.slice(0, maxNames), ...flaky].slice(0, maxNames + 5);
  if (failed.length > maxNames) names.push(`and ${failed.length - maxNames} more`);
  let left = maxLines - names.length;
  const words = failures.flatMap((failure, at) => {
    const own = [...failure.words, titles[at]];
    if (own.length > left) return [];
    left -= own.length;
    return own;
  });
  return [...words, ...names].map((line) => (line.length > maxWidth ? `${line.slice(0, maxWidth)}...` : line));
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const lines = failedTests(process.argv.slice(2).map((path) => readFileSync(path, 'utf8')));
  if (lines.length > 0) console.log(`\n=== what failed\n${lines.join('\n')}`);
}

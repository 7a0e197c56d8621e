// What the scripts that run tests have in common.
import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bunEnvironment, findBun } from '../gateway/bin/find-bun.js';
import { linesTo, TestOutput } from './test-output.js';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

// Tests must not see the keys of whoever runs them, nor reach their servers.
const ownKeys = /_API_KEY$|_API_BASE$|_BASE_URL$|^SLUICE_(?!RECORDINGS|SPECS|BUN)|^LITELLM_/;

// Where one of these is set, Bun does not say which tests passed (seen with 1.4.5, 2026-11-22). Here they are counted.
const quiet = /^(?:AGENT|CLAUDECODE|REPL_ID)$/;

/** The environment without the keys and addresses of providers. */
export const testEnvironment = () =>
  Object.fromEntries(Object.entries(bunEnvironment(process.env)).filter(([name]) => !ownKeys.test(name) && !quiet.test(name)));

/** The line that every run of tests ends with. */
export const summary = ({ passed, failed, skipped }) => `\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;

/** Runs a command, its output shown (`show` gets the pieces and whose they are), and gives its status. `timeoutMs`: it is ended after that. */
export const run = (
  command,
  args,
  { cwd = root, env = testEnvironment(), show = (data) => void process.stdout.write(data), timeoutMs } = {},
) =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], timeout: timeoutMs });
    const stop = (signal) => child.kill(signal);
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, stop);
    for (const from of ['stdout', 'stderr']) child[from].on('data', (data) => show(data, from));
    child.on('error', reject);
    child.on('close', (status) => {
      for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, stop);
      resolve(status ?? 1);
    });
  });

/**
 * Runs `bun test` with these arguments. `say` gets its output.
 * @returns {Promise<{ passed: number, failed: number, skipped: number, status: number, output: TestOutput }>} a run that broke has failed at least once
 */
export const runBunTests = async (args, { env = testEnvironment(), cwd = root, say = (data) => void process.stdout.write(data) } = {}) => {
  const bun = findBun();
  const output = new TestOutput();
  if (!bun.path) {
    console.error(bun.problem);
    return { passed: 0, failed: 1, skipped: 0, status: 1, output };
  }
  let tail = '';
  // Results are told on the one, what tests print is on the other.
  const results = linesTo((line) => output.line(line));
  const show = (data, from) => {
    say(data);
    if (from === 'stderr') results.push(data);
    tail = (tail + data).slice(-4000);
  };
  const status = await run(bun.path, ['test', '--timeout', '30000', ...args], { cwd, env, show });
  results.end();
  const count = (word) => Number([...tail.matchAll(new RegExp(`^\\s*(\\d+) ${word}\\b`, 'gm'))].at(-1)?.[1] ?? 0);
  return { passed: count('pass'), failed: Math.max(count('fail'), status === 0 ? 0 : 1), skipped: count('skip'), status, output };
};

/** More than a few are no accident of a busy machine. */
const maxFilesAgain = 5;

const title = ({ file, name }) => `${file} > ${name}`;

/**
 * Runs `bun test`, and once more each file in which something failed, alone, if they are few. What passes then has not
 * failed, but is told aloud: such a test wants to be mended.
 * @returns as `runBunTests`, and `lines` for the end of the output
 */
export const runBunTestsTwice = async (args, options = {}) => {
  const { say = (data) => void process.stdout.write(data), cwd = root } = options;
  const first = await runBunTests(args, options);
  const { failures, finished } = first.output;
  const files = [...new Set(failures.map(({ file }) => file))];
  const failed = failures.map((failure) => `(fail) ${title(failure)}`);
  // One that broke off has not said all that failed.
  if (files.length === 0 || files.length > maxFilesAgain || files.includes('') || !finished) return { ...first, lines: failed };

  let [passedNow, skippedNow] = [0, 0];
  const still = [];
  for (const file of files) {
    say(`\nonce more, alone: ${file}\n`);
    const again = await runBunTests([`./${file}`], { ...options, cwd });
    passedNow += again.passed;
    skippedNow += again.skipped;
    if (again.status !== 0) still.push(file);
  }
  if (still.length > 0) return { ...first, lines: failed };
  const lines = failures.map((failure) => `flaky: ${title(failure)}`);
  // Of those files, what counts is the second run: a file that could not be loaded had not run its tests at all.
  const others = (sum, byFile) => files.reduce((left, file) => left - (byFile.get(file) ?? 0), sum);
  const passed = others(first.passed, first.output.passes) + passedNow;
  const skipped = others(first.skipped, first.output.skips) + skippedNow;
  return { ...first, passed, skipped, failed: 0, status: 0, lines };
};

export const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

/** A registry that does not answer must not take the time of all tests. */
const installTimeoutMs = 240_000;

/** Installs the packages of a folder from its lock file. `scripts`: theirs are run. */
export const install = async (cwd, { scripts = true } = {}) => {
  // Its own words only when it fails: its warnings are about other people's settings.
  let said = '';
  const status = await run(npm, ['ci', ...(scripts ? [] : ['--ignore-scripts']), '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd,
    env: process.env,
    show: (data) => void (said += data),
    timeoutMs: installTimeoutMs,
  });
  if (status !== 0) console.error(said);
  return status === 0;
};

/** Ends the program once all that it said has gone through the pipe. */
export const finish = (status) => void process.stdout.write('', () => process.exit(status));

// What the scripts that run tests have in common.
import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bunEnvironment, findBun } from '../gateway/bin/find-bun.js';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

// Tests must not see the keys of whoever runs them, nor reach their servers.
const ownKeys = /_API_KEY$|_API_BASE$|_BASE_URL$|^SLUICE_(?!RECORDINGS|SPECS|BUN)|^LITELLM_/;

/** The environment without the keys and addresses of providers. */
export const testEnvironment = () =>
  Object.fromEntries(Object.entries(bunEnvironment(process.env)).filter(([name]) => !ownKeys.test(name)));

/** The line that every run of tests ends with. */
export const summary = ({ passed, failed, skipped }) => `\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;

/** Runs a command, its output shown, and gives its status. `timeoutMs`: it is ended after that. */
export const run = (
  command,
  args,
  { cwd = root, env = testEnvironment(), show = (data) => void process.stdout.write(data), timeoutMs } = {},
) =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], timeout: timeoutMs });
    const stop = (signal) => child.kill(signal);
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, stop);
    child.stdout.on('data', show);
    child.stderr.on('data', show);
    child.on('error', reject);
    child.on('close', (status) => {
      for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, stop);
      resolve(status ?? 1);
    });
  });

/**
 * Runs `bun test` with these arguments. `say` gets its output.
 * @returns {Promise<{ passed: number, failed: number, skipped: number, status: number }>} a run that broke has failed at least once
 */
export const runBunTests = async (args, { env = testEnvironment(), cwd = root, say = (data) => void process.stdout.write(data) } = {}) => {
  const bun = findBun();
  if (!bun.path) {
    console.error(bun.problem);
    return { passed: 0, failed: 1, skipped: 0, status: 1 };
  }
  let tail = '';
  const show = (data) => {
    say(data);
    tail = (tail + data).slice(-4000);
  };
  const status = await run(bun.path, ['test', '--timeout', '30000', ...args], { cwd, env, show });
  const count = (word) => Number([...tail.matchAll(new RegExp(`^\\s*(\\d+) ${word}\\b`, 'gm'))].at(-1)?.[1] ?? 0);
  return { passed: count('pass'), failed: Math.max(count('fail'), status === 0 ? 0 : 1), skipped: count('skip'), status };
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

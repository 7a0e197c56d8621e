// Runs the tests with real clients in front of a gateway on Node's launcher, in parts: libraries (test/clients, whose
// types are checked against ours as well), command-line agents (test/clients/agents), libraries of Python
// (test/clients/python) and, only where it is asked for, the vendors' own suites (test/clients/suites). Each part installs
// what it needs, from lock files. `--no-install`: the packages are there already. `--only PART`: that one. Other arguments
// are passed on to `bun test`. Ends with one line `N passed, M failed`.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { finish, install, root, run, runBunTests, summary, testEnvironment } from './bun-test.js';
import { makeEnvironments } from './python-environments.js';
import { fetchSuites } from './vendor-suites.js';

const folder = join(root, 'test', 'clients');
const given = process.argv.slice(2);
const noInstall = given.includes('--no-install');
const only = given.includes('--only') ? given[given.indexOf('--only') + 1] : undefined;
const args = given.filter((argument, at) => argument !== '--no-install' && argument !== '--only' && given[at - 1] !== '--only');

const none = { passed: 0, failed: 0, skipped: 0 };
const add = (a, b) => ({ passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped });

/**
 * What cannot be installed is no failure of ours. Where all must be proven the libraries must run; Python and the agents'
 * large programs may be out of a machine's reach, and are skipped aloud.
 */
const missing = (name, why) => {
  const mustRun = Boolean(process.env.CI) && name === 'libraries';
  console.log(`(${mustRun ? 'fail' : 'skip'}) ${name}: ${why}`);
  return mustRun ? { ...none, failed: 1 } : { ...none, skipped: 1 };
};

/** The tests of a folder. Named so that `bun test` of the whole repository, which has no libraries, does not find them. */
const filesOf = (path) =>
  readdirSync(join(folder, path))
    .filter((name) => name.endsWith('.client.ts'))
    .map((name) => `./${join('test', 'clients', path, name)}`);

/** One part's tests. Its output is shown in one piece, as another part may run beside it. */
const runTests = async (name, path, env = {}) => {
  const files = Array.isArray(path) ? path : filesOf(path);
  const output = [];
  const startedAt = Date.now();
  const result = await runBunTests(args.length > 0 && !Array.isArray(path) ? args : files, {
    env: { ...testEnvironment(), SLUICE_TEST_NODE: process.execPath, ...env },
    say: (data) => void output.push(data),
  });
  console.log(`\n--- ${name}, ${Math.round((Date.now() - startedAt) / 1000)} s`);
  process.stdout.write(Buffer.concat(output));
  return result;
};

const checkTypes = async () => {
  const typed = (await run(process.execPath, [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', folder])) === 0;
  console.log(`${typed ? '(pass)' : '(fail)'} types agree with those of openai and @anthropic-ai/sdk`);
  return { ...none, [typed ? 'passed' : 'failed']: 1 };
};

const installed = async (path) => noInstall || (await install(join(folder, path), { scripts: false }));
const unreachable = 'its packages could not be installed';

const parts = {
  async libraries({ packages }) {
    if (!(await packages)) return missing('libraries', unreachable);
    let all = await checkTypes();
    // Each file in a process of its own: what the libraries of one leave running must not hold up the others.
    for (const file of args.length > 0 ? args : filesOf('')) all = add(all, await runTests(file, [file]));
    return all;
  },
  async python({ packages, environments }) {
    const { problem, pythons } = await environments;
    if (problem) return missing('python', problem);
    // Its tests are written with a library of the others.
    if (!(await packages)) return missing('python', unreachable);
    return runTests('python', 'python', { SLUICE_TEST_PYTHON: JSON.stringify(pythons) });
  },
  async agents({ packages, agentPackages }) {
    if (!(await agentPackages) || !(await packages)) return missing('agents', unreachable);
    return runTests('agents', 'agents');
  },
  async suites({ mock, suiteEnvironments }) {
    const { problem, pythons } = await suiteEnvironments;
    if (problem) return missing('suites', problem);
    const python = pythons.pytest;
    const sources = await fetchSuites(python, join(folder, 'suites', 'pytest', 'requirements.txt'), ['openai', 'anthropic'], { noInstall });
    if (!sources || !(await mock)) return missing('suites', unreachable);
    return runTests('suites', 'suites', { SLUICE_TEST_SUITES: JSON.stringify({ python, sources }) });
  },
};

/** They take minutes, and need the vendors' specifications, which are no part of the project. */
const byNameAlone = new Set(['suites']);

const wanted = (name) => (only === undefined ? !byNameAlone.has(name) : only === name);
if (only !== undefined && !(only in parts)) {
  console.error(`There is no part '${only}': ${Object.keys(parts).join(', ')}.`);
  process.exit(2);
}

// All installs at once: they wait for the network more than for the machine.
const ready = {
  packages: wanted('suites') ? false : installed(''),
  agentPackages: wanted('agents') ? installed('agents') : false,
  mock: wanted('suites') ? installed('suites') : false,
  environments: wanted('python') ? makeEnvironments(join(folder, 'python'), { noInstall }) : {},
  suiteEnvironments: wanted('suites') ? makeEnvironments(join(folder, 'suites'), { noInstall }) : {},
};

/** One after another. */
const lane = async (names) => {
  let sum = none;
  for (const name of names.filter(wanted)) sum = add(sum, await parts[name](ready));
  return sum;
};

// Agents are slow starters that leave a core idle.
const results = await Promise.all([lane(['libraries', 'python', 'suites']), lane(['agents'])]);
const total = results.reduce(add, none);
console.log(summary(total));
finish(total.failed === 0 ? 0 : 1);

// Runs the tests with real client libraries: installs them in test/clients, checks our types against theirs, and runs
// test/clients/*.client.ts with Bun in front of a gateway on Node's launcher. `--no-install`: they are there already.
// Other arguments are passed on to `bun test`. Ends with one line `N passed, M failed`.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { install, root, run, runBunTests, summary, testEnvironment } from './bun-test.js';

const folder = join(root, 'test', 'clients');
const args = process.argv.slice(2).filter((argument) => argument !== '--no-install');

if (!process.argv.includes('--no-install') && !(await install(folder))) {
  console.log(summary({ passed: 0, failed: 1, skipped: 0 }));
  process.exit(1);
}

const typed = (await run(process.execPath, [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', folder])) === 0;
console.log(`${typed ? '(pass)' : '(fail)'} types agree with those of openai and @anthropic-ai/sdk`);

// Named so that `bun test` of the whole repository, which has no libraries, does not find them.
const files = readdirSync(folder).filter((name) => name.endsWith('.client.ts'));
const result = await runBunTests(args.length > 0 ? args : files.map((name) => `./test/clients/${name}`), {
  env: { ...testEnvironment(), SLUICE_TEST_NODE: process.execPath },
});
const passed = result.passed + (typed ? 1 : 0);
const failed = result.failed + (typed ? 0 : 1);
console.log(summary({ ...result, passed, failed }));
process.exit(failed === 0 ? 0 : 1);

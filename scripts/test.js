// Runs every test that needs nothing but `npm ci`: unit tests beside the code, then contract, end-to-end and recordings.
// Files in which something failed are run once more, alone, if they are few; a test that passes then is told as `flaky:`.
// Arguments are passed on to `bun test` (paths, `-t name`), and then all runs once. Ends with one line `N passed, M failed`.
import { finish, runBunTests, runBunTestsTwice, summary } from './bun-test.js';

const paths = process.argv.slice(2);
const result =
  paths.length > 0 ? await runBunTests(paths) : await runBunTestsTwice(['./sdk', './gateway', './test', './bench', './scripts']);
if (result.lines?.length > 0) console.log(`\n${result.lines.join('\n')}`);
console.log(summary(result));
finish(result.status);

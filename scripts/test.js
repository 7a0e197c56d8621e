// Runs every test that needs nothing but `npm ci`: unit tests beside the code, then contract, end-to-end and recordings.
// Arguments are passed on to `bun test` (paths, `-t name`). Ends with one line `N passed, M failed`.
import { finish, runBunTests, summary } from './bun-test.js';

const paths = process.argv.slice(2);
const result = await runBunTests(paths.length > 0 ? paths : ['./sdk', './gateway', './test', './bench', './scripts']);
console.log(summary(result));
finish(result.status);

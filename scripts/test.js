// Runs every test that needs nothing but `npm ci`: unit tests beside the code, then contract, end-to-end and recordings.
// Arguments are passed on to `bun test` (paths, `-t name`). Ends with one line `N passed, M failed`.
import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bunEnvironment, findBun } from '../gateway/bin/find-bun.js';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bun = findBun();
if (!bun.path) {
  console.error(bun.problem);
  console.log('0 passed, 1 failed');
  process.exit(1);
}

// Tests must not see the keys of whoever runs them, nor reach their servers.
const ownKeys = /_API_KEY$|_API_BASE$|_BASE_URL$|^SLUICE_(?!RECORDINGS|SPECS)|^LITELLM_/;
const environment = Object.fromEntries(Object.entries(bunEnvironment(process.env)).filter(([name]) => !ownKeys.test(name)));

const paths = process.argv.slice(2);
const child = spawn(
  bun.path,
  ['test', '--timeout', '30000', ...(paths.length > 0 ? paths : ['./sdk', './gateway', './test', './bench', './scripts'])],
  {
    cwd: root,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  },
);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));

let tail = '';
for (const stream of [child.stdout, child.stderr]) {
  stream.on('data', (data) => {
    process.stdout.write(data);
    tail = (tail + data).slice(-4000);
  });
}
child.on('close', (status) => {
  const count = (word) => Number([...tail.matchAll(new RegExp(`^\\s*(\\d+) ${word}\\b`, 'gm'))].at(-1)?.[1] ?? 0);
  const failed = Math.max(count('fail'), status === 0 ? 0 : 1);
  const skipped = count('skip');
  console.log(`\n${count('pass')} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  process.exit(status ?? 1);
});

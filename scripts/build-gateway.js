// Builds the gateway in one piece: `gateway/dist`. Runs by itself after `npm ci` (`prepare`). Without it the gateway runs from its sources.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findBun } from '../gateway/bin/find-bun.js';

/** A gateway that runs may still load parts of an older build: these are kept for so long. Milliseconds. */
const keptMs = 7 * 86_400_000;

const gateway = join(dirname(dirname(fileURLToPath(import.meta.url))), 'gateway');
const bun = findBun();
if (!bun.path) {
  console.error(`The gateway was not built: ${bun.problem}`);
  process.exit(0);
}
const begun = new Date();
const dist = join(gateway, 'dist');
mkdirSync(dist, { recursive: true });
const made = mkdtempSync(join(dist, '.new-'));
const { status, error } = spawnSync(
  bun.path,
  [
    'build',
    'src/cli/main.ts',
    'src/server/info/count-worker.ts',
    'src/spend/ledger/ledger-worker.ts',
    '--outdir',
    made,
    '--entry-naming',
    '[name].[ext]',
    '--target',
    'bun',
    '--format',
    'esm',
    // What not every start needs stays in files of its own.
    '--splitting',
    // Names stay readable: they are in logs.
    '--minify-syntax',
    '--sourcemap=linked',
    '--silent',
  ],
  { cwd: gateway, stdio: ['ignore', 'ignore', 'inherit'] },
);
if (error || status !== 0) {
  rmSync(made, { recursive: true, force: true });
  if (error) throw error;
  process.exit(status ?? 1);
}
const files = readdirSync(made);
// The entry last: from then on all that it needs is there. It is as old as what it was made of.
for (const file of [...files.filter((each) => each !== 'main.js'), 'main.js']) {
  if (file === 'main.js') utimesSync(join(made, file), begun, begun);
  renameSync(join(made, file), join(dist, file));
}
rmSync(made, { recursive: true });
for (const file of readdirSync(dist)) {
  if (files.includes(file) || Date.now() - statSync(join(dist, file)).mtimeMs < keptMs) continue;
  rmSync(join(dist, file), { recursive: true });
}

// Builds the SDK for runtimes that do not read TypeScript: `sdk/dist`. Runs by itself after `npm ci` (`prepare`).
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findBun } from '../gateway/bin/find-bun.js';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const sdk = join(root, 'sdk');

const run = (command, args) => {
  const { status, error } = spawnSync(command, args, { cwd: sdk, stdio: ['ignore', 'ignore', 'inherit'] });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
};

const bun = findBun();
if (!bun.path) {
  console.error(`The SDK was not built: ${bun.problem}`);
  process.exit(0);
}
rmSync(join(sdk, 'dist'), { recursive: true, force: true });
// One bundle a door, sharing their common parts: a runtime opens two files and not a hundred.
run(bun.path, [
  'build',
  'src/index.ts',
  'src/kit.ts',
  '--outdir',
  'dist',
  '--target',
  'browser',
  '--format',
  'esm',
  '--splitting',
  '--minify-syntax',
  '--silent',
]);
const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
if (existsSync(tsc)) run(process.execPath, [tsc, '-p', 'tsconfig.build.json']);
else console.error('No type declarations were built: TypeScript is a development dependency and is not installed.');

#!/usr/bin/env node
// Starts the gateway. Plain JavaScript for Node 20 and later: it finds Bun, which npm has brought, and runs it.
import { fileURLToPath } from 'node:url';
import { findBun } from './find-bun.js';
import { isReady, runBun } from './run-bun.js';

const main = new URL('../src/cli/main.ts', import.meta.url);

if (isReady()) {
  await import(main.href);
} else {
  // Under a Bun without the settings that it reads at start, that same Bun is started again.
  const found = process.versions.bun === undefined ? findBun() : { path: process.execPath };
  if ('problem' in found) {
    console.error(`sluice: ${found.problem}`);
    process.exit(1);
  }
  runBun(found.path, [fileURLToPath(main), ...process.argv.slice(2)]);
}

#!/usr/bin/env node
// Starts the gateway. Plain JavaScript for Node 20 and later: it finds Bun, which npm has brought, and runs it.
import { pathToFileURL } from 'node:url';
import { findBun } from './find-bun.js';
import { programFile } from './program.js';
import { isReady, runBun } from './run-bun.js';

if (isReady()) {
  await import(pathToFileURL(programFile()).href);
} else {
  // Under a Bun without the settings that it reads at start, that same Bun is started again.
  const found = process.versions.bun === undefined ? findBun() : { path: process.execPath };
  if ('problem' in found) {
    console.error(`sluice: ${found.problem}`);
    process.exit(1);
  }
  runBun(found.path, [programFile(), ...process.argv.slice(2)]);
}

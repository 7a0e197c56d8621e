// Runs a script of this repository with the Bun that npm has brought: `node scripts/bun.js bench/main.ts --quick`.
import { findBun } from '../gateway/bin/find-bun.js';
import { runBun } from '../gateway/bin/run-bun.js';

const found = findBun();
if ('problem' in found) {
  console.error(found.problem);
  process.exit(1);
}
runBun(found.path, process.argv.slice(2), { isolated: false });

import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { bunEnvironment } from './find-bun.js';

/**
 * Flags for a program that is not the current folder's: nothing there may change how it runs. Bun would read
 * `.env` files (a stray key would become a route), a `bunfig.toml` (which can run code), and install what it
 * cannot find.
 */
const ownFlags = ['--no-install', '--no-env-file', `--config=${fileURLToPath(new URL('bunfig.toml', import.meta.url))}`];

/** Whether this process is a Bun that was started with what `bunEnvironment` sets. */
export const isReady = (versions = process.versions, env = process.env) =>
  versions.bun !== undefined && env.BUN_CONFIG_MAX_HTTP_REQUESTS !== undefined;

/**
 * Runs Bun with this process's standard streams, hands signals on, and ends as it ends.
 * @param {string} bun path of the binary
 * @param {string[]} args the script and its arguments
 * @param {{ isolated?: boolean }} options `isolated`: the current folder's Bun settings do not apply
 */
export const runBun = (bun, args, { isolated = true } = {}) => {
  const env = bunEnvironment(process.env);
  // By its number the gateway notices if this process is killed in a way that it cannot hand on (src/cli/launcher-gone.ts).
  if (isolated) env.SLUICE_LAUNCHER_PID = String(process.pid);
  // A terminal sends Ctrl-C to both of us, so the gateway gets it twice; it takes near ones for one (see src/cli/signals.ts).
  // Before it starts: a signal that ended this process in between would leave the gateway behind.
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  const child = spawn(bun, [...(isolated ? ownFlags : []), ...args], { stdio: 'inherit', env });
  child.on('error', (error) => {
    console.error(`Bun cannot be started (${bun}): ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => {
    if (signal === 'SIGILL') {
      console.error(
        'This processor lacks instructions that Bun needs (AVX2). Install the package with -baseline at the end of its name, e.g. `npm install @oven/bun-linux-x64-baseline`.',
      );
    }
    process.exit(code ?? 128 + (constants.signals[signal] ?? 0));
  });
};

import { spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ownFolder } from './own-folder.ts';

const launcher = join(import.meta.dir, '../../gateway/bin/sluice.js');

/** A gateway as people start it: a process of its own. */
export interface GatewayProcess {
  readonly url: string;
  /** What it has printed: its log. */
  out(): string;
  /** One of its metrics by its whole name, labels included; undefined: it is not there. */
  metric(name: string): Promise<number | undefined>;
  /** Ends in peace, or is made to. */
  stop(): Promise<void>;
  /** Ends at once, as by a crash: it has no time for anything. */
  kill(): Promise<void>;
}

export interface GatewayProcessOptions {
  /** Its home, with what it keeps, for gateways that come one after another. Default: one of its own, that goes with it. */
  readonly home?: string;
}

/** @throws Error with what it said, if it does not come up */
export const startGatewayProcess = async (
  yaml: string,
  env: Record<string, string> = {},
  { home }: GatewayProcessOptions = {},
): Promise<GatewayProcess> => {
  const folder = ownFolder('gateway');
  const file = join(home ?? folder, 'config.yaml');
  writeFileSync(file, yaml);
  const child = spawn('node', [launcher, '--config', file, '--port', '0'], {
    env: { PATH: process.env['PATH'] ?? '', HOME: home ?? folder, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, told] = ['', ''];
  child.stdout.on('data', (data) => (out += data));
  const closed = new Promise<void>((resolve) => void child.on('close', () => resolve()));
  // A test that fails before it has stopped it leaves nothing behind (`ownFolder`).
  writeFileSync(join(folder, 'pid'), String(child.pid));
  const listening = new Promise<void>((resolve) => {
    child.stderr.on('data', (data) => {
      told += data;
      if (told.includes('Try it:')) resolve();
    });
  });
  await Promise.race([listening, closed]);
  const url = /listening on (\S+)/.exec(told)?.[1];
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      // By signals that the launcher hands on: killed itself, it would leave the gateway behind. The second ends what is open.
      child.kill('SIGTERM');
      const second = setTimeout(() => child.kill('SIGTERM'), 1000);
      await closed;
      clearTimeout(second);
    }
    rmSync(folder, { recursive: true, force: true });
  };
  if (url === undefined) {
    await stop();
    throw new Error(`The gateway did not start: ${told}`);
  }
  return {
    url,
    out: () => out,
    async metric(name) {
      const text = await (await fetch(`${url}/metrics`)).text();
      const line = text.split('\n').find((each) => each.startsWith(`${name} `));
      return line === undefined ? undefined : Number(line.slice(name.length + 1));
    },
    stop,
    async kill() {
      // The launcher has one child, and ends when that ends.
      const program = Number(
        Bun.spawnSync(['pgrep', '-P', String(child.pid)])
          .stdout.toString()
          .trim(),
      );
      if (!Number.isSafeInteger(program) || program <= 1) throw new Error('The gateway has no process.');
      process.kill(program, 'SIGKILL');
      await closed;
    },
  };
};

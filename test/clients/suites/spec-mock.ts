import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { outside } from '../../kit/recordings.ts';
import { ownFolder } from '../../kit/own-folder.ts';

/* A mock of a vendor's specification: it refuses requests that the specification does not allow, and answers the others with made-up values. */

/** The vendors' specifications, and what stands in front of their paths. */
const specs = {
  openai: { file: 'openai.json', prefix: '/v1' },
  anthropic: { file: 'anthropic.beta.json', prefix: '' },
} as const;

export type Vendor = keyof typeof specs;

const pathOf = (vendor: Vendor): string => join(outside('SLUICE_SPECS', 'specs'), specs[vendor].file);

/** Why there can be no mock, or undefined. */
export const specificationsMissing = (): string | undefined => {
  const absent = (Object.keys(specs) as Vendor[]).map(pathOf).filter((path) => !existsSync(path));
  return absent.length > 0 ? `no ${absent.join(', ')} (set SLUICE_SPECS to the folder)` : undefined;
};

export interface SpecMock {
  /** With what stands in front of the vendor's paths. */
  url: string;
  stop(): void;
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

/** How the vendors' clients write lists and objects in queries and forms. */
const brackets = ['query-array', 'form-array', 'query-object', 'form-object'].map((what) => `--validator-${what}-format=brackets`);

const startsWithinMs = 30_000;

export const startSpecMock = async (vendor: Vendor): Promise<SpecMock> => {
  const { prefix } = specs[vendor];
  const folder = ownFolder('suites');
  const file = join(folder, 'spec.json');
  const spec = JSON.parse(readFileSync(pathOf(vendor), 'utf8')) as { paths: Record<string, unknown>; servers?: unknown };
  // The paths of one specification begin behind the version.
  spec.paths = Object.fromEntries(Object.entries(spec.paths).map(([path, item]) => [prefix + path, item]));
  delete spec.servers;
  writeFileSync(file, JSON.stringify(spec));
  const port = await freePort();
  const steady = join(import.meta.dir, 'node_modules', '.bin', 'steady');
  const child = spawn(steady, ['--host', '127.0.0.1', '-p', String(port), '--quiet', ...brackets, file], {
    stdio: 'ignore',
    // A group of its own: what is started here starts the server itself in another process.
    detached: true,
  });
  const stop = () => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  const origin = `http://127.0.0.1:${port}`;
  for (const until = Date.now() + startsWithinMs; ; await Bun.sleep(100)) {
    const up = await fetch(`${origin}/_x-steady/health`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (up) return { url: origin + prefix, stop };
    if (Date.now() > until || child.exitCode !== null) {
      stop();
      throw new Error(`the mock of ${vendor} did not start`);
    }
  }
};

import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Node's names of platforms and processors -> those of the packages that carry Bun. */
const systems = { linux: 'linux', darwin: 'darwin', win32: 'windows' };
const processors = { x64: 'x64', arm64: 'aarch64' };

/**
 * The packages that may carry Bun for a machine, best first. `baseline` is for processors without AVX2; it is not
 * among our dependencies, and used where somebody has installed it.
 * @param {{ platform: string, arch: string, musl: boolean }} machine
 */
export const bunPackages = ({ platform, arch, musl }) => {
  const system = systems[platform];
  const processor = processors[arch];
  if (!system || !processor) return [];
  const plain = `@oven/bun-${system}-${processor}`;
  const names = system === 'linux' && musl ? [`${plain}-musl`] : [plain];
  return processor === 'x64' ? names.flatMap((name) => [name, `${name}-baseline`]) : names;
};

/** Linux systems without glibc (Alpine) have this loader and not the other. Asking Node's report costs 20 ms. */
const isMusl = (arch) => {
  const name = arch === 'arm64' ? 'aarch64' : 'x86_64';
  return existsSync(`/lib/ld-musl-${name}.so.1`) && !existsSync('/lib64/ld-linux-x86-64.so.2') && !existsSync('/lib/ld-linux-aarch64.so.1');
};

/**
 * Where Bun is: `SLUICE_BUN`, else the npm package for this machine.
 * @returns {{ path: string } | { problem: string }} the binary, or one sentence on what to do
 */
export const findBun = ({
  env = process.env,
  machine = { platform: process.platform, arch: process.arch, musl: process.platform === 'linux' && isMusl(process.arch) },
  resolve = createRequire(import.meta.url).resolve,
} = {}) => {
  const given = env.SLUICE_BUN;
  if (given) {
    return existsSync(given) ? { path: given } : { problem: `SLUICE_BUN is ${given}, and there is no such file.` };
  }
  const names = bunPackages(machine);
  for (const name of names) {
    try {
      const path = join(dirname(resolve(`${name}/package.json`)), 'bin', machine.platform === 'win32' ? 'bun.exe' : 'bun');
      if (existsSync(path)) return { path };
    } catch {
      // Not installed; the next one may be.
    }
  }
  if (names.length === 0) {
    return {
      problem: `There is no Bun for ${machine.platform} on ${machine.arch}. If you have one of your own, set SLUICE_BUN to its path.`,
    };
  }
  return {
    problem: `Bun, which Sluice runs on, is missing: the package ${names[0]} is not installed. Run \`npm install\` again without --omit=optional, or set SLUICE_BUN to the path of a Bun of your own.`,
  };
};

/**
 * Bun reads this when it starts and no later; its own default of 256 lets upstream calls queue.
 * See https://bun.com/docs/runtime/http/fetch, read 2026-11-21.
 */
export const bunEnvironment = (env) => ({ BUN_CONFIG_MAX_HTTP_REQUESTS: '65535', ...env });

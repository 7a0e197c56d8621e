import { existsSync } from 'node:fs';

/** Command -> Debian package. */
const packages = { nginx: 'nginx-light', wrk: 'wrk', taskset: 'util-linux' } as const;

/**
 * Sees to it that nginx, wrk and taskset are there; on Debian, as root, by installing them.
 * @throws Error that says what to install
 */
export const ensureTools = (): void => {
  const missing = (): (keyof typeof packages)[] =>
    (Object.keys(packages) as (keyof typeof packages)[]).filter((tool) => Bun.which(tool) === null);
  const before = missing();
  if (before.length === 0) return;
  const wanted = before.map((tool) => packages[tool]);
  if (process.getuid?.() === 0 && existsSync('/etc/debian_version')) {
    console.log(`Installing ${wanted.join(', ')} ...`);
    // RUNLEVEL=1 keeps the package from starting a server of its own.
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
    const install = (): void => {
      Bun.spawnSync(['apt-get', 'install', '-y', '--no-install-recommends', ...wanted], {
        env,
        stdout: 'ignore',
        stderr: 'ignore',
        timeout: 180_000,
      });
    };
    install();
    if (missing().length > 0) {
      Bun.spawnSync(['apt-get', 'update'], { env, stdout: 'ignore', stderr: 'ignore', timeout: 120_000 });
      install();
    }
  }
  const after = missing();
  if (after.length > 0) {
    throw new Error(
      `The bench needs ${after.join(', ')}. On Debian and Ubuntu: apt-get install ${after.map((tool) => packages[tool]).join(' ')}`,
    );
  }
};

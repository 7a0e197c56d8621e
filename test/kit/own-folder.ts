import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file system in memory, on Linux: databases are made and dropped there in a fifth of the time. Containers may have a small one. */
const inMemory = '/dev/shm';
const roomyBytes = 4 * 1024 ** 3;

/** The folder of this process in a place, in which all others are. */
const bases = new Map<string, string>();

/**
 * A temporary folder. Who makes it removes it; what is left when this process ends, however it ends, is removed after it, and
 * a PostgreSQL that still runs in it is ended, or the process whose id is in its file `pid`: databases of runs that were
 * killed would fill the disk.
 * @param kind `pg`: a part of its name
 * @param options.hot many small files come and go in it: it is in memory, where there is much
 */
export const ownFolder = (kind: string, { hot = false }: { hot?: boolean } = {}): string => {
  const place = hot && isRoomy() ? inMemory : tmpdir();
  let base = bases.get(place);
  if (base === undefined) bases.set(place, (base = makeBase(place)));
  return mkdtempSync(join(base, `${kind}-`));
};

const isRoomy = (): boolean => {
  try {
    const { bavail, bsize } = statfsSync(inMemory);
    return bavail * bsize >= roomyBytes;
  } catch {
    return false;
  }
};

/** `bun test` has no last moment in which a program of ours runs: another process waits until its input is closed by our end. */
const inherit = `
cat > /dev/null
for server in "$1"/*/data/postmaster.pid; do [ -f "$server" ] && kill -QUIT "$(head -n 1 "$server")"; done
for program in "$1"/*/pid; do [ -f "$program" ] && kill -TERM "$(head -n 1 "$program")"; done
for _ in 1 2 3 4 5 6 7 8 9 10; do rm -rf -- "$1" && break; sleep 0.2; done`;

const makeBase = (place: string): string => {
  const base = mkdtempSync(join(place, 'sluice-test-'));
  // PostgreSQL is another user where tests are root.
  chmodSync(base, 0o711);
  // What ends a whole group of processes must not end this one.
  const heir = spawn('sh', ['-c', inherit, 'sh', base], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  heir.unref();
  (heir.stdin as typeof heir.stdin & { unref?: () => void }).unref?.();
  return base;
};

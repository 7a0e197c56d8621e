import { closeSync, fdatasync, mkdirSync, openSync, writeSync } from 'node:fs';
import { readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { JournalFiles } from '../spend/journal/index.ts';

const sync = promisify(fdatasync);

/** What a process has left that may still run is taken over when it has not been heard of for so long. */
const silentMs = 10 * 60_000;
const suffix = '.process';

interface Writer {
  readonly host: string;
  readonly pid: number;
}

/**
 * The journal's files in a folder, for this user's eyes alone.
 * @throws where the folder, or a file in it, cannot be made
 */
export const openJournalFolder = async (
  folder: string,
  { now = Date.now, pid = process.pid, host = hostname() } = {},
): Promise<JournalFiles> => {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const instance = crypto.randomUUID();
  const at = (name: string) => join(folder, name);
  const writer = at(`${instance}${suffix}`);
  const said = JSON.stringify({ host, pid } satisfies Writer);
  await writeFile(writer, said, { mode: 0o600 });
  return {
    instance,
    create(name) {
      const fd = openSync(at(name), 'ax', 0o600);
      return {
        append(text) {
          const bytes = writeSync(fd, text);
          // A full disk takes the part that fits.
          if (bytes < Buffer.byteLength(text)) throw new Error(`The disk took ${bytes} bytes of a line: it is full.`);
        },
        sync: () => sync(fd),
        close: () => closeSync(fd),
      };
    },
    list: () => readdir(folder),
    read: (name) => readFile(at(name), 'utf8').catch((cause: unknown) => absent(cause) || undefined),
    rename: (name, to) => rename(at(name), at(to)).then(() => true, absent),
    delete: (name) => rm(at(name), { force: true }),
    async touch() {
      const time = new Date(now());
      // Who was taken for gone says again that it is there.
      await utimes(writer, time, time).catch(async () => {
        await writeFile(writer, said, { mode: 0o600 });
        await utimes(writer, time, time);
      });
    },
    async isAlive(other) {
      const path = at(`${other}${suffix}`);
      const known = await Promise.all([readFile(path, 'utf8'), stat(path)]).catch(() => undefined);
      if (!known) return false;
      const [text, { mtimeMs }] = known;
      const found = writerIn(text);
      // Another life of this very process id is over. Any other may have been given to somebody else since.
      const mayRun = found?.host !== host || (found.pid !== pid && isRunning(found.pid));
      const alive = mayRun && now() - mtimeMs < silentMs;
      if (!alive) await rm(path, { force: true });
      return alive;
    },
    async leave() {
      await rm(writer, { force: true });
    },
  };
};

const absent = (cause: unknown): false => {
  if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return false;
  throw cause;
};

const writerIn = (text: string): Writer | undefined => {
  try {
    const { host, pid } = JSON.parse(text) as Partial<Writer>;
    return typeof host === 'string' && typeof pid === 'number' ? { host, pid } : undefined;
  } catch {
    return undefined;
  }
};

/** Signal 0 asks without doing anything. Who may not be asked is there. */
const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'EPERM';
  }
};

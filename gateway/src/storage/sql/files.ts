import { chmod, mkdir, open, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes the file of a database where there is none, for its owner alone, and its folder; what exists is left as it is.
 * SQLite gives the files beside it (-wal, -shm) the same mode.
 */
export const makePrivateFile = async (path: string): Promise<void> => {
  const folder = dirname(path);
  const first = await mkdir(folder, { recursive: true, mode: 0o700 });
  // The mode above is cut by the umask, which only takes away.
  if (first !== undefined) await chmod(folder, 0o700);
  const exists = await stat(path).then(
    () => true,
    () => false,
  );
  if (exists) return;
  const file = await open(path, 'a', 0o600);
  await file.close();
};

/** A certificate that a database's URL names. */
export const readCertificate = (path: string): Promise<string> => readFile(path, 'utf8');

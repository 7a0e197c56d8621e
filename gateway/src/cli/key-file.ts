import { chmodSync, linkSync, mkdirSync, readFileSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** A new master key: 256 random bits behind the prefix that clients and LiteLLM expect. */
export const newMasterKey = (): string => `sk-${Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64url')}`;

/** The key that is kept in a file; undefined if there is none. Takes the file away from other users if they could read it. */
export const readKeyFile = (path: string): string | undefined => {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || (error as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined;
    throw error;
  }
  if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0) chmodSync(path, 0o600);
  return text.trim() || undefined;
};

/**
 * Keeps a key in a file that only its owner can read. Two that start at the same time agree: the first one's key holds.
 * @returns the key that is in the file now
 * @throws where the folder cannot be made or written
 */
export const keepKey = (path: string, key: string): string => {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}.${newMasterKey().slice(-8)}`;
  writeFileSync(draft, `${key}\n`, { mode: 0o600, flag: 'wx' });
  try {
    // A link appears whole or not at all, and not over an older one.
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return readKeyFile(path) ?? replaceEmpty(path, key);
  } finally {
    unlinkSync(draft);
  }
  return key;
};

const replaceEmpty = (path: string, key: string): string => {
  writeFileSync(path, `${key}\n`, { mode: 0o600 });
  return key;
};

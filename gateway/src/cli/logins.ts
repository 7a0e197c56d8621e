import { chmodSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { dataFolder } from './data-folder.ts';
import { Refusal, type Io } from './io.ts';

type World = Pick<Io, 'env' | 'home' | 'platform'>;

/** A session at one gateway. */
export interface Login {
  readonly access_token: string;
  /** Unix milliseconds. */
  readonly expires_at: number;
  readonly user: string;
}

/** More gateways than anybody signs in to; the oldest goes. */
const maxLogins = 50;

const pathOf = (world: World): string | undefined => {
  const folder = dataFolder(world);
  return folder === undefined ? undefined : join(folder, 'logins.json');
};

/** By the gateway's address. */
const readAll = (path: string): Record<string, Login> => {
  try {
    if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0) chmodSync(path, 0o600);
    const all = JSON.parse(readFileSync(path, 'utf8')) as unknown;
    return typeof all === 'object' && all !== null ? { ...(all as Record<string, Login>) } : {};
  } catch {
    // None yet, or somebody's edit: who is signed in can do so again.
    return {};
  }
};

/** The login at a gateway that is still good. */
export const readLogin = (url: string, world: World, now = Date.now()): Login | undefined => {
  const path = pathOf(world);
  const all = path === undefined ? {} : readAll(path);
  const found = Object.hasOwn(all, url) ? all[url] : undefined;
  return typeof found?.access_token === 'string' && found.expires_at > now ? found : undefined;
};

/**
 * Keeps a login where only its owner can read it; undefined takes it away.
 * @throws Refusal where there is no place for it
 */
export const writeLogin = (url: string, login: Login | undefined, world: World): void => {
  const path = pathOf(world);
  if (path === undefined) throw new Refusal('There is no data directory to keep the login in: set SLUICE_DATA_DIR.');
  const { [url]: _, ...others } = readAll(path);
  const all = Object.fromEntries([...Object.entries(others), ...(login ? [[url, login] as const] : [])].slice(-maxLogins));
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    // Another command may be reading it.
    const draft = `${path}.${process.pid}`;
    writeFileSync(draft, `${JSON.stringify(all, null, 2)}\n`, { mode: 0o600 });
    renameSync(draft, path);
  } catch (cause) {
    throw new Refusal(`${path} cannot be written (${(cause as NodeJS.ErrnoException).code ?? 'unknown error'}): set SLUICE_DATA_DIR.`);
  }
};

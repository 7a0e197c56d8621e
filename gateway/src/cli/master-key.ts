import { join } from 'node:path';
import { Secret } from 'sluice/kit';
import { weakness } from '../config/weak-key.ts';
import { dataFolder } from './data-folder.ts';
import { Refusal, type Io } from './io.ts';
import { keepKey, newMasterKey, readKeyFile } from './key-file.ts';

export interface MasterKey {
  key: Secret;
  /** `made`: just now, and kept; `unkept`: just now, for this run alone. */
  from: 'config' | 'SLUICE_MASTER_KEY' | 'LITELLM_MASTER_KEY' | 'kept' | 'made' | 'unkept';
  /** Of the file it is kept in. */
  path?: string;
  /** Why it could not be kept. */
  trouble?: string;
}

type World = Pick<Io, 'env' | 'home' | 'platform'>;

/** The master key that somebody gave: in the file, in the environment, or by an earlier start. */
export const givenMasterKey = (
  configured: Secret | undefined,
  environment: (name: string) => string | undefined,
  world: World,
): MasterKey | undefined => {
  if (configured) return { key: configured, from: 'config' };
  for (const from of ['SLUICE_MASTER_KEY', 'LITELLM_MASTER_KEY'] as const) {
    const value = environment(from);
    if (value) return { key: new Secret(value), from };
  }
  const path = keyPath(world);
  if (path === undefined) return undefined;
  try {
    const kept = readKeyFile(path);
    return kept === undefined ? undefined : { key: new Secret(kept), from: 'kept', path };
  } catch {
    // Not readable for us: making one will say why.
    return undefined;
  }
};

/** Makes a master key and keeps it, so that the next start has the same; where that cannot be, it is for this run. */
export const makeMasterKey = (world: World): MasterKey => {
  const made = newMasterKey();
  const path = keyPath(world);
  if (path === undefined) return { key: new Secret(made), from: 'unkept', trouble: 'there is no home folder to keep it in' };
  try {
    const key = keepKey(path, made);
    return { key: new Secret(key), from: key === made ? 'made' : 'kept', path };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    return { key: new Secret(made), from: 'unkept', trouble: `${path} cannot be written (${code})` };
  }
};

const keyPath = (world: World): string | undefined => {
  const folder = dataFolder(world);
  return folder === undefined ? undefined : join(folder, 'master-key');
};

const remedy =
  'Give a strong one: export SLUICE_MASTER_KEY="sk-$(openssl rand -hex 24)". Or listen on 127.0.0.1, or allow it with --allow-weak-key.';

/** Whether an address can be reached by this machine alone. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);

/**
 * Whoever can reach the port can try keys: beyond this machine none may be missing or easy to guess (FP-62).
 * @throws Refusal with the remedy
 */
export const demandStrongKey = (given: MasterKey | undefined, host: string): void => {
  if (isLoopback(host)) return;
  if (!given)
    throw new Refusal(
      `Listening on ${host} without a master key is refused: everybody who can reach it would find a gateway whose key nobody chose. ${remedy}`,
    );
  const why = weakness(given.key.reveal());
  if (why !== undefined)
    throw new Refusal(`Listening on ${host} with this master key is refused: ${why} (it comes from ${origin(given)}). ${remedy}`);
};

const origin = ({ from, path }: MasterKey): string => {
  if (from === 'config') return 'general_settings.master_key';
  return from === 'SLUICE_MASTER_KEY' || from === 'LITELLM_MASTER_KEY' ? from : (path ?? 'this start');
};

import { join } from 'node:path';
import { saltKeysOf, saltKeyOf } from '../storage/sealed/index.ts';
import { Secret } from 'sluice/kit';
import { dataFolder } from './data-folder.ts';
import { Refusal, type Io } from './io.ts';
import { keepKey, newMasterKey, readKeyFile } from './key-file.ts';

type World = Pick<Io, 'env' | 'home' | 'platform'>;
type SaltKeys = ReturnType<typeof saltKeysOf>;

/** There is no place to keep a salt key in, and nobody gave one. */
export class NoSaltKey extends Refusal {}

const variables = ['SLUICE_SALT_KEY', 'LITELLM_SALT_KEY'] as const;

/**
 * What secrets in the database are sealed with: the operator's salt keys, else one that is made and kept. What is sealed
 * must open again at the next start.
 * @throws Refusal where what was given is no key; NoSaltKey where one can be neither found nor kept
 */
export const saltKeysFor = (environment: (name: string) => string | undefined, world: World): SaltKeys => {
  const folder = dataFolder(world);
  const path = folder === undefined ? undefined : join(folder, 'salt-key');
  for (const name of variables) {
    const given = environment(name);
    if (given) return withKept(read(given, name), path);
  }
  if (path === undefined)
    throw new NoSaltKey(
      'There is no data directory to keep a salt key in: set SLUICE_SALT_KEY (openssl rand -hex 32), or SLUICE_DATA_DIR.',
    );
  let kept: string;
  try {
    kept = readKeyFile(path) ?? keepKey(path, newMasterKey().slice('sk-'.length));
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new NoSaltKey(`${path} cannot be read or made (${code}): set SLUICE_SALT_KEY (openssl rand -hex 32), or SLUICE_DATA_DIR.`);
  }
  return read(kept, path);
};

/** What was sealed before there was a key of the operator's still opens. */
const withKept = (keys: SaltKeys, path: string | undefined): SaltKeys => {
  let text: string | undefined;
  try {
    text = path === undefined ? undefined : readKeyFile(path);
  } catch {
    // Not readable for us: then nothing was sealed with it by us.
  }
  if (text === undefined || text.includes(',')) return keys;
  const kept = saltKeyOf(new Secret(text));
  return keys.some(({ id }) => id === kept.id) ? keys : [...keys, kept];
};

const read = (text: string, from: string): SaltKeys => {
  try {
    return saltKeysOf(text);
  } catch (cause) {
    throw new Refusal(`${from}: ${(cause as Error).message}`);
  }
};

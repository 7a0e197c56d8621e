import { Secret } from 'sluice/kit';
import type { SecretManagerEntry } from '../config/schema/secrets.ts';
import { ManagerFailure, type SecretManager, type SecretWorld } from './manager.ts';

/**
 * A folder with a file for each secret, as Docker and Kubernetes mount them; a name is looked for as it is and in
 * lower case. What is not there is left to the environment.
 */
export const openLocal = (entry: SecretManagerEntry, { readText }: SecretWorld): SecretManager => {
  const directory = (entry.directory ?? '/run/secrets').replace(/\/+$/, '');
  const read = async (file: string): Promise<Secret | undefined> => {
    try {
      // Editors and `echo` end a file with a line break, which no secret ends with.
      return new Secret((await readText(`${directory}/${file}`)).replace(/\r?\n$/, ''));
    } catch (cause) {
      const code = (cause as { code?: unknown } | null)?.code;
      if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
      throw new ManagerFailure(`its file in ${directory} cannot be read${typeof code === 'string' ? ` (${code})` : ''}`);
    }
  };
  return {
    async read(name) {
      // A name with a slash would lead out of the folder.
      if (!/^[\w.-]+$/.test(name) || name === '.' || name === '..') return undefined;
      return (await read(name)) ?? (name === name.toLowerCase() ? undefined : await read(name.toLowerCase()));
    },
  };
};

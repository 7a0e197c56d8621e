import type { Env } from 'sluice/kit';
import { ManagerFailure } from './manager.ts';

export interface Ciphertexts {
  /** Names whose variables say that they are encrypted. */
  names: readonly string[];
  /** In base64; undefined where there is no such variable. @throws ManagerFailure where it is no base64 */
  of(name: string): string | undefined;
}

/**
 * Encrypted variables of the environment.
 * @param prefix of their values
 * @param namePrefix of their names, in any case
 */
export const ciphertexts = (env: Env, prefix: string, namePrefix?: string): Ciphertexts => {
  const marked = new Map<string, string>();
  for (const [variable, value] of Object.entries(env)) {
    if (!value) continue;
    const named = namePrefix !== undefined && variable.toUpperCase().startsWith(namePrefix);
    const name = named ? variable.slice(namePrefix.length) : variable;
    if (named || value.toLowerCase().startsWith(prefix)) marked.set(name, value);
  }
  return {
    names: [...marked.keys()],
    of(name) {
      const value = marked.get(name) ?? env[name];
      if (!value) return undefined;
      const text = (value.toLowerCase().startsWith(prefix) ? value.slice(prefix.length) : value).trim();
      if (/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return text;
      throw new ManagerFailure('its variable is no ciphertext in base64');
    },
  };
};

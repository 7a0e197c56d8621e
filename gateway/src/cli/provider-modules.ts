import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { defineProvider, SluiceError, type Provider, type ProviderDefinition } from 'sluice/kit';
import { shortHash } from '../config/hash.ts';
import type { Problem } from '../config/problem.ts';
import type { ProviderModule } from '../config/snapshot.ts';

export interface LoadedModules {
  providers: Provider[];
  problems: Problem[];
  /** Absolute: what to watch. */
  files: string[];
  /** Their texts: what tells an edit from a touch. */
  texts: string[];
}

/** Vendors whose definition is a module. Never throws: one that cannot be loaded is a problem of the file that names it. */
export const loadProviderModules = async (modules: readonly ProviderModule[], cwd: string): Promise<LoadedModules> => {
  const loaded: LoadedModules = { providers: [], problems: [], files: [], texts: [] };
  for (const { id, module, file, line, column, path } of modules) {
    const place = resolve(cwd, dirname(file), module);
    loaded.files.push(place);
    try {
      const text = readFileSync(place, 'utf8');
      loaded.texts.push(place, text);
      // A module is kept by its address: an edited one needs another. Bun looks at the query of a path, not of a `file:` URL.
      const { default: given } = (await import(`${place}?v=${shortHash(text, 12)}`)) as { default?: unknown };
      loaded.providers.push(providerOf(id, given));
    } catch (error) {
      loaded.problems.push({ file, line, column, path, message: messageOf(error, module) });
    }
  }
  return loaded;
};

/** What a module gives: a finished provider, or what one is made of. */
const providerOf = (id: string, given: unknown): Provider => {
  if (typeof given !== 'object' || given === null) throw new SluiceError('invalid_request', 'it has no default export');
  if ('speaks' in given && 'auth' in given && 'source' in given) return { ...(given as Provider), id };
  return defineProvider({ ...(given as ProviderDefinition), id });
};

const messageOf = (error: unknown, module: string): string => {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return `${module} is not there`;
  return `${module} cannot be loaded: ${error instanceof Error ? error.message : String(error)}`;
};

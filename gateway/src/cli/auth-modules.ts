import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { AuthHooks, AuthModule } from '../config/custom-auth.ts';
import { shortHash } from '../config/hash.ts';
import type { Problem } from '../config/problem.ts';

export interface LoadedAuthModules {
  hooks: AuthHooks;
  problems: Problem[];
  /** Absolute: what to watch. */
  files: string[];
  /** Their texts: what tells an edit from a touch. */
  texts: string[];
}

/** Functions about who calls. Never throws: one that cannot be loaded is a problem of the file that names it. */
export const loadAuthModules = async (modules: readonly AuthModule[], cwd: string): Promise<LoadedAuthModules> => {
  const loaded: LoadedAuthModules = { hooks: {}, problems: [], files: [], texts: [] };
  for (const { hook, module, name, file, line, column, path } of modules) {
    const place = resolve(cwd, dirname(file), module);
    loaded.files.push(place);
    try {
      const text = readFileSync(place, 'utf8');
      loaded.texts.push(place, text);
      // As in provider-modules.ts: an edited module needs another address.
      const given = (await import(`${place}?v=${shortHash(text, 12)}`)) as Record<string, unknown>;
      const found = given[name];
      if (typeof found !== 'function')
        throw new Error(name === 'default' ? 'its default export is no function' : `it has no function ${name}`);
      loaded.hooks = { ...loaded.hooks, [hook]: found };
    } catch (error) {
      loaded.problems.push({ file, line, column, path, message: messageOf(error, module) });
    }
  }
  return loaded;
};

const messageOf = (error: unknown, module: string): string => {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return `${module} is not there`;
  return `${module} cannot be loaded: ${error instanceof Error ? error.message : String(error)}`;
};

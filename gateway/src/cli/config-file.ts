import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Overrides } from '../config/build.ts';
import type { Loaded } from '../config/load.ts';
import { sortProblems } from '../config/problem.ts';
import type { Io } from './io.ts';

export interface ReadConfig {
  loaded: Loaded;
  /** The file and all that it includes, absolute: what to watch. */
  files: string[];
  /** All their texts: what tells an edit from a touch. */
  texts: string;
}

/** Reads a configuration file and those it includes. Never throws: a file that cannot be read is a problem like others. */
export const readConfig = async (
  file: string,
  { io, providers, overrides }: { io: Pick<Io, 'cwd' | 'env'>; providers?: Iterable<string>; overrides?: Overrides },
): Promise<ReadConfig> => {
  // Loaded here and not at the top: a start without a file needs neither YAML nor the schema.
  const { loadConfig } = await import('../config/load.ts');
  const main = resolve(io.cwd, file);
  const files = [main];
  const texts: string[] = [];
  const read = (path: string): string => {
    const text = readFileSync(path, 'utf8');
    texts.push(path, text);
    return text;
  };
  let text: string;
  try {
    text = read(main);
  } catch (error) {
    const message = `cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`;
    return { loaded: { ok: false, problems: [{ file, line: 1, column: 1, path: '', message }] }, files, texts: '' };
  }
  const loaded = loadConfig(text, {
    file,
    env: io.env,
    ...(providers && { providers }),
    ...(overrides && { overrides }),
    readInclude: (name, from) => {
      const path = resolve(dirname(resolve(io.cwd, from)), name);
      files.push(path);
      return { file: path, text: read(path) };
    },
  });
  if (!loaded.ok || loaded.snapshot.providerModules.length === 0) return { loaded, files, texts: texts.join('\0') };
  const { snapshot } = loaded;
  const [{ loadProviderModules }, { withModules }] = await Promise.all([import('./provider-modules.ts'), import('../config/providers.ts')]);
  const modules = await loadProviderModules(snapshot.providerModules, io.cwd);
  return {
    loaded:
      modules.problems.length > 0
        ? { ok: false, problems: sortProblems(modules.problems) }
        : { ok: true, snapshot: withModules(snapshot, modules.providers, modules.texts.join('\0')) },
    files: [...files, ...modules.files],
    texts: [...texts, ...modules.texts].join('\0'),
  };
};

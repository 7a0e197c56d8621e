import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Overrides } from '../config/build.ts';
import type { Loaded } from '../config/load.ts';
import type { ConfigSnapshot } from '../config/snapshot.ts';
import { sortProblems } from '../config/problem.ts';
import type { ReadInclude } from '../config/read-files.ts';
import type { Io } from './io.ts';
import type { SecretLoader } from './secrets.ts';

export interface ReadConfig {
  loaded: Loaded;
  /** The file and all that it includes, absolute: what to watch. */
  files: string[];
  /** All their texts: what tells an edit from a touch. */
  texts: string;
  /** Names that a secret manager may hold, which nobody asked. */
  unasked?: readonly string[];
}

/** Reads a configuration file and those it includes. Never throws: a file that cannot be read is a problem like others. */
export const readConfig = async (
  file: string,
  {
    io,
    providers,
    overrides,
    secrets,
  }: {
    io: Pick<Io, 'cwd' | 'env'>;
    providers?: Iterable<string>;
    overrides?: Overrides;
    /** Absent: no secret manager is asked, and what it holds counts as not set. */
    secrets?: SecretLoader;
  },
): Promise<ReadConfig> => {
  // Loaded here and not at the top: a start without a file needs neither YAML nor the schema.
  const [{ loadConfig }, { readFiles }, { mayHold, wantedSecrets }] = await Promise.all([
    import('../config/load.ts'),
    import('../config/read-files.ts'),
    import('../config/secret-managers.ts'),
  ]);
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
  const readInclude: ReadInclude = (name, from) => {
    const path = resolve(dirname(resolve(io.cwd, from)), name);
    files.push(path);
    return { file: path, text: read(path) };
  };
  const parsed = readFiles(text, file, readInclude);
  // A file with mistakes is refused anyhow: nobody is asked for it.
  const fetched = parsed.problems.length === 0 ? await secrets?.fetch(parsed.sources) : undefined;
  if (fetched?.ok === false) return { loaded: fetched, files, texts: texts.join('\0') };
  const loaded = loadConfig(text, {
    file,
    env: io.env,
    files: parsed,
    ...(fetched && { secrets: fetched.secrets }),
    ...(providers && { providers }),
    ...(overrides && { overrides }),
    readInclude,
  });
  const wanted = secrets === undefined && parsed.problems.length === 0 ? wantedSecrets(parsed.sources, io.env) : undefined;
  const unasked = wanted && { unasked: wanted.names.filter((name) => mayHold(wanted.managers, name)) };
  const snapshot = loaded.ok ? loaded.snapshot : undefined;
  if (!snapshot || (snapshot.providerModules.length === 0 && snapshot.tokens.modules.length === 0))
    return { loaded, files, texts: texts.join('\0'), ...unasked };
  const modules = await loadModules(snapshot, io.cwd);
  return {
    loaded: modules.loaded,
    files: [...files, ...modules.files],
    texts: [...texts, ...modules.texts].join('\0'),
    ...unasked,
  };
};

/** The configuration with what its modules give. */
const loadModules = async (snapshot: ConfigSnapshot, cwd: string): Promise<{ loaded: Loaded; files: string[]; texts: string[] }> => {
  const [{ loadProviderModules }, { withModules }, { loadAuthModules }, { withAuthHooks }] = await Promise.all([
    import('./provider-modules.ts'),
    import('../config/providers.ts'),
    import('./auth-modules.ts'),
    import('../config/auth-modules.ts'),
  ]);
  const vendors = await loadProviderModules(snapshot.providerModules, cwd);
  const auth = await loadAuthModules(snapshot.tokens.modules, cwd);
  const problems = [...vendors.problems, ...auth.problems];
  let whole = snapshot;
  if (snapshot.providerModules.length > 0) whole = withModules(whole, vendors.providers, vendors.texts.join('\0'));
  if (snapshot.tokens.modules.length > 0) whole = withAuthHooks(whole, auth.hooks, auth.texts.join('\0'));
  return {
    loaded: problems.length > 0 ? { ok: false, problems: sortProblems(problems) } : { ok: true, snapshot: whole },
    files: [...vendors.files, ...auth.files],
    texts: [...vendors.texts, ...auth.texts],
  };
};

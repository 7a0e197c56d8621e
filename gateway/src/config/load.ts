import { readAutoRouters } from './auto-router.ts';
import { buildSnapshot, type Overrides } from './build.ts';
import { leaveOutUnset } from './discovery-unset.ts';
import { mergeFiles, type ReadFile } from './merge.ts';
import { readIssues, type Findings } from './issues.ts';
import { sortProblems, type Problem } from './problem.ts';
import { checkCredentialNames, checkParams } from './params.ts';
import { readFiles, type ReadInclude } from './read-files.ts';
import { redisVariables } from './redis.ts';
import { referenceName, resolveReferences, type Lookup, type Unset } from './references.ts';
import { configSchema } from './schema/index.ts';
import { warnOfShellVariables } from './shell-variables.ts';
import type { ConfigSnapshot } from './snapshot.ts';
import type { Source } from './source.ts';

export interface LoadOptions {
  /** The file's name, for messages and for what it includes. */
  file: string;
  /** The process's environment. */
  env: Readonly<Record<string, string | undefined>>;
  readInclude?: ReadInclude;
  /** Ids of the providers that are built. */
  providers?: Iterable<string>;
  /** What the command line says; wins over the file. */
  overrides?: Overrides;
}

export type Loaded = { ok: true; snapshot: ConfigSnapshot } | { ok: false; problems: Problem[] };

/** Reads, checks and builds a configuration. Finds all mistakes, not the first. Never throws; no problem holds a value of the file. */
export const loadConfig = (text: string, options: LoadOptions): Loaded => {
  const { sources, problems } = readFiles(text, options.file, options.readInclude);
  const findings: Findings = { problems, notes: [], warnings: [] };
  const readable = sources.filter((source) => source.problems.length === 0 && isMapping(source.value));

  const own = ownVariables(readable, options.env);
  const used = new Set<string>();
  const lookup: Lookup = (name) => (Object.hasOwn(own, name) ? own[name] : options.env[name]);
  checkCredentialNames(readable, findings);
  const files = readable.map((source) => readFile(source, lookup, used, findings));

  if (problems.length > 0) return { ok: false, problems: sortProblems(problems) };
  const merged = mergeFiles(files, findings);
  const autoRouters = readAutoRouters(merged, findings, options.readInclude);
  for (const name of [...redisVariables, 'LITELLM_ENVIRONMENT']) used.add(name);
  const snapshot = buildSnapshot({
    ...merged,
    findings,
    file: options.file,
    builtIn: new Set(options.providers),
    overrides: options.overrides ?? {},
    fingerprint: [
      sources.map((source) => source.text),
      autoRouters.texts,
      [...used].toSorted().map((name) => [name, lookup(name) ?? null]),
    ],
    lookup,
    autoRouters,
  });
  // What only shows once the files are joined.
  return problems.length > 0 ? { ok: false, problems: sortProblems(problems) } : { ok: true, snapshot };
};

/** All mistakes of a configuration, in the order of the text; none: it loads. */
export const checkConfig = (text: string, options: LoadOptions): Problem[] => {
  const loaded = loadConfig(text, options);
  return loaded.ok ? [] : loaded.problems;
};

const readFile = (source: Source, lookup: Lookup, used: Set<string>, findings: Findings): ReadFile | undefined => {
  const unset: Unset[] = [];
  const resolved = resolveReferences(source.value, { lookup, unset, used });
  keepRequired(resolved, source.value);
  leaveOutUnset(resolved, source.value);
  const checked = configSchema.safeParse(resolved, { jitless: true });
  checkParams(source, findings);
  warnOfShellVariables(source, findings);
  if (!checked.success) readIssues(source, checked.error.issues, resolved, findings);
  // Unknown keys alone leave the values readable: notes are made of them too.
  const config = checked.success ? checked.data : withoutUnknown(resolved, checked.error.issues);
  return config && { source, config, raw: source.value as Record<string, unknown>, unset };
};

/** Parsed again without the keys that are known and not built. Undefined where something else is wrong. */
const withoutUnknown = (resolved: unknown, issues: readonly { code: string; path: PropertyKey[] }[]): ReadFile['config'] | undefined => {
  for (const issue of issues) {
    if (issue.code !== 'unrecognized_keys') return undefined;
    let holder = resolved as Record<PropertyKey, unknown>;
    for (const step of issue.path) holder = holder[step] as Record<PropertyKey, unknown>;
    for (const key of (issue as unknown as { keys: string[] }).keys) delete holder[key];
  }
  const again = configSchema.safeParse(resolved, { jitless: true });
  return again.success ? again.data : undefined;
};

/** A required name whose variable is not set keeps its reference, so that the deployment loads; calling it says what is missing. */
const keepRequired = (resolved: unknown, raw: unknown): void => {
  const entries = (value: unknown): unknown[] => (isMapping(value) && Array.isArray(value['model_list']) ? value['model_list'] : []);
  const rawEntries = entries(raw);
  for (const [at, entry] of entries(resolved).entries()) {
    const rawEntry = rawEntries[at];
    if (!isMapping(entry) || !isMapping(rawEntry)) continue;
    restore(entry, rawEntry, 'model_name');
    if (isMapping(entry['litellm_params']) && isMapping(rawEntry['litellm_params']))
      restore(entry['litellm_params'], rawEntry['litellm_params'], 'model');
  }
};

const restore = (holder: Record<string, unknown>, raw: Record<string, unknown>, key: string) => {
  if (holder[key] === undefined && referenceName(raw[key]) !== undefined) holder[key] = raw[key];
};

/** The files' `environment_variables`, the last one winning. They may refer to the process's. */
const ownVariables = (sources: readonly Source[], env: LoadOptions['env']): Record<string, string> => {
  const own: Record<string, string> = {};
  for (const source of sources) {
    const section = (source.value as Record<string, unknown>)['environment_variables'];
    if (!isMapping(section)) continue;
    for (const [name, value] of Object.entries(section)) {
      const reference = referenceName(value);
      const found = reference === undefined ? value : env[reference];
      if (typeof found === 'string' || typeof found === 'number' || typeof found === 'boolean') own[name] = String(found);
    }
  }
  return own;
};

const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

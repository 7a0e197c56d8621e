import type { Secret } from 'sluice/kit';
import { readAutoRouters } from './auto-router.ts';
import { buildSnapshot, type Overrides } from './build.ts';
import { leaveOutUnset } from './discovery-unset.ts';
import { mergeFiles, type ReadFile } from './merge.ts';
import { readIssues, type Findings } from './issues.ts';
import { ConfigOrigin, type BuildWith, type ReadMore } from './origin.ts';
import { sortProblems, type Problem } from './problem.ts';
import { checkCredentialNames, checkParams } from './params.ts';
import { readFiles, type ReadInclude } from './read-files.ts';
import { redisVariables } from './redis.ts';
import { referenceName, resolveReferences, type Lookup, type Unset } from './references.ts';
import { checkSecretManagers } from './secret-managers.ts';
import { configSchema } from './schema/index.ts';
import { maskMembers } from './stored/secret-members.ts';
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
  /** The files, where they were read already (`readFiles`); else they are. */
  files?: ReturnType<typeof readFiles>;
  /** Variables that secret managers hold. They win over `env`; the file's own win over them. */
  secrets?: Readonly<Record<string, Secret>>;
}

export type Loaded = { ok: true; snapshot: ConfigSnapshot } | { ok: false; problems: Problem[] };

/** Reads, checks and builds a configuration. Finds all mistakes, not the first. Never throws; no problem holds a value of the file. */
export const loadConfig = (text: string, options: LoadOptions): Loaded => {
  const { sources, problems: misread } = options.files ?? readFiles(text, options.file, options.readInclude);
  const problems = [...misread];
  const findings: Findings = { problems, notes: [], warnings: [] };
  const readable = sources.filter((source) => source.problems.length === 0 && isMapping(source.value));

  const { env, secrets = {} } = options;
  const outside: Lookup = (name) => (Object.hasOwn(secrets, name) ? secrets[name]!.reveal() : env[name]);
  const own = ownVariables(readable, outside);
  const used = new Set<string>(Object.keys(secrets));
  const lookup: Lookup = (name) => (Object.hasOwn(own, name) ? own[name] : outside(name));
  checkCredentialNames(readable, findings);
  checkSecretManagers(readable, findings);
  const files = readable.map((source) => readFile(source, lookup, used, findings));

  if (problems.length > 0) return { ok: false, problems: sortProblems(problems) };
  for (const name of [...redisVariables, 'LITELLM_ENVIRONMENT']) used.add(name);
  const said = { notes: [...findings.notes], warnings: [...findings.warnings] };
  const read = files.filter((file) => file !== undefined);
  const builtIn = new Set(options.providers);

  const build: BuildWith = (more, added) => {
    const found: Findings = { problems: [], notes: [...said.notes], warnings: [...said.warnings] };
    const names = new Set(used);
    for (const each of more) {
      found.notes.push(...each.findings.notes);
      found.warnings.push(...each.findings.warnings);
      for (const name of each.used) names.add(name);
    }
    const merged = mergeFiles([...read, ...more.map(({ file }) => file)], found);
    const autoRouters = readAutoRouters(merged, found, options.readInclude);
    const snapshot = buildSnapshot({
      ...merged,
      findings: found,
      file: options.file,
      builtIn,
      overrides: options.overrides ?? {},
      fingerprint: [
        sources.map((source) => source.text),
        autoRouters.texts,
        [...names].toSorted().map((name) => [name, lookup(name) ?? null]),
        ...added,
      ],
      lookup,
      secrets,
      autoRouters,
      origin,
    });
    // What only shows once the files are joined.
    return found.problems.length > 0 ? { ok: false, problems: sortProblems(found.problems) } : { ok: true, snapshot };
  };
  const readMore: ReadMore = (source) => {
    const found: Findings = { problems: [], notes: [], warnings: [] };
    const names = new Set<string>();
    const file = readFile(source, lookup, names, found);
    if (!file || found.problems.length > 0) return { ok: false, problems: sortProblems(found.problems) };
    readAutoRouters(mergeFiles([file], found), found, unreadable);
    return found.problems.length > 0
      ? { ok: false, problems: sortProblems(found.problems) }
      : { ok: true, part: { file, findings: found, used: [...names] } };
  };
  const origin = new ConfigOrigin(read, readMore, build, maskMembers);
  return build([], []);
};

/** What is no file names none: whoever may write to the database may not read the disk. */
const unreadable: ReadInclude = () => {
  throw Object.assign(new Error('not a file'), { code: 'only the configuration file may name files' });
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
const ownVariables = (sources: readonly Source[], outside: Lookup): Record<string, string> => {
  const own: Record<string, string> = {};
  for (const source of sources) {
    const section = (source.value as Record<string, unknown>)['environment_variables'];
    if (!isMapping(section)) continue;
    for (const [name, value] of Object.entries(section)) {
      const reference = referenceName(value);
      const found = reference === undefined ? value : outside(reference);
      if (typeof found === 'string' || typeof found === 'number' || typeof found === 'boolean') own[name] = String(found);
    }
  }
  return own;
};

const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

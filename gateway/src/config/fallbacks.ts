import type { FallbackLists, FallbackSettings, FallbackTarget } from 'sluice/kit';
import { note, type Findings } from './issues.ts';
import type { ReadFile } from './merge.ts';
import { holderOf, warnOfUnknown, type ModelNames } from './model-names.ts';
import { notOfRequests } from './params.ts';
import { pathText, type Path } from './problem.ts';
import { referenceName } from './references.ts';
import type { Config } from './schema/index.ts';
import type { ListsEntry, TargetEntries, TargetEntry } from './schema/fallbacks.ts';
import type { Source } from './source.ts';

interface Context {
  names: ModelNames;
  findings: Findings;
  source: Source | undefined;
}

type Lists = Record<string, readonly FallbackTarget[]>;

interface Input {
  settings: Pick<Config, 'litellm_settings' | 'router_settings'>;
  files: readonly ReadFile[];
  names: ModelNames;
  findings: Findings;
  /** What deployments say, by their names. */
  ownFallbacks: ReadonlyMap<string, readonly FallbackTarget[]>;
}

/** All kinds of fallbacks. What `router_settings` says of a kind wins over what `litellm_settings` says of it. */
export const fallbackSettings = (input: Input): FallbackSettings => {
  const router = input.settings.router_settings;
  const contextWindow = ofKind('context_window_fallbacks', input);
  const contentPolicy = ofKind('content_policy_fallbacks', input);
  const ofSettings: FallbackLists = {
    ...chainOf(router?.retry_policy?.fallbacks, ['router_settings', 'retry_policy', 'fallbacks'], input),
    ...defaultsOf(input),
    ...ofKind('fallbacks', input),
  };
  const general = { ...ofSettings, ...ownFirst(input.ownFallbacks, ofSettings) };
  return {
    ...(Object.keys(general).length > 0 && { general }),
    ...(contextWindow && { contextWindow }),
    ...(contentPolicy && { contentPolicy }),
    ...(router?.max_fallbacks !== undefined && { maxFallbacks: router.max_fallbacks }),
  };
};

/** What deployments of a name say goes before what the settings say of it. */
const ownFirst = (own: Input['ownFallbacks'], lists: FallbackLists): FallbackLists =>
  Object.fromEntries(
    [...own].map(([name, targets]) => {
      const all = [...targets, ...(lists[name] ?? lists['*'] ?? [])].filter((target) => target.name !== name || target.overrides);
      return [name, [...new Map(all.map((target) => [JSON.stringify(target), target])).values()]];
    }),
  );

type Kind = 'fallbacks' | 'context_window_fallbacks' | 'content_policy_fallbacks';

const sectionWith = (key: Kind | 'default_fallbacks', { settings }: Input): 'router_settings' | 'litellm_settings' | undefined =>
  (['router_settings', 'litellm_settings'] as const).find((section) => settings[section]?.[key] !== undefined);

const ofKind = (kind: Kind, input: Input): FallbackLists | undefined => {
  const section = sectionWith(kind, input);
  const given = section && input.settings[section]?.[kind];
  return given === undefined ? undefined : listsOf(given, [section!, kind], input);
};

const defaultsOf = (input: Input): FallbackLists => {
  const section = sectionWith('default_fallbacks', input);
  const given = section && input.settings[section]?.default_fallbacks;
  if (given === undefined) return {};
  const path = [section!, 'default_fallbacks'];
  return { '*': targetsOf(given, undefined, path, { ...input, source: holderOf(input.files, path) }) };
};

/** Names in order: what stands behind the one that failed. The last one has nothing behind it, and a name that is not in the list has all of it. */
const chainOf = (chain: readonly (string | undefined)[] | undefined, path: Path, { files, names, findings }: Input): FallbackLists => {
  const all = (chain ?? []).filter((name) => name !== undefined);
  if (all.length === 0) return {};
  const context = { names, findings, source: holderOf(files, path) };
  for (const [at, name] of all.entries()) warnOfUnknown(name, { ...context, path: [...path, at], what: 'names' });
  const targets = [...new Set(all)].map((name): FallbackTarget => ({ name }));
  return { '*': targets, ...Object.fromEntries(targets.map(({ name }, at) => [name, targets.slice(at + 1)])) };
};

const listsOf = (given: ListsEntry, path: Path, input: Input): FallbackLists => {
  const source = holderOf(input.files, path);
  const context: Context = { names: input.names, findings: input.findings, source };
  if (!Array.isArray(given)) return mapOf(given, path, context, {});
  const lists: Lists = {};
  const chain: string[] = [];
  for (const [at, entry] of given.entries()) {
    if (typeof entry === 'string') chain.push(entry);
    else mapOf(entry, [...path, at], context, lists);
  }
  return { ...chainOf(chain, path, input), ...lists };
};

const mapOf = (map: Readonly<Record<string, TargetEntries>>, path: Path, context: Context, into: Lists): Lists => {
  for (const [name, targets] of Object.entries(map)) {
    const place = [...path, name];
    // As in LiteLLM, the first list of a name is the one that holds.
    if (Object.hasOwn(into, name)) {
      warn(context, place, 'has a list above already, which holds');
      continue;
    }
    if (name !== '*' && name.includes('*'))
      warn(context, place, 'is a pattern, which no call asks for: lists are found by the name that is asked for, else under `*`');
    else if (name !== '*') warnOfUnknown(name, { ...context, path: place, what: 'is' });
    into[name] = targetsOf(targets, name, place, context);
  }
  return into;
};

/** @param from the name that fails, if it is one: it does not fall to itself */
export const targetsOf = (given: TargetEntries, from: string | undefined, path: Path, context: Context): FallbackTarget[] => {
  const result: FallbackTarget[] = [];
  for (const [at, entry] of (Array.isArray(given) ? given : [given]).entries()) {
    const place = Array.isArray(given) ? [...path, at] : path;
    const target = targetOf(entry, place, context);
    if (target.name === from && target.overrides === undefined) {
      warn(context, place, 'falls to itself, which is left out: retries do that');
      continue;
    }
    warnOfUnknown(target.name, { ...context, path: place, what: 'names' });
    result.push(target);
  }
  return result;
};

const targetOf = (entry: TargetEntry, path: Path, { findings, source }: Context): FallbackTarget => {
  if (typeof entry === 'string') return { name: entry };
  const { model, ...rest } = entry;
  for (const key of Object.keys(rest)) {
    if (!notOfRequests(key) || source === undefined) continue;
    const message = 'belongs to a deployment, not to a request: give it a `model_name` of its own in `model_list`, and name that here';
    findings.problems.push(source.problem([...path, key], message, { what: 'key' }));
  }
  // What is set in requests is no secret, and would be shown as it is.
  for (const key of Object.keys(rest)) {
    if (source === undefined || !holdsReference(valueAt(source.value, [...path, key]))) continue;
    findings.problems.push(
      source.problem([...path, key], 'takes no value from the environment, as it goes into requests', { what: 'key' }),
    );
  }
  return Object.keys(rest).length === 0 ? { name: model } : { name: model, overrides: rest as FallbackTarget['overrides'] & object };
};

const warn = ({ findings, source }: Context, path: Path, message: string): void => {
  if (source) findings.warnings.push(note(source, path, 'other', pathText(path), message));
};

const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce(
    (found: unknown, step) => (typeof found === 'object' && found !== null ? (found as Record<string | number, unknown>)[step] : undefined),
    value,
  );

const holdsReference = (value: unknown): boolean =>
  typeof value === 'object' && value !== null ? Object.values(value).some(holdsReference) : referenceName(value) !== undefined;

import type { z } from 'zod';
import { notBuilt, notBuiltForms, type Section } from './known-litellm.ts';
import { nearest } from './nearest.ts';
import { isPasted, pastedMessage } from './pasted.ts';
import { pathText, type Path, type Problem } from './problem.ts';
import { anchorKey, configJsonSchema, keysAt, type JsonSchema } from './schema/json-schema.ts';
import type { Source } from './source.ts';
import type { ConfigNote } from './snapshot.ts';

type Issue = z.core.$ZodIssue;

/** What reading found to say. */
export interface Findings {
  problems: Problem[];
  notes: ConfigNote[];
  warnings: ConfigNote[];
}

/** Turns the validator's issues into problems with places, and known but unbuilt settings into notes. */
export const readIssues = (source: Source, issues: readonly Issue[], resolved: unknown, findings: Findings): void => {
  let schema: JsonSchema | undefined;
  for (const issue of issues.flatMap((each) => flatten(each))) {
    const path = issue.path as (string | number)[];
    if (issue.code !== 'unrecognized_keys') {
      findings.problems.push(valueProblem(source, issue, path, valueAt(resolved, path)));
      continue;
    }
    for (const key of issue.keys) {
      const section = sectionOf(path);
      if (section === 'top' && anchorKey.test(key)) continue;
      if (section && isNotBuilt(section, key)) {
        findings.notes.push(note(source, [...path, key], 'not-built', nameOf(section, key)));
        continue;
      }
      if (section && isPasted(section, key)) {
        findings.warnings.push(note(source, [...path, key], 'other', nameOf(section, key), pastedMessage));
        continue;
      }
      const home = section && unbuiltHome(section, key);
      if (home) {
        findings.notes.push(note(source, [...path, key], 'not-built', nameOf(section, key), `it belongs to \`${home}\``));
        continue;
      }
      schema ??= configJsonSchema();
      findings.problems.push(unknownKey(source, path, key, schema));
    }
  }
};

export const note = (source: Source, path: Path, kind: ConfigNote['kind'], key: string, message = ''): ConfigNote => ({
  kind,
  key,
  path: pathText(path),
  message,
  file: source.file,
  ...source.locate(path, 'key'),
});

export const isNotBuilt = (section: Section, key: string): boolean =>
  notBuilt[section].includes(key) || (notBuiltForms[section]?.test(key) ?? false);

const nameOf = (section: Section, key: string): string => (section === 'top' ? key : `${section}.${key}`);

const settings = ['litellm_settings', 'router_settings', 'general_settings'] as const satisfies readonly Section[];

/** Where a key that stands in the wrong section would be without effect as well, so that the file need not be refused over it. */
const unbuiltHome = (section: Section, key: string): Section | undefined =>
  (settings as readonly Section[]).includes(section) ? settings.find((other) => other !== section && isNotBuilt(other, key)) : undefined;

const sectionOf = (path: Path): Section | undefined => {
  if (path.length === 0) return 'top';
  if (path[0] === 'model_list' && path.length === 2) return 'model';
  if (path[0] === 'providers' && path.length === 2) return 'provider';
  const last = path[path.length - 1];
  if (path.length === 1 && (last === 'litellm_settings' || last === 'router_settings' || last === 'general_settings')) return last;
  if (path[1] === 'model_group_retry_policy' && path.length === 3) return 'retry_policy';
  if (path.length === 2 && (last === 'retry_policy' || last === 'allowed_fails_policy')) return last;
  if (path.length === 3 && path[1] === 'pass_through_endpoints') return 'pass_through_endpoints';
  if (path.length === 2 && path[0] === 'team_settings') return 'team_settings';
  if (path.length === 2 && last === 'alerting_args') return 'alerting_args';
  return undefined;
};

const unknownKey = (source: Source, path: Path, key: string, schema: JsonSchema): Problem => {
  const near = nearest(key, keysAt(schema, path)) ?? elsewhere(key, path, schema);
  return source.problem([...path, key], `unknown key`, { what: 'key', ...(near !== undefined && { suggestion: near }) });
};

/** A key that is right and in the wrong section. */
const elsewhere = (key: string, path: Path, schema: JsonSchema): string | undefined => {
  const here = pathText(path);
  const holds = (section: Path) => keysAt(schema, section).includes(key);
  if (path[0] === 'model_list' && !here.endsWith('litellm_params') && holds(['model_list', 0, 'litellm_params']))
    return `litellm_params.${key}`;
  for (const section of ['litellm_settings', 'router_settings', 'general_settings', 'sluice_settings']) {
    if (section !== here && holds([section])) return `${section}.${key}`;
  }
  return keysAt(schema, []).find((each) => each === key);
};

/** Of a union's branches, the one that was meant: whose kind fits. */
const flatten = (issue: Issue): Issue[] => {
  if (issue.code !== 'invalid_union') return [issue];
  const meant = issue.errors.find((branch) => !branch.some((each) => each.path.length === 0 && each.code === 'invalid_type'));
  if (!meant) return [issue];
  return meant.flatMap((each) => flatten({ ...each, path: [...issue.path, ...each.path] } as Issue));
};

const kinds: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
};

const valueProblem = (source: Source, issue: Issue, path: Path, value: unknown): Problem => {
  if (value === undefined && issue.code === 'invalid_type') return source.problem(path, 'is missing', { what: 'key' });
  switch (issue.code) {
    case 'invalid_type':
      return source.problem(path, `must be ${kinds[issue.expected] ?? issue.expected}`);
    case 'invalid_value': {
      const suggestion = typeof value === 'string' ? nearest(value, issue.values.map(String)) : undefined;
      return source.problem(path, `must be one of ${issue.values.map(String).join(', ')}`, suggestion === undefined ? {} : { suggestion });
    }
    case 'too_small':
      return source.problem(path, issue.origin === 'string' ? 'must not be empty' : `must be at least ${issue.minimum}`);
    case 'too_big':
      return source.problem(path, `must be at most ${issue.maximum}`);
    case 'invalid_union':
      return source.problem(path, 'is of the wrong kind');
    case 'custom':
      return source.problem(path, issue.message);
    default:
      return source.problem(path, 'is not valid');
  }
};

const valueAt = (value: unknown, path: Path): unknown => {
  let found = value;
  for (const step of path) {
    if (typeof found !== 'object' || found === null) return undefined;
    found = (found as Record<string | number, unknown>)[step];
  }
  return found;
};

import { note, type Findings } from './issues.ts';
import type { ReadFile } from './merge.ts';
import { nearest } from './nearest.ts';
import { matchesPattern } from './pattern.ts';
import { pathText, type Path } from './problem.ts';
import type { Deployment } from './snapshot.ts';
import type { Source } from './source.ts';

/** What may be asked for: names and patterns, ids, other names. Access groups are for lists of models, and are not asked for. */
export interface ModelNames {
  has(name: string): boolean;
  nearest(name: string): string | undefined;
}

export const modelNames = (deployments: readonly Deployment[], aliases: Readonly<Record<string, unknown>>): ModelNames => {
  const known = new Set([...deployments.map(({ modelName }) => modelName), ...Object.keys(aliases)]);
  const patterns = [...known].filter((name) => name.includes('*'));
  const ids = new Set(deployments.map(({ id }) => id));
  return {
    has: (name) => known.has(name) || ids.has(name) || patterns.some((pattern) => matchesPattern(pattern, name)),
    nearest: (name) => nearest(name, [...known]),
  };
};

/** The file that a setting is from: of several the last one, as that one holds. */
export const holderOf = (files: readonly ReadFile[], path: Path): Source | undefined =>
  files.findLast(({ config }) => {
    let found: unknown = config;
    for (const step of path) found = (found as Record<string | number, unknown> | undefined)?.[step];
    return found !== undefined;
  })?.source;

/** A warning where a name is none that may be asked for. */
export const warnOfUnknown = (
  name: string,
  { names, findings, source, path, what }: { names: ModelNames; findings: Findings; source: Source | undefined; path: Path; what: string },
): void => {
  if (source === undefined || names.has(name)) return;
  const near = names.nearest(name);
  const message = `${what} a model name that is not in \`model_list\`${near === undefined ? '' : ` (did you mean ${near}?)`}`;
  findings.warnings.push(note(source, path, 'other', `${pathText(path)} ${name}`, message));
};

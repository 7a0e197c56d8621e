import { note, type Findings } from './issues.ts';
import { pathText, type Path } from './problem.ts';
import type { Source } from './source.ts';

/** `$NAME`, `${NAME}` and `${NAME:-...}`, alone. */
const shellVariable = /^\$(\w+|\{(\w+)[^}]*\})$/;

/** People write the shell's variables where this file has its own form: they would go out as they are, as somebody's key. */
export const warnOfShellVariables = (source: Source, findings: Findings): void => walk(source, source.value, [], findings);

const walk = (source: Source, value: unknown, path: Path, findings: Findings): void => {
  if (typeof value === 'string') {
    const [, plain, braced] = shellVariable.exec(value) ?? [];
    const name = braced ?? plain;
    if (name !== undefined)
      findings.warnings.push(
        note(source, path, 'other', pathText(path), `is taken as it is; to have the variable's value, write os.environ/${name}`),
      );
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) walk(source, item, [...path, Array.isArray(value) ? Number(key) : key], findings);
  }
};

import type { Problem } from './problem.ts';
import { parseSource, type Source } from './source.ts';

/** Reads a file that an `include` names. Throws where it cannot; only the error's `code` is shown. */
export type ReadInclude = (name: string, from: string) => { file: string; text: string };

const maxFiles = 100;

/** The file and all that it includes, each once, in order; and what was wrong with reading them. */
export const readFiles = (text: string, file: string, readInclude: ReadInclude | undefined): { sources: Source[]; problems: Problem[] } => {
  const sources: Source[] = [];
  const problems: Problem[] = [];
  const seen = new Set<string>();

  const read = (source: Source) => {
    seen.add(source.file);
    sources.push(source);
    problems.push(...source.problems);
    if (source.problems.length > 0) return;
    if (typeof source.value !== 'object' || Array.isArray(source.value)) {
      problems.push(source.problem([], 'must be a mapping of sections such as `model_list`'));
      return;
    }
    const included = (source.value as Record<string, unknown>)['include'];
    if (!Array.isArray(included)) return;
    for (const [at, name] of included.entries()) {
      if (typeof name !== 'string') continue;
      const place = ['include', at];
      if (!readInclude) problems.push(source.problem(place, 'cannot be read here: the configuration is not a file'));
      else if (sources.length >= maxFiles) problems.push(source.problem(place, `more than ${maxFiles} files`));
      else {
        try {
          const next = readInclude(name, source.file);
          if (seen.has(next.file)) problems.push(source.problem(place, 'is included already'));
          else read(parseSource(next.text, next.file));
        } catch (error) {
          const code = (error as { code?: unknown }).code;
          problems.push(source.problem(place, `cannot be read${typeof code === 'string' ? ` (${code})` : ''}`));
        }
      }
    }
  };

  read(parseSource(text, file));
  return { sources, problems };
};

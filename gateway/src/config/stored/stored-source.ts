import { pathText, type Path } from '../problem.ts';
import type { Source } from '../source.ts';
import type { StoredKind } from './stored-view.ts';

/**
 * Something of the database in the form of a file, so that the same code reads, checks and builds it.
 * @param inside where it is in that form: messages do not say it
 */
export const storedSource = (kind: StoredKind, id: string, value: Readonly<Record<string, unknown>>, inside: Path): Source => {
  const file = `the database, ${kind} ${id}`;
  return {
    file,
    text: '',
    value,
    problems: [],
    locate: () => ({ line: 1, column: 1 }),
    problem: (path, message, { suggestion } = {}) => ({
      file,
      line: 1,
      column: 1,
      path: pathText(inside.every((step, at) => path[at] === step) ? path.slice(inside.length) : path),
      message,
      ...(suggestion !== undefined && { suggestion }),
    }),
  };
};

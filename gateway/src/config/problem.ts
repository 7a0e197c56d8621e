/** A mistake in a configuration. Never holds a value of the file, which may be a secret: only names of keys. */
export interface Problem {
  file: string;
  /** From 1. */
  line: number;
  /** From 1. */
  column: number;
  /** `model_list[0].litellm_params.rpm`; empty for the file as a whole. */
  path: string;
  message: string;
  /** The nearest known key or word. */
  suggestion?: string;
}

export type Path = readonly (string | number)[];

/** `['model_list', 0, 'litellm_params']` -> `model_list[0].litellm_params` */
export const pathText = (path: Path): string => {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (/^[\w-]+$/.test(step)) text += text === '' ? step : `.${step}`;
    else text += `[${JSON.stringify(step)}]`;
  }
  return text;
};

/** One line as compilers write them, so that editors can jump to it: `config.yaml:3:5: unknown key ...`. */
export const formatProblem = ({ file, line, column, path, message, suggestion }: Problem): string =>
  `${file}:${line}:${column}: ${path === '' ? '' : `${path}: `}${message}${suggestion === undefined ? '' : ` (did you mean ${suggestion}?)`}`;

/** In the order of the text, each once. */
export const sortProblems = (problems: readonly Problem[]): Problem[] => {
  const seen = new Set<string>();
  return problems
    .toSorted((a, b) => a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column)
    .filter((problem) => {
      const text = formatProblem(problem);
      if (seen.has(text)) return false;
      seen.add(text);
      return true;
    });
};

import { table } from '../../lib/table.ts';
const words: Readonly<Record<string, string>> = table({ True: 'true', False: 'false', None: 'null' });

const token = /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|\b(?:True|False|None)\b/gs;

const quoted = (text: string): string => {
  if (text.startsWith('"')) return text;
  // JSON knows no \' and wants \" inside.
  const inner = text.slice(1, -1).replaceAll(/\\.|"/gs, (match) => (match === "\\'" ? "'" : match === '"' ? '\\"' : match));
  return `"${inner}"`;
};

/**
 * Small servers print the arguments of a call as a Python dict, `{'city': 'Paris', 'metric': True}`. As JSON, or as it was
 * where that does not make JSON of it.
 */
export const fromPythonDict = (text: string): string => {
  const json = text.replaceAll(token, (match) => words[match] ?? quoted(match));
  try {
    JSON.parse(json);
    return json;
  } catch {
    return text;
  }
};

/** JSON never begins so. */
export const isPythonDict = (text: string): boolean => /^\s*\{\s*'/.test(text);

import { table } from '../../lib/table.ts';
/** One step into a value: a member's name, or the place in a list. */
export type Step = string | number;

/** `.name`, `[0]`, `['a name']` and `["a name"]`: all that a path to one value is made of (RFC 9535, 2.7 and 2.3). */
const step = /\.([^.[\]]+)|\[(\d+)\]|\[('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")\]/y;

/** `$.foo.bar[0].data` -> `['foo', 'bar', 0, 'data']`; undefined where it is no path to one value. */
export const parseJsonPath = (path: string): Step[] | undefined => {
  if (!path.startsWith('$')) return undefined;
  const steps: Step[] = [];
  step.lastIndex = 1;
  while (step.lastIndex < path.length) {
    const found = step.exec(path);
    if (!found) return undefined;
    const [, name, index, quoted] = found;
    steps.push(name ?? (index === undefined ? unquote(quoted!) : Number(index)));
  }
  return steps;
};

const unquote = (quoted: string): string =>
  quoted
    .slice(1, -1)
    .replaceAll(/\\(?:u([0-9a-fA-F]{4})|(.))/g, (_, code?: string, plain?: string) =>
      code === undefined ? (escapes[plain!] ?? plain!) : String.fromCharCode(Number.parseInt(code, 16)),
    );

const escapes: Readonly<Record<string, string>> = table({ b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' });

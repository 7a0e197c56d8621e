/** A filter of SCIM (RFC 7644, section 3.4.2.2, read 2026-11-22). */
export type Filter =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Filter[] }
  | { readonly kind: 'not'; readonly part: Filter }
  /** `emails[type eq "work"]` */
  | { readonly kind: 'within'; readonly path: string; readonly part: Filter }
  | { readonly kind: 'compare'; readonly path: string; readonly operator: Operator; readonly value: FilterValue };

export type Operator = 'eq' | 'ne' | 'co' | 'sw' | 'ew' | 'gt' | 'ge' | 'lt' | 'le' | 'pr';
export type FilterValue = string | number | boolean | null;

const operators: ReadonlySet<string> = new Set(['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le', 'pr']);
const maxChars = 4096;
const maxDepth = 20;

/** What is no filter. The message is for the client. */
export class FilterProblem extends Error {}

/** Each part begins with a character of its own, so that no text is read twice. */
const token = /\s*(?:("(?:[^"\\]|\\.)*")|([()[\]])|([^\s()[\]"]+))/y;

/** @throws FilterProblem */
export const parseFilter = (text: string): Filter => {
  if (text.length > maxChars) throw new FilterProblem(`A filter has at most ${maxChars} characters.`);
  const tokens = tokensOf(text);
  let at = 0;
  const peek = (): string | undefined => tokens[at];
  const next = (): string => {
    const found = tokens[at++];
    if (found === undefined) throw new FilterProblem('The filter ends too early.');
    return found;
  };
  const expect = (wanted: string): void => {
    const found = next();
    if (found !== wanted) throw new FilterProblem(`The filter has ${JSON.stringify(found.slice(0, 50))} where ${wanted} should be.`);
  };
  const either = (depth: number): Filter => joined('or', depth, () => joined('and', depth, () => one(depth)));
  const joined = (word: 'and' | 'or', depth: number, part: () => Filter): Filter => {
    if (depth > maxDepth) throw new FilterProblem('The filter is nested too deeply.');
    const parts = [part()];
    while (peek()?.toLowerCase() === word) {
      next();
      parts.push(part());
    }
    return parts.length === 1 ? parts[0]! : { kind: word, parts };
  };
  const one = (depth: number): Filter => {
    const first = next();
    if (first === '(') {
      const inner = either(depth + 1);
      expect(')');
      return inner;
    }
    if (first.toLowerCase() === 'not' && peek() === '(') {
      expect('(');
      const part = either(depth + 1);
      expect(')');
      return { kind: 'not', part };
    }
    if (!/^[A-Za-z$][\w.:$-]*$/.test(first)) throw new FilterProblem(`${JSON.stringify(first.slice(0, 50))} is no attribute.`);
    if (peek() === '[') {
      expect('[');
      const part = either(depth + 1);
      expect(']');
      return { kind: 'within', path: first, part };
    }
    const operator = next().toLowerCase();
    if (!operators.has(operator)) throw new FilterProblem(`${JSON.stringify(operator.slice(0, 50))} is no operator of a filter.`);
    return { kind: 'compare', path: first, operator: operator as Operator, value: operator === 'pr' ? null : valueOf(next()) };
  };
  const filter = either(0);
  if (at < tokens.length) throw new FilterProblem(`The filter goes on with ${JSON.stringify(tokens[at]!.slice(0, 50))} after its end.`);
  return filter;
};

const tokensOf = (text: string): string[] => {
  const tokens: string[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < text.length) {
    const from = token.lastIndex;
    const match = token.exec(text);
    if (!match) {
      if (text.slice(from).trim() === '') break;
      throw new FilterProblem(`The filter cannot be read from ${JSON.stringify(text.slice(from, from + 50))} on.`);
    }
    tokens.push(match[1] ?? match[2] ?? match[3]!);
  }
  return tokens;
};

const valueOf = (text: string): FilterValue => {
  try {
    const value: unknown = JSON.parse(/^(?:true|false|null)$/i.test(text) ? text.toLowerCase() : text);
    if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  } catch {
    // Said below.
  }
  throw new FilterProblem(`${JSON.stringify(text.slice(0, 50))} is no value: texts stand in double quotes.`);
};

/** How genai-prices says which names are a model's. */
export type Match =
  | { equals: string }
  | { starts_with: string }
  | { ends_with: string }
  | { contains: string }
  | { regex: string }
  | { or: Match[] }
  | { and: Match[] };

const escape = (text: string): string => text.replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&');

/** `claude-sonnet-5-7` begins as `claude-sonnet-5` does and is another model: nobody knows its price yet. */
const notNext = '(?![.-]?\\d{1,2}(?:\\D|$))';

/** A pattern for one that is no exact name: anchored where it must be, so that several can stand beside each other. */
const source = (match: Match): string => {
  if ('equals' in match) return `^${escape(match.equals)}$`;
  if ('starts_with' in match) return `^${escape(match.starts_with)}${notNext}`;
  if ('ends_with' in match) return `${escape(match.ends_with)}$`;
  if ('contains' in match) return escape(match.contains);
  if ('regex' in match) return match.regex;
  if ('or' in match) return match.or.map(source).join('|');
  return `^${match.and.map((each) => `(?=.*?(?:${source(each)}))`).join('')}`;
};

/** Exact names apart from the rest. */
export const patternOf = (match: Match): { names: string[]; pattern?: string } => {
  const parts = 'or' in match ? match.or : [match];
  const names = parts.flatMap((part) => ('equals' in part ? [part.equals] : []));
  const rest = parts.filter((part) => !('equals' in part));
  return rest.length === 0 ? { names } : { names, pattern: rest.map(source).join('|') };
};

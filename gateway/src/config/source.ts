import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node, type Pair, type YAMLMap } from 'yaml';
import { pathText, type Path, type Problem } from './problem.ts';

/** A parsed file: plain values, and where each of them stands. */
export interface Source {
  file: string;
  text: string;
  /** The document as plain values; undefined if it cannot be read. */
  value: unknown;
  /** Mistakes of the YAML itself. */
  problems: Problem[];
  /** Where the value at a path, or its key, begins; the nearest enclosing one where the path leads nowhere. */
  locate(path: Path, what?: 'key' | 'value'): { line: number; column: number };
  /** A problem at a place. */
  problem(path: Path, message: string, options?: { what?: 'key' | 'value'; suggestion?: string }): Problem;
}

/**
 * The parser's own messages quote the text, which may be a secret; these do not.
 * Codes: https://eemeli.org/yaml/#errors, read 2026-11-21.
 */
const messages: Record<string, string> = {
  ALIAS_PROPS: 'an alias (`*name`) can have no anchor or tag of its own',
  BAD_ALIAS: 'this alias (`*name`) has no name, or one that YAML does not allow',
  BAD_COLLECTION_TYPE: 'this tag does not fit a list or a mapping',
  BAD_DIRECTIVE: 'this line begins with % and is no directive that YAML knows',
  BAD_DQ_ESCAPE: 'unknown escape in a double-quoted text; use single quotes to have backslashes as they are',
  BAD_INDENT: 'wrong indentation: it must be the same for all keys of a mapping and all items of a list',
  BAD_PROP_ORDER: 'anchors and tags must stand after the indicator of the item',
  BAD_SCALAR_START: 'a plain text cannot begin with this character; put it in quotes',
  BLOCK_AS_IMPLICIT_KEY:
    'a mapping inside this line: a `: ` too many, a line break is missing, or the next line is indented too far; put texts with `: ` in quotes',
  BLOCK_IN_FLOW: 'an indented block cannot stand inside { } or [ ]',
  DUPLICATE_KEY: 'this key is given twice; the first one would be lost',
  IMPOSSIBLE: 'this is not valid YAML',
  KEY_OVER_1024_CHARS: 'a key of more than 1024 characters',
  MISSING_CHAR: 'something is missing here: a closing quote or bracket, a comma, or a space after the colon',
  MULTILINE_IMPLICIT_KEY: 'a key must be on one line; a quote or a colon is probably missing above',
  MULTIPLE_ANCHORS: 'more than one anchor',
  MULTIPLE_DOCS: 'more than one document in the file (`---`); put the second one in a file of its own and `include` it',
  MULTIPLE_TAGS: 'more than one tag',
  NON_STRING_KEY: 'a key that is no text',
  RESOURCE_EXHAUSTION: 'nested too deep, or too many aliases',
  TAB_AS_INDENT: 'a tab as indentation; YAML allows spaces only',
  TAG_RESOLVE_FAILED: 'the value does not fit its tag, or the tag is unknown',
  UNEXPECTED_TOKEN: 'unexpected here; probably a quote, a colon or an indentation is missing above',
};

/** One code is given for several causes; the beginnings of the parser's own words, which hold nothing of the text, tell them apart. */
const finer: readonly (readonly [start: string, message: string])[] = [
  ['Sequence item without -', 'wrong indentation: this belongs neither to the item above nor to the list; or its `- ` is missing'],
  ['Flow ', 'a `]` or `}` is missing above, or this line must be indented further'],
];

const messageOf = ({ code, message }: { code: string; message: string }): string =>
  finer.find(([start]) => message.startsWith(start))?.[1] ?? messages[code] ?? messages['IMPOSSIBLE']!;

export const parseSource = (text: string, file: string): Source => {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true, logLevel: 'error' });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(Math.min(offset, text.length));
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const locate: Source['locate'] = (path, what = 'value') => at(offsetOf(document, path, what));
  const problem: Source['problem'] = (path, message, { what = 'value', suggestion } = {}) => ({
    file,
    ...locate(path, what),
    path: pathText(path),
    message,
    ...(suggestion !== undefined && { suggestion }),
  });

  const problems = [...document.errors, ...document.warnings].map((error): Problem => ({
    file,
    ...at(error.pos[0]),
    path: '',
    message: messageOf(error),
  }));
  let value: unknown;
  if (problems.length === 0) {
    try {
      value = document.toJS() ?? {};
    } catch {
      problems.push({
        file,
        line: 1,
        column: 1,
        path: '',
        message: 'an alias (`*name`) without its anchor (`&name`), or too many of them',
      });
    }
  }
  return { file, text, value, problems, locate, problem };
};

const offsetOf = (document: Document, path: Path, what: 'key' | 'value'): number => {
  let node: unknown = document.contents;
  let offset = start(node) ?? 0;
  for (const [depth, step] of path.entries()) {
    const pair = pairOf(document, resolve(document, node), step);
    if (!pair) return offset;
    node = pair.value;
    const wantKey = what === 'key' && depth === path.length - 1;
    const found = wantKey ? start(pair.key) : (start(node) ?? start(pair.key));
    offset = found ?? offset;
  }
  return offset;
};

const pairOf = (document: Document, node: unknown, step: string | number): { key: unknown; value: unknown } | undefined => {
  if (isSeq(node)) {
    const item = node.items[Number(step)];
    return item === undefined ? undefined : { key: item, value: item };
  }
  if (!isMap(node)) return undefined;
  const own = node.items.find((pair) => keyText(pair) === String(step));
  if (own) return own;
  // A key that came in by `<<: *anchor` stands where the anchor is.
  for (const pair of node.items) {
    if (keyText(pair) !== '<<') continue;
    const merged = resolve(document, pair.value);
    for (const each of isSeq(merged) ? merged.items.map((item) => resolve(document, item)) : [merged]) {
      const found = pairOf(document, each, step);
      if (found) return found;
    }
  }
  return undefined;
};

const keyText = ({ key }: YAMLMap['items'][number] | Pair): string => {
  if (!isScalar(key)) return '';
  return typeof key.value === 'symbol' ? '<<' : String(key.value);
};

const resolve = (document: Document, node: unknown): unknown => (isAlias(node) ? node.resolve(document) : node);

const start = (node: unknown): number | undefined => (node as Node | null | undefined)?.range?.[0];

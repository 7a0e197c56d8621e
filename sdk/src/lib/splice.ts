const quote = 34;
const backslash = 92;

interface Member {
  key: string;
  keyStart: number;
  valueStart: number;
  valueEnd: number;
}

/**
 * Sets or removes top-level members of a JSON object's text and leaves every other byte as it was: numbers that
 * JavaScript would round, the order, the escapes, the whitespace. So a body that is passed on stays what the client sent.
 *
 * A member that stands twice is set in both places (parsers differ in which one counts) or removed from both; one that
 * is not there is added at the end.
 * @param text of a JSON object; what is not one throws, though not every mistake inside is seen
 * @param members name -> the new value as JSON text, or undefined to remove the member
 * @throws SyntaxError where the text is not an object
 */
export const spliceTopLevel = (text: string, members: Readonly<Record<string, string | undefined>>): string => {
  const changes = new Map(Object.entries(members));
  if (changes.size === 0) return text;
  const { list, open } = membersOf(text);
  const present = new Set<string>();

  let out = text.slice(0, list[0]?.keyStart ?? open + 1);
  /** What stands between the last member that stays and the one behind it: a comma with the whitespace around. */
  let separator = '';
  list.forEach(({ key, keyStart, valueStart, valueEnd }, at) => {
    const value = changes.get(key);
    if (value === undefined && changes.has(key)) return;
    present.add(key);
    out += separator + (value === undefined ? text.slice(keyStart, valueEnd) : text.slice(keyStart, valueStart) + value);
    separator = text.slice(valueEnd, list[at + 1]?.keyStart ?? valueEnd);
  });
  separator = present.size > 0 ? ',' : '';
  for (const [key, value] of changes) {
    if (value === undefined || present.has(key)) continue;
    out += `${separator}${JSON.stringify(key)}:${value}`;
    separator = ',';
  }
  return out + text.slice(list.at(-1)?.valueEnd ?? open + 1);
};

const membersOf = (text: string): { list: Member[]; open: number } => {
  const open = skipSpace(text, 0);
  if (text[open] !== '{') throw new SyntaxError('The text is not a JSON object.');
  const list: Member[] = [];
  let at = skipSpace(text, open + 1);
  if (text[at] === '}') return { list, open };
  for (;;) {
    const keyStart = at;
    if (text.charCodeAt(keyStart) !== quote) throw unexpected(keyStart);
    const keyEnd = stringEnd(text, keyStart);
    at = skipSpace(text, keyEnd);
    if (text[at] !== ':') throw unexpected(at);
    const valueStart = skipSpace(text, at + 1);
    const valueEnd = endOfValue(text, valueStart);
    const raw = text.slice(keyStart + 1, keyEnd - 1);
    list.push({ key: raw.includes('\\') ? (JSON.parse(`"${raw}"`) as string) : raw, keyStart, valueStart, valueEnd });
    at = skipSpace(text, valueEnd);
    if (text[at] === '}') return { list, open };
    if (text[at] !== ',') throw unexpected(at);
    at = skipSpace(text, at + 1);
  }
};

const unexpected = (at: number): SyntaxError => new SyntaxError(`Unexpected character in JSON at position ${at}.`);

const skipSpace = (text: string, from: number): number => {
  let at = from;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return at;
    at++;
  }
};

/**
 * Where the string that begins at `start` is over. Jumps from quote to quote, so that large texts cost next to nothing;
 * behind an escaped quote it walks for a while, because where there is one there are many (code, JSON in a string).
 */
const stringEnd = (text: string, start: number): number => {
  let from = start + 1;
  for (;;) {
    const at = text.indexOf('"', from);
    if (at === -1) throw new SyntaxError('Unterminated string in JSON.');
    let before = at - 1;
    while (text.charCodeAt(before) === backslash) before--;
    if ((at - before) % 2 === 1) return at + 1;
    from = at + 1;
    for (const limit = from + 512; from < limit;) {
      const code = text.charCodeAt(from);
      if (code === quote) return from + 1;
      from += code === backslash ? 2 : 1;
    }
  }
};

const endOfValue = (text: string, start: number): number => {
  const first = text.charCodeAt(start);
  if (first === quote) return stringEnd(text, start);
  if (first !== 123 && first !== 91) {
    let at = start;
    // A number, true, false or null is of letters, digits and `+-.`: all of them above the comma but `+`.
    for (let code = first; (code > 44 && code < 123) || code === 43; code = text.charCodeAt(at)) at++;
    if (at === start) throw unexpected(at);
    return at;
  }
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) at = stringEnd(text, at) - 1;
    else if (code === 123 || code === 91) depth++;
    else if ((code === 125 || code === 93) && --depth === 0) return at + 1;
  }
  throw new SyntaxError('Unterminated object or array in JSON.');
};

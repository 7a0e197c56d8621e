/**
 * Replaces the value of one top-level member of a JSON object's text, where the text makes that easy: the name stands in it
 * once, so it is the member. Native searches instead of a walk, which matters for prompts of hundreds of kilobytes.
 * @param before the member's value as the parsed object has it
 * @returns undefined where it is not that easy (use `spliceTopLevel`): the name stands in it twice, or escapes may hide it
 */
export const replaceMember = (text: string, name: string, before: unknown, after: string): string | undefined => {
  const key = JSON.stringify(name);
  const at = text.indexOf(key);
  if (at === -1 || text.includes(key, at + key.length) || text.includes('\\u')) return undefined;
  let start = skipSpace(text, at + key.length);
  if (text.charCodeAt(start) !== 58) return undefined;
  start = skipSpace(text, start + 1);
  const value = JSON.stringify(before);
  if (!text.startsWith(value, start)) return undefined;
  // A number may go on where its shortest spelling ends (`0.1e-400` is 0).
  const end = start + value.length;
  const next = text.charCodeAt(skipSpace(text, end));
  return next === comma || next === brace ? text.slice(0, start) + after + text.slice(end) : undefined;
};

const comma = 44;
const brace = 125;

const skipSpace = (text: string, from: number): number => {
  let at = from;
  for (let code = text.charCodeAt(at); code === 32 || (code >= 9 && code <= 13); code = text.charCodeAt(at)) at++;
  return at;
};

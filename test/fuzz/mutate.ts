import { oddNames, oddText, oddValue, write } from './values.ts';
import type { Choice } from './random.ts';

type Container = Record<string, unknown> | unknown[];

const isContainer = (value: unknown): value is Container => typeof value === 'object' && value !== null;

/** Every place in a value: the object or list, and the key in it. */
const placesOf = (root: Container): { holder: Container; key: string }[] => {
  const places: { holder: Container; key: string }[] = [];
  const walk = (holder: Container) => {
    for (const key of Object.keys(holder)) {
      places.push({ holder, key });
      const value = (holder as Record<string, unknown>)[key];
      if (isContainer(value)) walk(value);
    }
  };
  walk(root);
  return places;
};

/** As its own member, whatever its name: assignment to `__proto__` would do something else. */
const put = (holder: Container, key: string, value: unknown): void => {
  // JSON has no lists with names in them.
  if (Array.isArray(holder) && !/^\d+$/.test(key)) holder.push(value);
  else Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
};

const remove = (holder: Container, key: string): void => {
  if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else delete holder[key];
};

interface Place {
  holder: Container;
  key: string;
  value: unknown;
  /** Any other value of the whole. */
  elsewhere: unknown;
}

type Change = (place: Place, choice: Choice) => void;

const otherText = (text: string, choice: Choice): unknown => {
  const at = choice.int(text.length + 1);
  return choice.pick([
    text.slice(0, at),
    text.slice(0, at) + oddText(choice) + text.slice(at),
    text + text,
    text.toUpperCase(),
    ` ${text}`,
    [text],
    { text },
    Number(text),
  ]);
};

const otherOfItsKind = (value: unknown, choice: Choice): unknown => {
  if (typeof value === 'string') return otherText(value, choice);
  if (typeof value === 'number') return choice.pick([-value, value * 1e9, value + 0.5, String(value), [value], value === 0 ? 1 : 0]);
  if (typeof value === 'boolean') return choice.pick([!value, String(value), Number(value)]);
  return choice.pick([oddValue(choice), [value], { value }]);
};

/** Words that every object of the language knows, in place of one of the format's. */
const inheritedWords = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'];

const changes: readonly Change[] = [
  ({ holder, key, value }, choice) => {
    if (typeof value === 'string' && value.length < 30) put(holder, key, choice.pick(inheritedWords));
    else put(holder, key, oddValue(choice));
  },
  ({ holder, key }, choice) => put(holder, key, oddValue(choice)),
  ({ holder, key, value }, choice) => put(holder, key, otherOfItsKind(value, choice)),
  ({ holder, key }) => remove(holder, key),
  ({ holder }, choice) => put(holder, choice.pick(oddNames), oddValue(choice)),
  ({ holder, key, elsewhere }) => put(holder, key, structuredClone(elsewhere)),
  // A member in the clothes of another.
  ({ holder, key, value, elsewhere }) =>
    put(holder, typeof elsewhere === 'string' && elsewhere.length < 40 ? elsewhere : `${key}s`, structuredClone(value)),
  ({ holder, key, value }, choice) => {
    if (Array.isArray(holder)) for (let times = choice.int(8); times >= 0; times--) holder.splice(Number(key), 0, structuredClone(value));
    else put(holder, `${key}_`, structuredClone(value));
  },
  ({ holder }) => {
    if (Array.isArray(holder)) holder.reverse();
  },
  ({ holder, key, value }) => {
    if (isContainer(value)) put(holder, key, Array.isArray(value) ? { ...value } : Object.entries(value));
  },
];

/** A copy with a few places changed. */
export const mutated = (value: unknown, choice: Choice, most = 4): unknown => {
  const root: Record<string, unknown> = { value: structuredClone(value) };
  for (let left = 1 + choice.int(most); left > 0; left--) {
    const places = placesOf(root);
    if (places.length === 0) break;
    const { holder, key } = choice.pick(places);
    const other = choice.pick(places);
    const elsewhere = (other.holder as Record<string, unknown>)[other.key];
    choice.pick(changes)({ holder, key, value: (holder as Record<string, unknown>)[key], elsewhere }, choice);
  }
  return root['value'];
};

/** The JSON of a value, sometimes with a member said twice, or with space where nobody expects it. */
export const writeOddly = (value: unknown, choice: Choice): string => {
  const text = write(value);
  if (!choice.chance(0.1) || !text.startsWith('{"')) return text;
  const member = `"${choice.pick(['model', 'stream', 'messages', 'input', 'contents', '__proto__', 'a'])}":${write(oddValue(choice))}`;
  return choice.pick([
    () => `{${member},${text.slice(1)}`,
    () => (text === '{}' ? text : `${text.slice(0, -1)},${member}}`),
    () => `\n\t ${text}  \r\n`,
    () => text.replaceAll('":', '" : '),
    () => `\u{FEFF}${text}`,
  ])();
};

const encoder = new TextEncoder();

/** Bytes flipped, dropped, doubled, cut. */
export const scrambled = (bytes: Uint8Array, choice: Choice): Uint8Array<ArrayBuffer> => {
  let result = Uint8Array.from(bytes);
  for (let left = 1 + choice.int(4); left > 0; left--) {
    const at = choice.int(result.length + 1);
    const end = Math.min(result.length, at + 1 + choice.int(20));
    const pieces = choice.pick<() => Uint8Array[]>([
      () => [result.subarray(0, at), Uint8Array.of(choice.int(256)), result.subarray(Math.min(result.length, at + 1))],
      () => [result.subarray(0, at), result.subarray(end)],
      () => [result.subarray(0, end), result.subarray(at)],
      () => [result.subarray(0, at), Uint8Array.from({ length: 1 + choice.int(8) }, () => choice.int(256)), result.subarray(at)],
      () => [result.subarray(0, at), encoder.encode(choice.pick(['"', '\\', '{', '}', '[', ',', '\n', '\n\n', '\0', 'null', '\\ud800']))],
      () => [result.subarray(0, at)],
    ])();
    result = Uint8Array.from(Buffer.concat(pieces));
  }
  return result;
};

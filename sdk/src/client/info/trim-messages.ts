import { isObject } from '../../lib/is-object.ts';
import type { Tokenizer } from './tokenizer.ts';
import { countLocally } from './tokens.ts';

type Message = Readonly<Record<string, unknown>>;

const isSystem = ({ role }: Message): boolean => role === 'system' || role === 'developer';

/** The last messages that belong together: answers of tools, with the call that they answer. */
const tailOf = (messages: readonly Message[]): number => {
  let at = messages.length - 1;
  while (at > 0 && messages[at]?.['role'] === 'tool') at -= 1;
  return Math.max(0, at);
};

/** Keeps the beginning and the end of a text. */
const shorten = (text: string, share: number): string => {
  const kept = Math.max(0, Math.floor(text.length * share) - 3);
  const head = Math.ceil(kept / 2);
  return `${text.slice(0, head)}...${text.slice(text.length - (kept - head))}`;
};

/** A message whose text is shortened until it fits; undefined where nothing of it would be left. */
const fit = async (
  message: Message,
  room: number,
  count: (messages: readonly Message[]) => Promise<number>,
): Promise<Message | undefined> => {
  const { content } = message;
  if (typeof content !== 'string' || room <= 0) return undefined;
  let share = Math.min(1, (room / Math.max(1, await count([message]))) * 0.95);
  for (let tries = 0; tries < 6; tries++) {
    const shorter = { ...message, content: shorten(content, share) };
    if ((await count([shorter])) <= room) return shorter.content.length > 3 ? shorter : undefined;
    share *= 0.8;
  }
  return undefined;
};

/**
 * The messages that fit: system messages and the last exchange stay, the oldest of the others go first, and the one that
 * fits in part is shortened in its middle. Answers of tools at the end stay whole, with the call that they answer.
 */
export const trim = async <T>(messages: readonly T[], maxTokens: number, model: string, tokenizer?: Tokenizer): Promise<T[]> => {
  const count = async (list: readonly Message[]): Promise<number> =>
    list.length === 0 ? 0 : (await countLocally(model, { messages: list }, tokenizer)).tokens - 3;
  const all = messages.filter(isObject) as Message[];
  // What is put before the answer is in every count.
  let room = maxTokens - 3;
  if ((await count(all)) <= room) return [...messages];

  const systems = all.filter(isSystem);
  const others = all.filter((message) => !isSystem(message));
  const tail = others.slice(tailOf(others));
  const kept: Message[] = [];
  for (const message of systems) {
    const size = await count([message]);
    const whole = size <= room ? message : await fit(message, room, count);
    if (!whole) continue;
    kept.push(whole);
    room -= await count([whole]);
  }
  const end: Message[] = [];
  const tailSize = await count(tail);
  if (tailSize <= room || tail.length > 1) {
    end.push(...tail);
    room -= tailSize;
  } else if (tail[0]) {
    const last = await fit(tail[0], room, count);
    if (last) end.push(last);
    room = 0;
  }
  const middle: Message[] = [];
  for (let at = others.length - tail.length - 1; at >= 0 && room > 0; at--) {
    const message = others[at]!;
    const size = await count([message]);
    // An answer of a tool without its call is refused by vendors, so what would be torn goes as a whole.
    const part = size <= room ? message : message['role'] === 'tool' || message['tool_calls'] ? undefined : await fit(message, room, count);
    if (!part) break;
    middle.unshift(part);
    room -= await count([part]);
    if (part !== message) break;
  }
  while (middle[0]?.['role'] === 'tool') middle.shift();
  return [...kept, ...middle, ...end] as T[];
};

import type { JsonObject, Message } from '../../types/index.ts';
import { writeCachePoint } from './common.ts';
import { isMain } from './family.ts';
import { writeBlocks } from './blocks-to-wire.ts';
import type { Writing } from './writing.ts';

/** A turn on the wire, before its blocks are final. */
interface Turn {
  role: 'user' | 'assistant' | 'system';
  content: JsonObject[];
  /** It ends in tool results, which want what the user says next in the same turn. */
  results: boolean;
}

export interface Conversation {
  /** Blocks of the top-level `system`. */
  system: JsonObject[];
  messages: JsonObject[];
}

/** Said where Bedrock demands words and the client gave none. */
const filler = 'Continue.';
const beside = 'See the attached document.';

/**
 * The conversation as Bedrock wants it: system messages at the start are the top-level `system`; the first turn is the
 * user's; turns of one role in a row are one; tool results stand at the start of the user's turn.
 *
 * A system message later on stays where it was said, as text of the user, marked as a reminder from the system: moving
 * it to the top would change what it applies to, and lose the prompt cache of all that follows (FP-89).
 */
export const writeConversation = (messages: readonly Message[], writing: Writing): Conversation => {
  const isSystem = ({ role }: Message) => role === 'system' || role === 'developer';
  const first = messages.findIndex((message) => !isSystem(message));
  let leading = messages.slice(0, first === -1 ? messages.length : first);
  let rest: readonly Message[] = first === -1 ? [] : messages.slice(first);
  const last = leading.at(-1);
  if (rest.length === 0 && last && !writing.own) {
    writing.note('messages', 'the last system message is sent as the user’s: the models answer only to a user');
    leading = leading.slice(0, -1);
    rest = [{ ...last, role: 'user' }];
  }
  return { system: leading.flatMap((message) => writeSystem(message, writing)), messages: writeTurns(rest, writing) };
};

/** `system` takes text, guarded content and cache points. */
const writeSystem = (message: Message, writing: Writing): JsonObject[] =>
  writeContent(message, writing).filter((block) => {
    const fits = 'text' in block || 'guardContent' in block || 'cachePoint' in block;
    if (!fits) writing.note('messages', `Bedrock takes no ${Object.keys(block)[0]} in a system message`);
    return fits;
  });

const writeContent = (message: Message, writing: Writing): JsonObject[] => {
  if (message.name !== undefined) writing.note('messages[].name', 'Bedrock has no names of speakers');
  const blocks = message.content.flatMap((part) => {
    // "You can only include images and documents if the role is user."
    if (message.role === 'assistant' && !writing.own && (part.type === 'image' || part.type === 'file' || part.type === 'video')) {
      writing.note(part.type, 'Bedrock takes none in the turns of the assistant');
      return [];
    }
    return writeBlocks(part, writing);
  });
  const marked = message.cacheControl !== undefined && blocks.length > 0 && !('cachePoint' in blocks.at(-1)!);
  if (marked && isMain(writing.family)) blocks.push(writeCachePoint(message.cacheControl!));
  return blocks;
};

const wireRoles = { user: 'user', tool: 'user', assistant: 'assistant', system: 'user', developer: 'user' } as const;

const writeTurns = (messages: readonly Message[], writing: Writing): JsonObject[] => {
  const { own } = writing;
  const turns: Turn[] = [];
  for (const message of messages) {
    const isSystem = message.role === 'system' || message.role === 'developer';
    if (message.role === 'user') writing.ids.userSpoke();
    const written = writeContent(message, writing);
    const content = isSystem && !own ? written.map(asReminder) : written;
    if (content.length === 0) continue;
    const role = isSystem && own ? 'system' : wireRoles[message.role];
    const before = turns.at(-1);
    const results = message.role === 'tool';
    // A client of this format may have its turns as it likes; only what was one turn to begin with is joined again.
    if (before?.role === role && (before.results || !own)) {
      before.content.push(...content);
      before.results = results;
    } else turns.push({ role, content, results });
  }
  if (!own) {
    if (turns[0]?.role === 'assistant') {
      writing.note('messages', `the conversation begins with the assistant; '${filler}' is put before it`);
      turns.unshift({ role: 'user', content: [{ text: filler }], results: false });
    }
    for (const turn of turns) addWords(turn, writing);
    trimPrefill(turns.at(-1));
  }
  return turns.map(({ role, content }) => ({ role, content: role === 'user' && !own ? resultsFirst(content) : content }));
};

const asReminder = (block: JsonObject): JsonObject =>
  typeof block['text'] === 'string' ? { text: `<system-reminder>\n${block['text']}\n</system-reminder>` } : block;

/** "If you include a ContentBlock with a document field in the array, you must also include a ContentBlock with a text field." */
const addWords = ({ content }: Turn, writing: Writing): void => {
  if (!content.some((block) => 'document' in block) || content.some((block) => 'text' in block)) return;
  writing.note('messages', `a document must come with words; '${beside}' is put before it`);
  content.splice(
    content.findIndex((block) => 'document' in block),
    0,
    { text: beside },
  );
};

/** Results are wanted at the start of the turn that answers the calls; a cache point goes with what it marks. */
const resultsFirst = (content: JsonObject[]): JsonObject[] => {
  if (!content.some((block) => 'toolResult' in block)) return content;
  const results: JsonObject[] = [];
  const others: JsonObject[] = [];
  let before = others;
  for (const block of content) {
    if (!('cachePoint' in block)) before = 'toolResult' in block ? results : others;
    before.push(block);
  }
  return [...results, ...others];
};

/** "final assistant content cannot end with trailing whitespace": in an answer that the model is to go on with. */
const trimPrefill = (turn: Turn | undefined): void => {
  if (turn?.role !== 'assistant') return;
  const end = turn.content.at(-1);
  if (typeof end?.['text'] === 'string') turn.content[turn.content.length - 1] = { text: end['text'].trimEnd() };
};

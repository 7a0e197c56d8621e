import type { JsonObject, Message, Part } from '../../types/index.ts';
import { ownExtra } from './common.ts';
import { writeBlock } from './blocks-to-wire.ts';
import type { Writing } from './writing.ts';

/** A turn on the wire, before its blocks are final. */
interface Turn {
  role: 'user' | 'assistant' | 'system';
  content: JsonObject[];
  /** It ends in tool results, which want what the user says next in the same turn. */
  results: boolean;
  more: JsonObject;
}

export interface Conversation {
  /** Blocks of the top-level `system`. */
  system: JsonObject[];
  messages: JsonObject[];
}

/**
 * The conversation as Anthropic wants it: system messages at the start become the top-level `system`; tool results go
 * into the user's turn, before what the user says; turns of one role in a row become one.
 *
 * A system message later on stays where it was said: as a `system` turn where the model takes those, which has to stand
 * at the end of a user's turn; elsewhere as text of the user, marked as a reminder from the system. Moving it to the
 * top would change what it applies to, and lose the prompt cache of all that follows (FP-89).
 */
export const writeConversation = (messages: readonly Message[], writing: Writing): Conversation => {
  const first = messages.findIndex(({ role }) => role !== 'system' && role !== 'developer');
  let leading = messages.slice(0, first === -1 ? messages.length : first);
  let rest: readonly Message[] = first === -1 ? [] : messages.slice(first);
  const last = leading.at(-1);
  if (rest.length === 0 && last) {
    writing.note('messages', 'the last system message is sent as the user’s: Anthropic answers only to a user');
    leading = leading.slice(0, -1);
    rest = [{ ...last, role: 'user' }];
  }
  const turns = createTurns(writing);
  for (const message of rest) turns.add(message);
  return { system: leading.flatMap((message) => writeContent(message, writing)), messages: turns.finish() };
};

const writeContent = (message: Message, writing: Writing): JsonObject[] => {
  if (message.name !== undefined) writing.note('messages[].name', 'Anthropic has no names of speakers');
  const blocks = message.content.flatMap((part: Part): JsonObject[] => {
    const block = writeBlock(part, writing);
    return block ? [block] : [];
  });
  if (!message.cacheControl) return blocks;
  // A mark on a message is one on the last of its blocks that may carry it.
  const at = blocks.findLastIndex(({ type }) => type !== 'thinking' && type !== 'redacted_thinking');
  if (at !== -1) blocks[at] = { cache_control: message.cacheControl, ...blocks[at] };
  return blocks;
};

const wireRoles = { user: 'user', tool: 'user', assistant: 'assistant' } as const;

const createTurns = (writing: Writing) => {
  const { own, context } = writing;
  const turns: Turn[] = [];
  /** Said by the system since the last turn that it may stand behind. */
  let pending: JsonObject[] = [];
  /** Pictures that another vendor's model made: Claude takes none in its own turns, and looks at them in the user's next. */
  let pictures: JsonObject[] = [];

  const push = (turn: Turn) => {
    const before = turns.at(-1);
    // A client of this format may have its turns as it likes; only what was one turn to begin with is joined again.
    if (before?.role === turn.role && (before.results || !own)) {
      before.content.push(...turn.content);
      before.results = turn.results;
      Object.assign(before.more, turn.more);
    } else if (turn.content.length > 0) turns.push(turn);
  };

  const reminder = (blocks: JsonObject[]) =>
    push({
      role: 'user',
      content: blocks.map((block) =>
        block['type'] === 'text' ? { ...block, text: `<system-reminder>\n${String(block['text'])}\n</system-reminder>` } : block,
      ),
      results: false,
      more: {},
    });

  const settle = () => {
    if (pending.length === 0) return;
    if (turns.at(-1)?.role === 'user') turns.push({ role: 'system', content: pending, results: false, more: {} });
    else reminder(pending);
    pending = [];
  };

  const withPictures = (role: 'user' | 'assistant', content: JsonObject[]): JsonObject[] => {
    if (role === 'user') {
      const all = [...pictures, ...content];
      pictures = [];
      return all;
    }
    const made = content.filter(({ type }) => type === 'image');
    if (made.length === 0) return content;
    writing.note('assistant image', 'moved into the next user message: Claude takes none in its own turns');
    pictures.push(...made);
    return content.filter((block) => !made.includes(block));
  };

  return {
    add(message: Message) {
      if (message.role === 'user') writing.ids.userSpoke();
      const content = writeContent(message, writing);
      if (message.role === 'system' || message.role === 'developer') {
        if (own) push({ role: 'system', content, results: false, more: ownExtra(message.extra) });
        else if (context.traits.systemAnywhere) pending.push(...content);
        else if (content.length > 0) reminder(content);
        return;
      }
      const role = wireRoles[message.role];
      if (role === 'assistant') settle();
      push({
        role,
        content: own ? content : withPictures(role, content),
        results: message.role === 'tool',
        more: { ...ownExtra(message.extra) },
      });
    },
    finish(): JsonObject[] {
      settle();
      trimPrefill(turns.at(-1));
      return turns.map(({ role, content, more }) => ({ role, content: role === 'user' ? resultsFirst(content) : content, ...more }));
    },
  };
};

/** Anthropic wants tool results at the start of the turn that answers the calls. */
const resultsFirst = (content: JsonObject[]): JsonObject[] => {
  const isResult = ({ type }: JsonObject) => type === 'tool_result';
  return content.some(isResult) ? [...content.filter(isResult), ...content.filter((block) => !isResult(block))] : content;
};

/** "final assistant content cannot end with trailing whitespace": in an answer that the model is to go on with. */
const trimPrefill = (turn: Turn | undefined): void => {
  if (turn?.role !== 'assistant') return;
  const end = turn.content.at(-1);
  if (end?.['type'] === 'text' && typeof end['text'] === 'string')
    turn.content[turn.content.length - 1] = { ...end, text: end['text'].trimEnd() };
};

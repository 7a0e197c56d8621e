import { shortHash } from '../../lib/short-hash.ts';
import type { JsonObject, Message, Part, ToolCallPart, ToolResultPart, ToWireContext } from '../../types/index.ts';
import { asString } from '../shared/read.ts';
import type { ToolAliases } from '../shared/tool-alias.ts';
import { writeContentPart } from './content.ts';
import { family, nativeOf, objectIn, protocolId } from './native.ts';
import { writeReasoning } from './reasoning-item.ts';

const maxCallId = 64;

/** OpenAI refuses ids of more than 64 characters; a call and its result are shortened alike. */
const callIdOf = (id: string): string => (id.length <= maxCallId ? id : `call_${shortHash(id)}${shortHash(`${id}.`)}`);

interface Writing {
  context: ToWireContext;
  aliases: ToolAliases;
  items: JsonObject[];
}

/** One that came through another format does not say so. */
const isItem = (part: Part, { from, traits }: ToWireContext): boolean =>
  part.type === 'opaque' &&
  part.origin === (from === protocolId ? family : (traits.origin ?? family)) &&
  nativeOf(part)?.['content'] !== true;

/** An assistant's text: as the string that every vendor takes, or, in several pieces, as the item that OpenAI itself writes. */
const foreignMessage = (content: JsonObject[]): JsonObject => {
  const [only, ...others] = content;
  if (only?.['type'] === 'output_text' && others.length === 0) return { type: 'message', role: 'assistant', content: only['text'] };
  return {
    type: 'message',
    // The specification wants an id; it only has to begin so.
    id: `msg_${shortHash(JSON.stringify(content))}`,
    status: 'completed',
    role: 'assistant',
    content: content.map((each) => (each['type'] === 'output_text' ? { annotations: [], logprobs: [], ...each } : each)),
  };
};

/** Collects the parts of one message item at a time. */
class AssistantText {
  readonly #writing: Writing;
  #open: { native: JsonObject | undefined; content: JsonObject[] } | undefined;

  constructor(writing: Writing) {
    this.#writing = writing;
  }

  add(part: Part): void {
    const native = nativeOf(part);
    const first = objectIn(native, 'item') !== undefined;
    const joins = this.#open && !first && (native?.['continues'] === true || !this.#open.native);
    if (!joins) {
      this.close();
      this.#open = { native: first ? native : undefined, content: [] };
    }
    const { context } = this.#writing;
    if (part.type === 'text' && part.signature)
      context.drop('signature', `a signature of a text that only ${part.signature.origin} models read`);
    const written = writeContentPart(part, context, 'output_text');
    if (written) this.#open!.content.push(written);
  }

  close(): void {
    const open = this.#open;
    this.#open = undefined;
    if (!open || open.content.length === 0) return;
    const { native, content } = open;
    this.#writing.items.push(
      native
        ? { ...objectIn(native, 'item'), role: 'assistant', content: native['string'] === true ? content[0]!['text'] : content }
        : foreignMessage(content),
    );
  }
}

const writeCall = (part: ToolCallPart, { context, aliases }: Writing): JsonObject => {
  const native = nativeOf(part);
  const whole = objectIn(native, 'whole');
  if (part.signature) context.drop('signature', `a signature of a tool call that only ${part.signature.origin} models read`);
  if (whole) return { ...whole, call_id: callIdOf(part.id) };
  const text = part.kind === 'custom' ? 'input' : 'arguments';
  return {
    type: part.kind === 'custom' ? 'custom_tool_call' : 'function_call',
    ...(part.itemId !== undefined && { id: part.itemId }),
    call_id: callIdOf(part.id),
    name: asString(native?.['name']) ?? aliases.of(part.name),
    [text]: part.arguments === '' && part.kind === 'function' && !native ? '{}' : part.arguments,
    ...objectIn(native, 'item'),
  };
};

const writeOutput = ({ content }: ToolResultPart, native: JsonObject | undefined, { context }: Writing): unknown => {
  const [only, ...others] = content;
  const plain = native ? native['string'] === true : others.length === 0;
  if (only === undefined) return native && !native['string'] ? [] : '';
  if (plain && only.type === 'text' && others.length === 0) return only.text;
  return content.map((part) => writeContentPart(part, context, 'input_text')).filter((entry) => entry !== undefined);
};

const writeResult = (part: ToolResultPart, writing: Writing): JsonObject => {
  const native = nativeOf(part);
  const whole = objectIn(native, 'whole');
  if (whole) return 'call_id' in whole ? { ...whole, call_id: callIdOf(part.callId) } : whole;
  if (part.isError === true)
    writing.context.drop('tool_result.is_error', 'the Responses format has no mark for a failed tool; its text says it');
  return {
    type: part.kind === 'custom' ? 'custom_tool_call_output' : 'function_call_output',
    call_id: callIdOf(part.callId),
    output: writeOutput(part, native, writing),
    ...objectIn(native, 'item'),
  };
};

const isToolList = (part: Part): boolean => part.type === 'opaque' && part.value['type'] === 'mcp_list_tools';

/** Gemini's streams end with an empty text. */
const saysNothing = (part: Part): boolean => part.type === 'text' && part.text === '' && !part.signature;

/**
 * OpenAI's stream tells some lists of a server's tools in its last event alone, when the text behind them is out already
 * (seen in recorded answers, 2026-11-22): a turn of another format then ends with them, and OpenAI's own begins so.
 */
const inOrder = (content: readonly Part[], { from }: ToWireContext): readonly Part[] => {
  if (from === protocolId) return content;
  const end = content.findLastIndex((part) => !isToolList(part) && !saysNothing(part)) + 1;
  const lists = content.slice(end).filter(isToolList);
  return end === 0 || lists.length === 0 ? content : [...lists, ...content.slice(0, end)];
};

const writeAssistant = (message: Message, writing: Writing): void => {
  const text = new AssistantText(writing);
  const push = (item: JsonObject | undefined) => {
    text.close();
    if (item) writing.items.push(item);
  };
  for (const part of inOrder(message.content, writing.context)) {
    if (part.type === 'tool-call') push(writeCall(part, writing));
    else if (part.type === 'thinking') push(writeReasoning(part, writing.context));
    else if (isItem(part, writing.context) && part.type === 'opaque') push(part.value);
    else if (part.type === 'image' && objectIn(nativeOf(part), 'item') && part.source.kind === 'base64')
      push({ ...objectIn(nativeOf(part), 'item'), result: part.source.data });
    else if (part.type === 'image' || part.type === 'video')
      writing.context.drop(part.type, 'an assistant message of this format holds no media');
    else text.add(part);
  }
  text.close();
};

const writeTool = (message: Message, writing: Writing): void => {
  for (const part of message.content) {
    if (part.type === 'tool-result') writing.items.push(writeResult(part, writing));
    else if (part.type === 'opaque' && isItem(part, writing.context)) writing.items.push(part.value);
    else writing.context.drop(part.type, 'only tool results are taken in a tool message');
  }
};

const writePlain = (message: Message, writing: Writing): void => {
  const { context, items } = writing;
  const native = nativeOf(message);
  const parts = message.content.filter((part) => !isItem(part, context));
  if (parts.length > 0 || native) {
    const role = message.role === 'developer' ? (context.quirks.developerRole ?? 'developer') : message.role;
    const content = parts.map((part) => writeContentPart(part, context, 'input_text')).filter((entry) => entry !== undefined);
    const [only, ...others] = content;
    const string = (native ? native['string'] === true : true) && others.length === 0 && only?.['type'] === 'input_text';
    const bare = string && Object.keys(only!).length === 2;
    if (content.length > 0 || native) {
      items.push({ ...(native ? objectIn(native, 'item') : { type: 'message' }), role, content: bare ? only!['text'] : content });
    }
  }
  if (message.name !== undefined && context.from !== protocolId)
    context.drop('messages.name', 'the Responses format has no names of speakers');
  for (const part of message.content) if (part.type === 'opaque' && isItem(part, context)) items.push(part.value);
};

/** The reverse of `readInput`, of any client's messages. */
export const writeInput = (messages: readonly Message[], context: ToWireContext, aliases: ToolAliases): string | JsonObject[] => {
  const [only, ...others] = messages;
  if (only && others.length === 0 && nativeOf(only)?.['input'] === 'string') {
    const [text, ...more] = only.content;
    if (text?.type === 'text' && more.length === 0) return text.text;
  }
  const writing: Writing = { context, aliases, items: [] };
  for (const message of messages) {
    if (message.role === 'assistant') writeAssistant(message, writing);
    else if (message.role === 'tool') writeTool(message, writing);
    else writePlain(message, writing);
  }
  return writing.items;
};

import type { JsonObject, Message, Part, ThinkingPart, ToolCallPart, ToolResultPart } from '../../types/index.ts';
import { asArray, asObject, compact } from '../shared/read.ts';
import { writeBlock } from '../shared/thinking-blocks.ts';
import { writeCacheMark } from './cache-mark.ts';
import { writeContent, writePart } from './content-write.ts';
import { kept } from './own.ts';
import { detailsOrigin, readDetails } from './thinking.ts';
import { googleExtra, wireArguments } from './tool-calls.ts';
import type { Writing } from './writing.ts';

/** Members that stood on the message and are not neutral, its name and its cache mark. */
const around = (message: Message, writing: Writing): JsonObject => ({
  ...(message.name !== undefined && { name: message.name }),
  ...(writing.same && kept(message)),
  ...writeCacheMark(message, writing),
});

const instructions = (message: Message, writing: Writing): JsonObject[] => {
  const role = writing.context.quirks.developerRole ?? 'developer';
  return [
    { role: message.role === 'developer' ? role : 'system', content: writeContent(message.content, writing), ...around(message, writing) },
  ];
};

const user = (message: Message, writing: Writing): JsonObject[] => [
  { role: 'user', content: writeContent(message.content, writing), ...around(message, writing) },
];

/** Where the thoughts of a turn go back to this vendor, and in which member; what it does not take back is left out with a record. */
const thoughts = (parts: readonly ThinkingPart[], hasCalls: boolean, writing: Writing): JsonObject => {
  const { reasoningField } = writing.context.quirks;
  const details = parts.flatMap((part) => readDetails(part.signature));
  const takesDetails = reasoningField === 'reasoning_details' || writing.context.provider === detailsOrigin;
  if (takesDetails && details.length > 0) {
    noteForeign(parts, writing, detailsOrigin);
    return { reasoning_details: details };
  }
  const text = parts.map((part) => part.text).join('');
  if (reasoningField === 'reasoning_content' || reasoningField === 'reasoning') {
    // Groq answers 400 where a model that does not think is given thoughts, even none
    // (https://github.com/vercel/ai/pull/8057, read 2026-11-22).
    if (writing.context.traits.reasoning === 'none' && reasoningField === 'reasoning') {
      if (parts.length > 0) writing.drop('thinking', 'this model takes no thoughts of earlier turns');
      return {};
    }
    noteForeign(parts, writing);
    // DeepSeek refuses calls without their thoughts, which an answer of another vendor has not: an empty text will do.
    const needed = text !== '' || (hasCalls && reasoningField === 'reasoning_content');
    return needed ? { [reasoningField]: text } : {};
  }
  if (reasoningField === 'none') {
    noteForeign(parts, writing);
    if (parts.length > 0) writing.drop('thinking', 'the provider takes no thoughts of earlier turns');
    return {};
  }
  const fields = new Set(writing.same ? parts.flatMap((part) => asArray(kept(part)['fields'])) : []);
  if (fields.size > 0) {
    // Blocks are Anthropic's: what another family made was sealed for the client, and is of no use to this vendor.
    const blocks = fields.has('thinking_blocks') ? parts.filter((part) => (part.signature ?? part.redacted)?.origin === 'anthropic') : [];
    noteForeign(fields.has('thinking_blocks') ? parts : [], writing, 'anthropic');
    return compact<JsonObject>({
      reasoning_content: fields.has('reasoning_content') ? text : undefined,
      reasoning: fields.has('reasoning') ? text : undefined,
      reasoning_details: fields.has('reasoning_details') && details.length > 0 ? details : undefined,
      thinking_blocks: blocks.length > 0 ? blocks.map(writeBlock) : undefined,
    });
  }
  if (parts.length > 0) writing.drop('thinking', 'the provider takes no thoughts of earlier turns');
  return {};
};

const noteForeign = (parts: readonly ThinkingPart[], writing: Writing, own?: string): void => {
  for (const { signature, redacted } of parts) {
    for (const origin of [signature?.origin, redacted?.origin]) {
      if (origin !== undefined && origin !== own) writing.drop(`${origin}:thinking signature`, 'only its own vendor understands it');
    }
  }
};

/** Mistral and Databricks have thoughts among the content. */
const chunkFields = ['content', 'content_summary'] as const;

/** Which of the two it is for this thought, if any. */
const chunkField = (part: Part, { context, same }: Writing): (typeof chunkFields)[number] | undefined => {
  if (part.type !== 'thinking') return undefined;
  const { reasoningField } = context.quirks;
  return (
    chunkFields.find((field) => field === reasoningField) ??
    chunkFields.find((field) => same && asArray(kept(part)['fields']).includes(field))
  );
};

const thoughtChunks = (parts: readonly Part[], writing: Writing): ThinkingPart[] =>
  parts.filter((part) => part.type === 'thinking' && chunkField(part, writing) !== undefined) as ThinkingPart[];

/** Databricks' form. What another family signed is of no use to the Claude behind. */
const summaryChunk = (part: ThinkingPart, writing: Writing): JsonObject => {
  noteForeign([part], writing, 'anthropic');
  const { text, signature, redacted } = part;
  const entry =
    redacted?.origin === 'anthropic'
      ? { type: 'summary_encrypted_text', data: redacted.value }
      : { type: 'summary_text', text, ...(signature?.origin === 'anthropic' && { signature: signature.value }) };
  return { type: 'reasoning', summary: [entry] };
};

const thoughtChunk = (part: ThinkingPart, writing: Writing): JsonObject => {
  if (chunkField(part, writing) === 'content_summary') return summaryChunk(part, writing);
  const { fields: _fields, ...rest } = writing.same ? kept(part) : {};
  return { type: 'thinking', thinking: [{ type: 'text', text: part.text }], ...rest };
};

/** What Gemini signed goes back to Gemini alone: a compatible API of Google's, or another gateway before it. */
const signatureMembers = (part: Part | undefined, writing: Writing): JsonObject => {
  const signature = part && 'signature' in part ? part.signature : undefined;
  if (!signature) return {};
  if (signature.origin === 'google' && /gemini/i.test(writing.context.model)) return googleExtra(signature);
  writing.drop(`${signature.origin}:thought signature`, 'only its own vendor understands it');
  return {};
};

const call = (part: ToolCallPart, writing: Writing): JsonObject => {
  const { inner, ...rest } = writing.same ? kept(part) : {};
  const name = writing.aliases.of(part.name);
  const members = { ...rest, ...writeCacheMark(part, writing), ...signatureMembers(part, writing) };
  if (part.kind === 'custom' && !writing.wrapCustom) {
    return { id: part.id, type: 'custom', custom: { name, input: part.arguments, ...asObject(inner) }, ...members };
  }
  const args = part.kind === 'custom' ? JSON.stringify({ input: part.arguments }) : wireArguments(part);
  return { id: part.id, type: 'function', function: { name, arguments: args, ...asObject(inner) }, ...members };
};

const assistant = (message: Message, writing: Writing): JsonObject[] => {
  const { content } = message;
  const chunks = thoughtChunks(content, writing);
  const thinking = content.filter((part) => part.type === 'thinking');
  const refusal = content.flatMap((part) => (part.type === 'refusal' ? [part.text] : [])).join('');
  const spoken = content.find((part) => part.type === 'audio');
  const images = content.filter((part) => part.type === 'image');
  const calls = content.filter((part) => part.type === 'tool-call');
  const texts: Part[] = content.filter((part) => (part.type === 'text' && part.text !== '') || part.type === 'opaque');
  // Audio of another vendor has no id that this one knows; its words stay.
  if (spoken && spoken.id === undefined && spoken.transcript !== undefined) texts.push({ type: 'text', text: spoken.transcript });
  if (content.some((part) => part.type === 'text' && part.citations)) writing.drop('citations', 'a request cannot carry them');
  const others = content.filter((part) => part.type === 'file' || part.type === 'video' || (part.type === 'image' && !writing.same));
  for (const { type } of others) writing.drop(`assistant ${type}`, 'an assistant message cannot carry it');

  const written = writeContent(texts, writing);
  const list = chunks.map((part) => thoughtChunk(part, writing));
  const text =
    list.length === 0
      ? written
      : [...list, ...(typeof written === 'string' ? (written === '' ? [] : [{ type: 'text', text: written }]) : written)];
  const lastText = content.findLast((part) => part.type === 'text');
  return [
    compact<JsonObject>({
      role: 'assistant',
      content:
        text === '' && (calls.length > 0 || refusal !== '' || spoken?.id !== undefined) && !writing.context.quirks.contentAsString
          ? null
          : text,
      refusal: refusal === '' ? undefined : refusal,
      audio: spoken?.id === undefined ? undefined : { id: spoken.id },
      images: images.length > 0 && writing.same ? images.map((part) => writePart(part, writing)) : undefined,
      tool_calls: calls.length > 0 ? calls.map((part) => call(part, writing)) : undefined,
      ...thoughts(
        thinking.filter((part) => !chunks.includes(part)),
        calls.length > 0,
        writing,
      ),
      ...(lastText?.type === 'text' && lastText.signature && signatureMembers(lastText, writing)),
      ...around(message, writing),
    }),
  ];
};

/** What a tool message can hold: text. The rest of the results follows in a user message. */
const result = (part: ToolResultPart, message: Message, writing: Writing): { message: JsonObject; media: Part[] } => {
  // llama.cpp and Ollama do take images there; a client of this format that sends one knows.
  const isMedia = (each: Part): boolean => !writing.same && each.type !== 'text' && each.type !== 'opaque';
  const media = part.content.filter(isMedia);
  const rest = part.content.filter((each) => !isMedia(each));
  if (part.isError) writing.drop('is_error', 'the format has no such mark; the message of the error stays');
  const members = around(message, writing);
  return {
    message: {
      role: 'tool',
      tool_call_id: part.callId,
      content: writeContent(rest, writing),
      ...(writing.same && part.name !== undefined && { name: part.name }),
      ...members,
    },
    media: media.length === 0 ? [] : [{ type: 'text', text: `Output of the tool call ${part.callId}:` }, ...media],
  };
};

const isResult = (part: Part): part is ToolResultPart => part.type === 'tool-result';

/** @throws SluiceError `unsupported_parameter` for content that the vendor cannot take */
export const writeMessages = (messages: readonly Message[], writing: Writing): JsonObject[] => {
  const out: JsonObject[] = [];
  let media: Part[] = [];
  // Tool messages must follow their calls without a gap, so what they cannot hold waits for the end of the run.
  const flush = () => {
    if (media.length === 0) return;
    writing.drop('media in tool results', 'moved into a user message behind them: a tool message takes text alone');
    out.push({ role: 'user', content: writeContent(media, writing) });
    media = [];
  };
  for (const message of messages) {
    if (message.role === 'tool') {
      for (const part of message.content.filter(isResult)) {
        const made = result(part, message, writing);
        out.push(made.message);
        media.push(...made.media);
      }
      continue;
    }
    flush();
    const write = message.role === 'assistant' ? assistant : message.role === 'user' ? user : instructions;
    out.push(...write(message, writing));
  }
  flush();
  return out;
};

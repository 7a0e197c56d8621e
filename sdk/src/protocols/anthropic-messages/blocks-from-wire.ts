import { table } from '../../lib/table.ts';
import type { JsonObject, Part } from '../../types/index.ts';
import { asObject, asObjects, asString, isObject } from '../shared/read.ts';
import { unsealCallId, unsealOpaque, unsealThinking } from '../shared/seal.ts';
import { readCitations } from './citations.ts';
import { cacheMark, keep, origin } from './common.ts';
import { readSource } from './media.ts';

type Read = (block: JsonObject) => Part | undefined;

/** Blocks that the neutral model has a word for. A reader that finds its block odd gives it up: it is then opaque. */
const readers: Readonly<Record<string, Read>> = table({
  text: ({ type: _type, text, citations, cache_control, ...more }) =>
    typeof text === 'string' ? { type: 'text', text, ...readCitations(citations), ...cacheMark(cache_control), ...keep(more) } : undefined,

  image: ({ type: _type, source, cache_control, ...more }) => {
    const read = isObject(source) ? readSource(source) : undefined;
    return read && read.kind !== 'text' ? { type: 'image', source: read, ...cacheMark(cache_control), ...keep(more) } : undefined;
  },

  document: ({ type: _type, source, title, context, citations, cache_control, ...more }) => {
    const read = isObject(source) ? readSource(source) : undefined;
    if (!read) return undefined;
    const enabled = asObject(citations)?.['enabled'];
    return {
      type: 'file',
      source: read,
      ...(typeof title === 'string' && { title }),
      ...(typeof context === 'string' && { context }),
      ...(typeof enabled === 'boolean' && { citationsEnabled: enabled }),
      ...cacheMark(cache_control),
      ...keep(more),
    };
  },

  // An empty signature is none: it is what translated answers and compatible vendors give, and Anthropic refuses it.
  thinking: ({ type: _type, thinking, signature, ...more }) => {
    const text = asString(thinking) ?? '';
    if (typeof signature !== 'string' || signature === '') return { type: 'thinking', text, ...keep(more) };
    return { ...(unsealThinking(signature, text) ?? { type: 'thinking', text, signature: { origin, value: signature } }), ...keep(more) };
  },

  redacted_thinking: ({ type: _type, data, ...more }) => {
    if (typeof data !== 'string') return undefined;
    const block = unsealOpaque(data);
    if (block) return block.part;
    const sealed = unsealThinking(data, '');
    if (sealed?.signature && !sealed.redacted) return { type: 'text', text: '', signature: sealed.signature };
    return { ...(sealed ?? { type: 'thinking', text: '', redacted: { origin, value: data } }), ...keep(more) };
  },

  tool_use: ({ type: _type, id, name, input, cache_control, ...more }) => {
    if (typeof id !== 'string' || typeof name !== 'string') return undefined;
    // Some clients and servers give the arguments as the text that the model wrote.
    const text = typeof input === 'string' ? input : JSON.stringify(input ?? {});
    return { type: 'tool-call', kind: 'function', ...unsealCallId(id), name, arguments: text, ...cacheMark(cache_control), ...keep(more) };
  },
});

/** A block of an assistant's turn, or of an answer. What the neutral model has no word for is carried as it is. */
export const readBlock = (block: JsonObject): Part => readers[String(block['type'])]?.(block) ?? { type: 'opaque', origin, value: block };

/** Whether a block may stand in a turn that is not the assistant's. */
const assistantOnly = new Set(['thinking', 'redacted_thinking', 'tool_use']);

/** A block of a user's or system's turn, or of a tool's answer. */
export const readInputBlock = (block: JsonObject): Part =>
  assistantOnly.has(String(block['type'])) ? { type: 'opaque', origin, value: block } : withReadableText(readBlock(block));

/** What a model of another family may be shown of a block that it cannot read. */
export const withReadableText = (part: Part): Part => {
  if (part.type !== 'opaque') return part;
  const text = readable[String(part.value['type'])]?.(part.value);
  return text === undefined || text === '' ? part : { ...part, text };
};

const textsOf = (content: unknown): string =>
  typeof content === 'string'
    ? content
    : asObjects(content)
        .map((block) => asString(block['text']) ?? '')
        .filter((text) => text !== '')
        .join('\n');

const readable: Readonly<Record<string, (block: JsonObject) => string>> = table({
  search_result: ({ title, source, content }) => [asString(title), asString(source), textsOf(content)].filter(Boolean).join('\n'),
  document: ({ title, context, source }) =>
    [asString(title), asString(context), textsOf(asObject(source)?.['content'])].filter(Boolean).join('\n'),
  compaction: ({ content }) => asString(content) ?? '',
});

/** Content that may be a string, which is short for one text block. */
export const readContent = <T extends Part>(content: unknown, read: (block: JsonObject) => T): T[] => {
  if (typeof content === 'string') return content === '' ? [] : [read({ type: 'text', text: content })];
  return asObjects(content).map(read);
};

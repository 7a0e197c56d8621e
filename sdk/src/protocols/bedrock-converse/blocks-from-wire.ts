import { table } from '../../lib/table.ts';
import type { JsonObject, Origin, Part } from '../../types/index.ts';
import { asObject, asObjects, asString, isObject } from '../shared/read.ts';
import { unsealCallId } from '../shared/seal.ts';
import { readCitation } from './citations.ts';
import { bedrock, keep, memberOf, usualOrigin } from './common.ts';
import { audioFormats, documentFormats, imageFormats, readSource, restOfSource, videoFormats } from './media.ts';
import { readReasoning } from './opaque.ts';

type Read = (value: JsonObject, origin: Origin | undefined) => Part | undefined;

const mediaTypeOf = (value: JsonObject, formats: Readonly<Record<string, string>>): string | undefined => formats[String(value['format'])];

/** Members of a block that are objects. A reader that finds its block odd gives it up: it is then opaque. */
const readers: Readonly<Record<string, Read>> = table({
  image(value) {
    const mediaType = mediaTypeOf(value, imageFormats);
    const source = mediaType === undefined ? undefined : readSource(value['source'], mediaType);
    return source && source.kind !== 'text' ? { type: 'image', source, ...keep(restOfSource(value['source'])) } : undefined;
  },

  video(value) {
    const mediaType = mediaTypeOf(value, videoFormats);
    const source = mediaType === undefined ? undefined : readSource(value['source'], mediaType);
    return source && { type: 'video', source, ...keep(restOfSource(value['source'])) };
  },

  audio(value) {
    const mediaType = mediaTypeOf(value, audioFormats);
    const source = mediaType === undefined ? undefined : readSource(value['source'], mediaType);
    return source && { type: 'audio', source, format: String(value['format']), ...keep(restOfSource(value['source'])) };
  },

  // `format` is demanded for bytes and may be missing beside text.
  document(value) {
    const { format = 'txt', name, context } = value;
    const mediaType = documentFormats[String(format)];
    const source = mediaType === undefined ? undefined : readSource(value['source'], mediaType);
    if (!source) return undefined;
    const enabled = asObject(value['citations'])?.['enabled'];
    return {
      type: 'file',
      source,
      ...(typeof name === 'string' && { filename: `${name}.${String(format)}`, title: name }),
      ...(typeof context === 'string' && { context }),
      ...(typeof enabled === 'boolean' && { citationsEnabled: enabled }),
      ...keep({ ...restOfSource(value['source']), ...(value['format'] === undefined && { withoutFormat: true }) }),
    };
  },

  toolUse(value) {
    const { toolUseId, name, input, type } = value;
    // `server_tool_use`: a tool that Bedrock ran itself. `tool_use`, which Nova's answers say, is the ordinary.
    if (typeof toolUseId !== 'string' || typeof name !== 'string' || (type !== undefined && type !== 'tool_use')) return undefined;
    const text = typeof input === 'string' ? input : JSON.stringify(input ?? {});
    return { type: 'tool-call', kind: 'function', ...unsealCallId(toolUseId), name, arguments: text };
  },

  reasoningContent: (value, origin) => readReasoning(value, origin),

  citationsContent(value) {
    const text = asObjects(value['content'])
      .map((piece) => asString(piece['text']) ?? '')
      .join('');
    return { type: 'text', text, citations: asObjects(value['citations']).map(readCitation) };
  },

  guardContent(value) {
    const text = asObject(value['text'])?.['text'];
    if (typeof text === 'string') return { type: 'text', text, ...keep({ guardContent: value }) };
    const image = asObject(value['image']);
    const read = image && readers['image']!(image, undefined);
    return read && { ...read, ...keep({ guardContent: value }) };
  },

  searchResult(value) {
    const { source, title, content, citations, ...more } = value;
    const texts = asObjects(content);
    if (Object.keys(more).length > 0 || texts.some((piece) => Object.keys(piece).length !== 1)) return undefined;
    const pieces = texts.map((piece) => ({ type: 'text', text: asString(piece['text']) ?? '' }));
    // The same block as in Anthropic's own format, spelled as there.
    return {
      type: 'opaque',
      origin: usualOrigin,
      value: { type: 'search_result', source, title, content: pieces, ...(citations !== undefined && { citations }) },
      text: [asString(title), asString(source), ...pieces.map(({ text }) => text)].filter(Boolean).join('\n'),
    };
  },
});

/**
 * A block of a turn or an answer. What the neutral model has no word for is carried as it is.
 * @param origin the family of the model, where it is known
 */
export const readBlock = (block: JsonObject, origin?: Origin): Part => {
  const [name, value] = memberOf(block) ?? [];
  if (name === 'text' && typeof value === 'string') return { type: 'text', text: value };
  const part = isObject(value) ? readers[name!]?.(value, origin) : undefined;
  return part ?? { type: 'opaque', origin: bedrock, value: block };
};

const assistantOnly = new Set<Part['type']>(['thinking', 'tool-call']);

/** A block of a user's or system's turn. */
export const readInputBlock = (block: JsonObject): Part => {
  const part = readBlock(block);
  return assistantOnly.has(part.type) ? { type: 'opaque', origin: bedrock, value: block } : part;
};

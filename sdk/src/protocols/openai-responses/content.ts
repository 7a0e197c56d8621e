import { table } from '../../lib/table.ts';
import {
  SluiceError,
  type AudioPart,
  type FilePart,
  type ImagePart,
  type JsonObject,
  type OpaquePart,
  type Part,
  type RefusalPart,
  type TextPart,
  type ToWireContext,
} from '../../types/index.ts';
import { parseDataUrl, toDataUrl } from '../shared/data-url.ts';
import { asObject, asString, wantObject, wantString } from '../shared/read.ts';
import { asNative, family, nativeOf, objectIn, protocolId, without } from './native.ts';

export type ContentPart = TextPart | RefusalPart | ImagePart | FilePart | AudioPart | OpaquePart;

/** What the type of a text part is where none is remembered. */
type TextType = 'input_text' | 'output_text';

/** The members that have no place in the neutral part, remembered for the way back. */
const rest = (value: JsonObject, members: string[], more: JsonObject = {}) => {
  const part = { ...without(value, 'type', ...members), ...more };
  // The mark of a prompt cache means the same in every format that has one.
  const mark = asObject(value['prompt_cache_breakpoint']) ? { cacheControl: { type: 'ephemeral' } } : {};
  return { ...mark, ...asNative(Object.keys(part).length > 0 ? { part } : {}) };
};

const readText = (value: JsonObject, path: string, usual: TextType): TextPart => {
  const type = asString(value['type']);
  const odd = type !== usual && (type === 'input_text' || type === 'output_text') ? { type } : {};
  return { type: 'text', text: wantString(value['text'], `${path}.text`), ...rest(value, ['text'], odd) };
};

const readRefusal = (value: JsonObject, path: string): RefusalPart => ({
  type: 'refusal',
  text: wantString(value['refusal'], `${path}.refusal`),
  ...rest(value, ['refusal']),
});

const readImage = (value: JsonObject, path: string): ImagePart => {
  // Clients that mix the formats send chat's `{ image_url: { url, detail } }` (FP-18).
  const nested = asObject(value['image_url']);
  const image: JsonObject = nested ? { ...without(value, 'image_url'), ...without(nested, 'url'), image_url: nested['url'] } : value;
  const detail = asString(image['detail']);
  const found = detail === undefined ? {} : { detail };
  const known = detail === undefined ? [] : ['detail'];
  const fileId = asString(image['file_id']);
  if (fileId !== undefined && typeof image['image_url'] !== 'string') {
    return { type: 'image', source: { kind: 'file-id', id: fileId }, ...found, ...rest(image, ['file_id', ...known]) };
  }
  const url = wantString(image['image_url'], `${path}.image_url`);
  const data = parseDataUrl(url);
  return {
    type: 'image',
    source: data ? { kind: 'base64', ...data } : { kind: 'url', url },
    ...found,
    ...rest(image, ['image_url', ...known]),
  };
};

const mediaTypes: Readonly<Record<string, string>> = table({
  txt: 'text/plain',
  md: 'text/markdown',
  csv: 'text/csv',
  json: 'application/json',
  html: 'text/html',
});

const readFile = (value: JsonObject, path: string): FilePart => {
  const filename = asString(value['filename']);
  const found = filename === undefined ? {} : { filename };
  const known = filename === undefined ? [] : ['filename'];
  const fileId = asString(value['file_id']);
  const url = asString(value['file_url']);
  const data = asString(value['file_data']);
  if (data !== undefined) {
    const parsed = parseDataUrl(data);
    const guess = mediaTypes[filename?.split('.').pop()?.toLowerCase() ?? ''] ?? 'application/pdf';
    const source = parsed ?? { mediaType: guess, data };
    return {
      type: 'file',
      source: { kind: 'base64', ...source },
      ...found,
      ...rest(value, ['file_data', ...known], parsed ? {} : { file_data: 'bare' }),
    };
  }
  if (url !== undefined) return { type: 'file', source: { kind: 'url', url }, ...found, ...rest(value, ['file_url', ...known]) };
  if (fileId !== undefined)
    return { type: 'file', source: { kind: 'file-id', id: fileId }, ...found, ...rest(value, ['file_id', ...known]) };
  throw new SluiceError('invalid_request', `'${path}' needs one of 'file_data', 'file_url' and 'file_id'.`, { param: path });
};

const readAudio = (value: JsonObject, path: string): AudioPart => {
  const audio = wantObject(value['input_audio'], `${path}.input_audio`);
  const format = wantString(audio['format'], `${path}.input_audio.format`);
  const data = wantString(audio['data'], `${path}.input_audio.data`);
  return { type: 'audio', source: { kind: 'base64', data, mediaType: `audio/${format}` }, format, ...rest(value, ['input_audio']) };
};

type Reader = (value: JsonObject, path: string, usual: TextType) => ContentPart;
const readers: Readonly<Record<string, Reader>> = table({
  input_text: readText,
  output_text: readText,
  text: readText,
  refusal: readRefusal,
  input_image: readImage,
  image_url: readImage,
  input_file: readFile,
  input_audio: readAudio,
});

/**
 * One entry of a message's `content` or of a tool's `output`. Kinds that are not known are carried as they are.
 * @param usual the type of text in this place
 */
export const readContentPart = (entry: unknown, path: string, usual: TextType): ContentPart => {
  const value = wantObject(entry, path);
  const reader = readers[wantString(value['type'], `${path}.type`)];
  return reader ? reader(value, path, usual) : { type: 'opaque', origin: family, value, ...asNative({ content: true }) };
};

const writeText = (part: TextPart, usual: TextType): JsonObject => ({ type: usual, text: part.text, ...objectIn(nativeOf(part), 'part') });

const writeImage = (part: ImagePart, context: ToWireContext): JsonObject | undefined => {
  const { source } = part;
  const native = objectIn(nativeOf(part), 'part');
  // OpenAI's document demands `detail`; its own clients may leave it out.
  const common = {
    type: 'input_image',
    ...(part.detail !== undefined ? { detail: part.detail } : context.from !== protocolId && { detail: 'auto' }),
    ...native,
  };
  if (source.kind === 'url') return { ...common, image_url: source.url };
  if (source.kind === 'base64') return { ...common, image_url: toDataUrl(source) };
  if (source.kind === 'text') return undefined;
  return foreignFile(context) ? undefined : { ...common, file_id: source.id };
};

const writeFile = (part: FilePart, context: ToWireContext, usual: TextType): JsonObject | undefined => {
  const { source } = part;
  const native = objectIn(nativeOf(part), 'part');
  if (part.context && source.kind !== 'text') context.drop('context', 'the format has no words about a document; write them beside it');
  const common = { type: 'input_file', ...(part.filename !== undefined && { filename: part.filename }), ...native };
  if (source.kind === 'url') return { ...common, file_url: source.url };
  if (source.kind === 'base64') {
    // Marked by `readFile`: the client sent base64 without `data:...`.
    if (native?.['file_data'] === 'bare') return { ...common, file_data: source.data };
    return { ...common, filename: part.filename ?? part.title ?? defaultName(source.mediaType), file_data: toDataUrl(source) };
  }
  if (source.kind === 'text') return { type: usual, text: [part.title, part.context, source.text].filter(Boolean).join('\n\n') };
  return foreignFile(context) ? undefined : { ...common, file_id: source.id };
};

const defaultName = (mediaType: string): string =>
  `file.${mediaType === 'application/pdf' ? 'pdf' : mediaType.startsWith('text/') ? 'txt' : 'bin'}`;

/** Whether an uploaded file's id is another vendor's. */
const foreignFile = (context: ToWireContext): boolean => {
  const foreign = !context.from.startsWith('openai-');
  if (foreign) context.lacks('file_id', "files uploaded to another vendor cannot be read here: send the file's content");
  return foreign;
};

const writeAudio = (part: AudioPart, context: ToWireContext, usual: TextType): JsonObject | undefined => {
  if (usual === 'output_text') return part.transcript === undefined ? undefined : { type: usual, text: part.transcript };
  if (part.source?.kind === 'base64' && context.from === protocolId) {
    return {
      type: 'input_audio',
      input_audio: { data: part.source.data, format: part.format ?? 'wav' },
      ...objectIn(nativeOf(part), 'part'),
    };
  }
  context.lacks('input_audio', 'the Responses format takes no audio');
  return undefined;
};

/** Google's blocks have no type: their one member names them. */
const dropOpaque = ({ origin, value }: OpaquePart, context: ToWireContext): void =>
  context.drop(`${origin}:${String(value['type'] ?? Object.keys(value)[0])}`, `only ${origin} models understand it`);

/** The reverse of `readContentPart`; undefined where the content cannot be said in this format, which is then on record. */
export const writeContentPart = (part: Part, context: ToWireContext, usual: TextType): JsonObject | undefined => {
  switch (part.type) {
    case 'text':
      return writeText(part, usual);
    case 'refusal':
      return { type: 'refusal', refusal: part.text, ...objectIn(nativeOf(part), 'part') };
    case 'image':
      return writeImage(part, context);
    case 'file':
      return writeFile(part, context, usual);
    case 'audio':
      return writeAudio(part, context, usual);
    case 'opaque':
      if (nativeOf(part)) return part.value;
      dropOpaque(part, context);
      return part.text ? { type: usual, text: part.text } : undefined;
    case 'video':
      context.lacks('video', 'the Responses format takes no video');
      return undefined;
    default:
      context.drop(part.type, 'it has no place in a message of this format');
      return undefined;
  }
};

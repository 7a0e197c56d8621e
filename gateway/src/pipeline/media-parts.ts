import { isObject, type JsonObject } from 'sluice/kit';

/** What a part of a prompt is, beside text; by the name of the ability that it takes. */
export type MediaNeed = 'vision' | 'pdf_input' | 'audio_input' | 'video_input';

/** By `type`: OpenAI's two formats, Anthropic's, and those that follow them. Files say more of themselves elsewhere. */
const byType: Readonly<Record<string, MediaNeed | 'file'>> = {
  image_url: 'vision',
  input_image: 'vision',
  image: 'vision',
  computer_screenshot: 'vision',
  input_audio: 'audio_input',
  audio_url: 'audio_input',
  video_url: 'video_input',
  input_video: 'video_input',
  file: 'file',
  input_file: 'file',
  document: 'file',
};

/** Formats whose parts have a member of the kind instead of a type: Bedrock's. */
const byMember = { image: 'vision', video: 'video_input', audio: 'audio_input', document: 'file' } as const;

/** What nests parts in parts: a tool's results, twice at most. */
const maxDepth = 3;

/**
 * Calls `found` for each picture, recording, film and document in a request, in whichever format it is written: the names
 * of their members do not collide. Looks at parts alone, and never into texts or what tools are called with.
 */
export const eachMediaPart = (body: JsonObject, found: (need: MediaNeed | 'file') => void): void => {
  for (const name of ['messages', 'contents', 'input'] as const) {
    const turns = body[name];
    if (Array.isArray(turns)) for (const turn of turns) visitTurn(turn, found);
  }
  if (Array.isArray(body['images'])) body['images'].forEach(() => found('vision'));
  visitParts(body['system'], found, 0);
};

const visitTurn = (turn: unknown, found: (need: MediaNeed | 'file') => void): void => {
  if (!isObject(turn)) return;
  const { content, parts, output, images } = turn;
  visitParts(content ?? parts, found, 0);
  visitParts(output, found, 0);
  if (isObject(output)) visitPart(output, found, 0);
  // Ollama's pictures stand beside the text.
  if (Array.isArray(images)) images.forEach(() => found('vision'));
  if (content === undefined && parts === undefined) visitPart(turn, found, 0);
};

const visitParts = (parts: unknown, found: (need: MediaNeed | 'file') => void, depth: number): void => {
  if (Array.isArray(parts)) for (const part of parts) if (isObject(part)) visitPart(part, found, depth);
};

const visitPart = (part: JsonObject, found: (need: MediaNeed | 'file') => void, depth: number): void => {
  const { type } = part;
  if (typeof type === 'string') {
    const need = Object.hasOwn(byType, type) ? byType[type] : undefined;
    if (need !== undefined) found(need === 'file' ? needOfFile(part) : need);
    else if (type === 'tool_result' && depth < maxDepth) visitParts(part['content'], found, depth + 1);
    return;
  }
  const data = part['inlineData'] ?? part['inline_data'] ?? part['fileData'] ?? part['file_data'];
  if (isObject(data)) return found(needOfMime(data['mimeType'] ?? data['mime_type']));
  const result = part['toolResult'];
  if (isObject(result)) return depth < maxDepth ? visitParts(result['content'], found, depth + 1) : undefined;
  const response = part['functionResponse'];
  if (isObject(response)) return depth < maxDepth ? visitParts(response['parts'], found, depth + 1) : undefined;
  for (const name of ['image', 'video', 'audio', 'document'] as const) {
    const value = part[name];
    if (isObject(value)) found(name === 'document' ? (value['format'] === 'pdf' ? 'pdf_input' : 'file') : byMember[name]);
  }
};

const needOfMime = (mime: unknown): MediaNeed | 'file' => {
  if (typeof mime !== 'string') return 'file';
  if (mime.startsWith('image/')) return 'vision';
  if (mime.startsWith('audio/')) return 'audio_input';
  if (mime.startsWith('video/')) return 'video_input';
  return mime === 'application/pdf' ? 'pdf_input' : 'file';
};

/** OpenAI's files say it in a name or a data URL, Anthropic's in their source; an id alone says nothing. */
const needOfFile = (part: JsonObject): MediaNeed | 'file' => {
  const { source, file } = part;
  if (isObject(source)) return source['media_type'] === 'application/pdf' || source['type'] === 'url' ? 'pdf_input' : 'file';
  const of = isObject(file) ? file : part;
  return [of['filename'], of['file_url'], of['file_data']].some(isPdf) ? 'pdf_input' : 'file';
};

const isPdf = (text: unknown): boolean =>
  typeof text === 'string' && (text.startsWith('data:application/pdf') || /\.pdf$/i.test(text.slice(-300)));

import type { JsonObject, Message, Part, ToolCallPart, ToolResultPart, ToWireContext } from '../../types/index.ts';
import { parseObject } from '../shared/read.ts';

/** Messages -> Ollama's, whose content is one text with images beside it. */
export const writeMessages = (messages: readonly Message[], context: ToWireContext): JsonObject[] => {
  const names = new Map<string, string>();
  return messages.flatMap((message) => {
    for (const part of message.content) if (part.type === 'tool-call') names.set(part.id, part.name);
    if (message.name !== undefined) context.drop('name', 'Ollama has no names of speakers');
    if (message.role !== 'tool') return [writeMessage(message, context)];
    return message.content.filter((part) => part.type === 'tool-result').map((result) => writeResult(result, names, context));
  });
};

const writeMessage = ({ role, content }: Message, context: ToWireContext): JsonObject => {
  const gathered = gather(content, context);
  return {
    role: role === 'developer' ? 'system' : role,
    // What the model said in pieces is one text; what a user gave in blocks is a block a paragraph.
    content: gathered.texts.join(role === 'assistant' ? '' : '\n'),
    ...(gathered.images.length > 0 && { images: gathered.images }),
    ...(gathered.thinking !== '' && { thinking: gathered.thinking }),
    ...(gathered.calls.length > 0 && { tool_calls: gathered.calls }),
  };
};

const writeResult = (result: ToolResultPart, names: ReadonlyMap<string, string>, context: ToWireContext): JsonObject => {
  const { texts, images } = gather(result.content, context);
  const name = result.name ?? names.get(result.callId);
  return { role: 'tool', content: texts.join('\n'), ...(name !== undefined && { tool_name: name }), ...(images.length > 0 && { images }) };
};

interface Gathered {
  texts: string[];
  images: string[];
  thinking: string;
  calls: JsonObject[];
}

const gather = (content: readonly Part[], context: ToWireContext): Gathered => {
  const gathered: Gathered = { texts: [], images: [], thinking: '', calls: [] };
  for (const part of content)
    (writers[part.type] as (part: Part, gathered: Gathered, context: ToWireContext) => void)(part, gathered, context);
  return gathered;
};

type Writers = { [T in Part['type']]: (part: Extract<Part, { type: T }>, gathered: Gathered, context: ToWireContext) => void };

const writers: Writers = {
  text({ text, signature }, { texts }, context) {
    if (signature) context.drop(`${signature.origin}:signature`, 'only the vendor that wrote it can read it');
    texts.push(text);
  },
  refusal: ({ text }, { texts }) => void texts.push(text),
  image({ source, detail }, { images }, context) {
    if (detail !== undefined && detail !== 'auto') context.drop('detail', 'Ollama has no resolution of images');
    if (source.kind === 'base64') images.push(source.data);
    else context.lacks('image_url', 'Ollama takes images as base64 only, not by URL or id');
  },
  audio({ transcript }, { texts }, context) {
    if (transcript) texts.push(transcript);
    else context.lacks('input_audio', 'Ollama takes no audio');
  },
  video: (_part, _gathered, context) => context.lacks('video', 'Ollama takes no video'),
  file({ source, title }, { texts }, context) {
    if (source.kind === 'text') texts.push(title === undefined ? source.text : `${title}\n${source.text}`);
    else context.lacks('file', 'Ollama takes no files, only text and images');
  },
  thinking(part, gathered, context) {
    if (part.signature) context.drop(`${part.signature.origin}:signature`, 'only the vendor that wrote it can read it');
    if (part.redacted) context.drop(`${part.redacted.origin}:redacted_thinking`, 'only the vendor that wrote it can read it');
    gathered.thinking += part.text;
  },
  'tool-call'(part, { calls }, context) {
    if (part.signature) context.drop(`${part.signature.origin}:signature`, 'only the vendor that wrote it can read it');
    // Without ids: Ollama pairs calls and results by name and order, and older servers know no other way.
    calls.push({ type: 'function', function: { index: calls.length, name: part.name, arguments: writeArguments(part, context) } });
  },
  'tool-result': () => undefined,
  opaque({ origin, value, text }, { texts }, context) {
    context.drop(`${origin}:${String(value['type'] ?? 'block')}`, 'only the vendor that wrote it can read it');
    if (text) texts.push(text);
  },
};

const writeArguments = (part: ToolCallPart, context: ToWireContext): JsonObject => {
  if (part.kind === 'custom') return { input: part.arguments };
  // `null` is what some models write for nothing.
  if (['', 'null'].includes(part.arguments.trim())) return {};
  const args = parseObject(part.arguments);
  if (args) return args;
  context.drop(`arguments of ${part.name}`, 'they are not a JSON object; sent as a text under "input"');
  return { input: part.arguments };
};

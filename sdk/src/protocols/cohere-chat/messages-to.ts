import type { FilePart, JsonObject, Message, Part, ThinkingPart, ToolCallPart, ToolResultPart, ToWireContext } from '../../types/index.ts';
import { toDataUrl } from '../shared/data-url.ts';
import { asArray, compact, parseObject } from '../shared/read.ts';
import type { ToolAliases } from '../shared/tool-alias.ts';
import { customInput } from '../shared/tool-hints.ts';
import { writeCitations } from './citations.ts';
import { isPlan, origin, ownOf } from './common.ts';
import { isDocument, writeDocument } from './documents.ts';

interface Writing {
  context: ToWireContext;
  aliases: ToolAliases;
}

/** @throws SluiceError `unsupported_parameter` for content that Cohere cannot take */
export const writeMessages = (messages: readonly Message[], writing: Writing): JsonObject[] => {
  const { context } = writing;
  const out: JsonObject[] = [];
  let media: Part[] = [];
  // Results must follow their calls without a gap, so what they cannot hold waits for the end of the run.
  const flush = () => {
    if (media.length === 0) return;
    context.drop('media in tool results', 'moved into a user message behind them: a tool message takes text and documents');
    out.push({ role: 'user', content: writeContent(media, context) });
    media = [];
  };
  for (const message of messages) {
    if (message.name !== undefined) context.drop('name', 'Cohere has no names of speakers');
    if (message.role === 'tool') {
      for (const part of message.content) {
        if (part.type !== 'tool-result') continue;
        out.push({ role: 'tool', tool_call_id: part.callId, content: writeResult(part, context) });
        const images = part.content.filter(({ type }) => type === 'image' || type === 'audio');
        if (images.length > 0) media.push({ type: 'text', text: `Output of the tool call ${part.callId}:` }, ...images);
      }
      continue;
    }
    flush();
    if (message.role === 'assistant') out.push(writeAssistant(message, writing));
    else out.push({ role: message.role === 'developer' ? 'system' : message.role, content: writeContent(message.content, context) });
  }
  flush();
  return out;
};

type Write<T extends Part['type']> = (part: Extract<Part, { type: T }>, context: ToWireContext) => JsonObject[];

/** What a message of the user or the system can hold. Documents stand beside the messages. */
const writers: { [T in Part['type']]: Write<T> } = {
  text: ({ text, signature }, context) => {
    if (signature && signature.origin !== origin)
      context.drop(`${signature.origin}:thought signature`, 'only its own vendor understands it');
    return text === '' ? [] : [{ type: 'text', text }];
  },
  refusal: ({ text }) => [{ type: 'text', text }],
  image: ({ source, detail }, context) => {
    if (source.kind !== 'url' && source.kind !== 'base64') {
      context.lacks('image_url', 'Cohere takes images as base64 or by URL, not by the id of a file');
      return [];
    }
    const url = source.kind === 'url' ? source.url : toDataUrl(source);
    const known = detail === undefined || detail === 'auto' || detail === 'low' || detail === 'high';
    if (!known) context.drop('detail', `Cohere has no image detail '${detail}'; 'high' is sent`);
    return [{ type: 'image_url', image_url: compact({ url, detail: known ? detail : 'high' }) }];
  },
  audio: ({ transcript }, context) => {
    if (transcript) return [{ type: 'text', text: transcript }];
    context.lacks('input_audio', 'Cohere takes no audio');
    return [];
  },
  video: (_part, context) => {
    context.lacks('video', 'Cohere takes no video');
    return [];
  },
  file: (part, context) => (isDocument(part) ? [] : writeFile(part, context)),
  thinking: () => [],
  'tool-call': () => [],
  'tool-result': () => [],
  opaque: ({ origin: theirs, value, text }, context) => {
    context.drop(`${theirs}:${String(value['type'] ?? 'block')}`, 'only the vendor that wrote it can read it');
    return text ? [{ type: 'text', text }] : [];
  },
};

const writePart = (part: Part, context: ToWireContext): JsonObject[] => (writers[part.type] as Write<Part['type']>)(part as never, context);

const writeFile = ({ source, title, filename }: FilePart, context: ToWireContext): JsonObject[] => {
  if (source.kind === 'text') {
    const name = title ?? filename;
    return [{ type: 'text', text: name === undefined ? source.text : `${name}\n${source.text}` }];
  }
  context.lacks('file', 'Cohere takes no files, only text and images');
  return [];
};

/** One text is a string, as Cohere's own clients write it. */
const simplest = (blocks: JsonObject[]): unknown => {
  if (blocks.length === 0) return '';
  return blocks.length === 1 && blocks[0]!['type'] === 'text' ? blocks[0]!['text'] : blocks;
};

const writeContent = (content: readonly Part[], context: ToWireContext): unknown =>
  simplest(content.flatMap((part) => writePart(part, context)));

const writeResult = (result: ToolResultPart, context: ToWireContext): unknown => {
  if (result.isError) context.drop('is_error', 'the format has no such mark; the message of the error stays');
  const blocks = result.content.flatMap((part, index): JsonObject[] => {
    if (part.type === 'image' || part.type === 'audio') return [];
    const own = part.type === 'text' ? ownOf(part)['document'] : undefined;
    if (own !== undefined) return [{ type: 'document', document: own }];
    if (part.type === 'file' && isDocument(part)) {
      return [{ type: 'document', document: writeDocument(part, `${result.callId}:${index}`) }];
    }
    return writePart(part, context);
  });
  return simplest(blocks);
};

const writeAssistant = (message: Message, { context, aliases }: Writing): JsonObject => {
  const calls = message.content.filter((part) => part.type === 'tool-call');
  const thoughts = message.content.filter((part) => part.type === 'thinking');
  const { plan, blocks } = writeThoughts(thoughts, calls.length > 0, context);
  const citations: JsonObject[] = [];
  let base = 0;
  for (const part of message.content) {
    if (part.type === 'text') {
      const block = { contentIndex: blocks.length, text: part.text, base, part: [0, part.text.length] as const };
      // What foreign answers rest on is not among what Cohere was given.
      const own = (part.citations ?? []).filter(({ raw }) => raw?.origin === origin);
      if (own.length < (part.citations ?? []).length) context.drop('citations', 'they are of a source that Cohere was not given');
      citations.push(...writeCitations(own, block));
      base += part.text.length;
    }
    if (part.type === 'image' || part.type === 'video' || part.type === 'file') {
      context.drop(`assistant ${part.type}`, 'an assistant message cannot carry it');
      continue;
    }
    if (part.type === 'audio' && !part.transcript) {
      context.drop('assistant audio', 'an assistant message cannot carry it');
      continue;
    }
    blocks.push(...writePart(part, context));
  }
  citations.push(...(asArray(ownOf(message)['citations']) as JsonObject[]));
  return compact<JsonObject>({
    role: 'assistant',
    tool_plan: plan === '' ? undefined : plan,
    content: blocks.length === 0 && calls.length > 0 ? undefined : simplest(blocks),
    tool_calls: calls.length > 0 ? calls.map((part) => writeCall(part, aliases, context)) : undefined,
    citations: citations.length > 0 ? citations : undefined,
  });
};

/** Thoughts as the model knows them: those of a model that does not think are its plan for the calls. */
const writeThoughts = (
  parts: readonly ThinkingPart[],
  calling: boolean,
  context: ToWireContext,
): { plan: string; blocks: JsonObject[] } => {
  const blocks: JsonObject[] = [];
  let plan = '';
  for (const part of parts) {
    for (const opaque of [part.signature, part.redacted]) {
      if (opaque && opaque.origin !== origin) context.drop(`${opaque.origin}:thinking signature`, 'only its own vendor understands it');
    }
    if (part.text === '') continue;
    if (calling && (isPlan(part) || context.traits.reasoning === 'none')) plan += plan === '' ? part.text : `\n\n${part.text}`;
    else if (context.traits.reasoning === 'none') context.drop('thinking', 'the model does not think');
    else blocks.push({ type: 'thinking', thinking: part.text });
  }
  return { plan, blocks };
};

const writeCall = (part: ToolCallPart, aliases: ToolAliases, context: ToWireContext): JsonObject => {
  if (part.signature) context.drop(`${part.signature.origin}:thought signature`, 'only its own vendor understands it');
  return { id: part.id, type: 'function', function: { name: aliases.of(part.name), arguments: writeArguments(part, context) } };
};

const writeArguments = (part: ToolCallPart, context: ToWireContext): string => {
  if (part.kind === 'custom') return JSON.stringify({ [customInput]: part.arguments });
  // `null` is what some models write for nothing.
  if (['', 'null'].includes(part.arguments.trim())) return '{}';
  if (parseObject(part.arguments)) return part.arguments;
  context.drop(`arguments of ${part.name}`, 'they are not a JSON object; sent as a text under "input"');
  return JSON.stringify({ [customInput]: part.arguments });
};

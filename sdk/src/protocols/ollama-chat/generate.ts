import { table } from '../../lib/table.ts';
import type {
  ChatProtocol,
  ChatRequest,
  DecodeHints,
  FromResultContext,
  JsonObject,
  PathFacts,
  ToWireContext,
  WireRequest,
} from '../../types/index.ts';
import { createJsonDecoder } from '../shared/json-decoder.ts';
import { asArray, asObjects, asString, isObject, maybe, wantArray, wantString } from '../shared/read.ts';
import { AnswerReader } from './answer-reader.ts';
import { encoder } from './encoder.ts';
import * as errors from './errors.ts';
import * as request from './request.ts';
import * as response from './response.ts';
import { tap } from './stream.ts';
import { usageFromWire } from './usage.ts';

/*
 * Ollama's `/api/generate`: a prompt where `/api/chat` has messages, and `response` where that has a message; all else is
 * the same (https://docs.ollama.com/api/generate, read 2026-11-22).
 */

/** What a server with templates of its own can do with a prompt. Goes on as it is: who cannot do it refuses it by name. */
const ofPrompts = ['suffix', 'template', 'raw', 'context'] as const;

const saysNothing = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || value === false || (Array.isArray(value) && value.length === 0);

/** @throws SluiceError `invalid_request`, naming the member */
const fromWire = (body: JsonObject, path?: PathFacts): ChatRequest => {
  const { prompt, system, images, suffix: _suffix, template: _template, raw: _raw, context: _context, ...rest } = body;
  const told = maybe(wantString, system, 'system') ?? '';
  const pictures = (maybe(wantArray, images, 'images') ?? []).map((each, index) => wantString(each, `images[${index}]`));
  const messages = [
    ...(told === '' ? [] : [{ role: 'system', content: told }]),
    { role: 'user', content: maybe(wantString, prompt, 'prompt') ?? '', images: pictures },
  ];
  const read = request.fromWire({ ...rest, messages }, path);
  for (const name of ofPrompts) if (!saysNothing(body[name])) read.unknown[name] = body[name];
  return read;
};

const speakers: Readonly<Record<string, string>> = table({ user: 'User', assistant: 'Assistant', tool: 'Tool' });

/** One user's message is the prompt itself; a conversation is written down, and left open where the answer is to be. */
const promptOf = (messages: readonly JsonObject[]): string => {
  if (messages.length === 1) return asString(messages[0]!['content']) ?? '';
  const lines = messages.map(({ role, content }) => `${speakers[String(role)] ?? 'User'}: ${asString(content) ?? ''}`);
  return [...lines, 'Assistant:'].join('\n\n');
};

/** @throws SluiceError `unsupported_parameter` for tools */
const toWire = (asked: ChatRequest, context: ToWireContext): WireRequest => {
  const { tools = [], ...without } = asked;
  if (tools.length > 0) context.lacks('tools', 'a prompt has none');
  const { body, hints } = request.toWire(without, context);
  const { model, messages, ...rest } = body;
  const all = asObjects(messages);
  const system = all.flatMap(({ role, content }) => (role === 'system' ? [asString(content) ?? ''] : [])).join('\n\n');
  const spoken = all.filter(({ role }) => role !== 'system');
  const images = spoken.flatMap((message) => asArray(message['images']));
  return {
    body: {
      model,
      prompt: promptOf(spoken),
      ...(system !== '' && { system }),
      ...(images.length > 0 && { images }),
      ...rest,
    },
    ...(hints && { hints }),
  };
};

/** An answer of `/api/generate` as one of `/api/chat`. */
const asChat = (value: unknown): unknown => {
  if (!isObject(value) || value['response'] === undefined) return value;
  const { response: content, thinking, images, tool_calls, ...rest } = value;
  return { ...rest, message: { role: 'assistant', content, thinking, images, tool_calls } };
};

/** And the other way about. */
const asGenerated = ({ message, ...rest }: JsonObject): JsonObject => {
  if (!isObject(message)) return rest;
  const { model, created_at, ...facts } = rest;
  // A prompt has no turns that anything could be sent back with.
  const { content, role: _role, thinking_blocks: _blocks, ...more } = message;
  return { model, created_at, response: content, ...more, ...facts };
};

export const ollamaGenerate: ChatProtocol = Object.freeze({
  id: 'ollama-generate',
  origin: 'ollama',
  framing: 'ndjson',
  request: { fromWire, toWire },
  response: {
    fromWire: (body: JsonObject, hints?: DecodeHints) => response.fromWire(asChat(body) as JsonObject, hints),
    toWire: (result, context) => asGenerated(response.toWire(result, context)),
    usage: usageFromWire,
  },
  stream: {
    decoder(hints?: DecodeHints) {
      const reader = new AnswerReader(hints);
      return createJsonDecoder(
        {
          read: (value, emit) => reader.read(asChat(value), emit),
          fail: (error, emit) => reader.fail(error, emit),
          close: (emit) => reader.close(emit),
        },
        'line',
      );
    },
    encoder: (context: FromResultContext) => encoder(context, asGenerated),
    tap,
  },
  errors: { fromWire: errors.fromWire, toWire: errors.toWire, toEvents: errors.toEvents },
} satisfies ChatProtocol);

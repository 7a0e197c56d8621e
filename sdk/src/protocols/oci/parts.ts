import type { JsonObject } from '../../types/index.ts';
import { asArray, asObject, asObjects, asString, compact } from '../shared/read.ts';

/*
 * Oracle's generic format is OpenAI's chat format with other names: camel case, words in capitals, one level less (the npm
 * package oci-generativeaiinference 2.142.0, models GenericChatRequest, Message and ChatContent, read 2026-11-22).
 */

const upper = (value: unknown): string | undefined => asString(value)?.toUpperCase();

const urlOf = (value: unknown): unknown => asString(value) ?? asObject(value)?.['url'];

const partOf = (part: JsonObject): JsonObject => {
  switch (part['type']) {
    case 'text':
      return { type: 'TEXT', text: part['text'] };
    case 'image_url':
      return {
        type: 'IMAGE',
        imageUrl: compact({ url: urlOf(part['image_url']), detail: upper(asObject(part['image_url'])?.['detail']) }),
      };
    case 'video_url':
      return { type: 'VIDEO', videoUrl: { url: urlOf(part['video_url']) } };
    case 'input_audio': {
      const audio = asObject(part['input_audio']);
      return { type: 'AUDIO', audioUrl: { url: `data:audio/${String(audio?.['format'])};base64,${String(audio?.['data'])}` } };
    }
    case 'file':
      return { type: 'DOCUMENT', documentUrl: { url: asObject(part['file'])?.['file_data'] } };
    default:
      return part;
  }
};

const contentOf = (content: unknown): JsonObject[] | undefined => {
  if (typeof content === 'string') return content === '' ? undefined : [{ type: 'TEXT', text: content }];
  const parts = asObjects(asArray(content)).map(partOf);
  return parts.length > 0 ? parts : undefined;
};

const callOf = (call: JsonObject): JsonObject => {
  const called = asObject(call['function']);
  return compact({ id: call['id'], type: 'FUNCTION', name: called?.['name'], arguments: called?.['arguments'] });
};

export const messageOf = (message: JsonObject): JsonObject => {
  const calls = asObjects(asArray(message['tool_calls'])).map(callOf);
  const content = contentOf(message['content']);
  return compact({
    role: upper(message['role']),
    // "When responding to a tool call, set content to null".
    content: content ?? (calls.length > 0 ? null : [{ type: 'TEXT', text: '' }]),
    name: message['name'],
    toolCalls: calls.length > 0 ? calls : undefined,
    toolCallId: message['tool_call_id'],
  });
};

export const toolsOf = (tools: unknown): JsonObject[] =>
  asObjects(asArray(tools)).map((tool) => {
    const { name, description, parameters } = asObject(tool['function']) ?? {};
    return compact({ type: 'FUNCTION', name, description, parameters });
  });

export const choiceOf = (choice: unknown): JsonObject | undefined => {
  const named = asObject(asObject(choice)?.['function'])?.['name'];
  if (named !== undefined) return { type: 'FUNCTION', name: named };
  const word = upper(choice);
  return word === undefined ? undefined : { type: word };
};

export const formatOf = (format: unknown): JsonObject | undefined => {
  const given = asObject(format);
  if (!given) return undefined;
  const schema = asObject(given['json_schema']);
  if (!schema) return { type: upper(given['type']) };
  const { strict, ...rest } = schema;
  return { type: 'JSON_SCHEMA', jsonSchema: compact({ ...rest, isStrict: strict }) };
};

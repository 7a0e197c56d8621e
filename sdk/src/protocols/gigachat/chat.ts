import type {
  ChatRequest,
  DecodeHints,
  JsonObject,
  StreamDecoder,
  ToWireContext,
  UpstreamProtocol,
  WireEvent,
  WireRequest,
} from '../../types/index.ts';
import { openaiChat } from '../openai-chat/index.ts';
import { parameterName } from '../shared/parameter-name.ts';
import { asArray, asObject, asObjects, parseObject } from '../shared/read.ts';
import { asOpenAi } from './answer.ts';
import { messagesFor } from './messages.ts';

const nothing = { type: 'object', properties: {} } as const;

const functionsOf = (tools: unknown): JsonObject[] =>
  asObjects(asArray(tools)).map((tool) => {
    const { name, description, parameters } = asObject(tool['function']) ?? {};
    const schema = asObject(parameters);
    return {
      name,
      ...(description !== undefined && { description }),
      parameters: schema?.['type'] === 'object' && schema['properties'] === undefined ? { ...schema, properties: {} } : (schema ?? nothing),
    };
  });

/** It can be told which function to call, and not that it must call any. */
const choiceOf = (choice: unknown, functions: readonly JsonObject[], context: ToWireContext): unknown => {
  const named = asObject(asObject(choice)?.['function'])?.['name'];
  if (named !== undefined) return { name: named };
  if (choice !== 'required') return choice;
  if (functions.length === 1) return { name: functions[0]!['name'] };
  context.lacks(parameterName('toolChoice', context.from), 'the provider can be made to call a certain function, and not just any');
  return 'auto';
};

/** Zero is no temperature there; the likeliest word is asked for so. */
const samplingOf = ({ temperature, top_p: topP }: JsonObject): JsonObject => {
  if (temperature === 0) return { top_p: 0 };
  return { ...(temperature !== undefined && { temperature }), ...(topP !== undefined && { top_p: topP }) };
};

const toWire = (request: ChatRequest, context: ToWireContext): WireRequest => {
  const { body, ...rest } = openaiChat.request.toWire(request, context);
  const { tools, tool_choice: choice, temperature: _temperature, top_p: _topP, messages: _messages, ...members } = body;
  if (request.messages.some(({ name }) => name !== undefined)) context.drop('name', 'the provider takes no name of a speaker');
  const functions = functionsOf(tools);
  const call = functions.length > 0 ? choiceOf(choice, functions, context) : undefined;
  return {
    ...rest,
    body: {
      ...members,
      messages: messagesFor(body),
      ...samplingOf(body),
      ...(functions.length > 0 && { functions }),
      ...(call !== undefined && { function_call: call }),
    },
  };
};

const asChunk = (event: WireEvent): WireEvent => {
  const chunk = event.data.startsWith('{') ? parseObject(event.data) : undefined;
  return chunk ? { ...event, data: JSON.stringify(asOpenAi(chunk)) } : event;
};

const decoder = (hints?: DecodeHints): StreamDecoder => {
  const inner = openaiChat.stream.decoder(hints);
  return { push: (event, emit) => inner.push(asChunk(event), emit), close: (emit) => inner.close(emit) };
};

/** GigaChat's chat: OpenAI's of the time when it had functions (https://developers.sber.ru/docs/ru/gigachat/api/reference/rest/post-chat, read 2026-11-22). */
export const gigachatChat: UpstreamProtocol = Object.freeze({
  id: 'gigachat-chat',
  origin: 'gigachat',
  framing: 'sse',
  shape: openaiChat.id,
  request: Object.freeze({ toWire }),
  response: Object.freeze({ fromWire: (body: JsonObject, hints?: DecodeHints) => openaiChat.response.fromWire(asOpenAi(body), hints) }),
  stream: Object.freeze({ decoder }),
  errors: Object.freeze({ fromWire: openaiChat.errors.fromWire }),
} satisfies UpstreamProtocol);

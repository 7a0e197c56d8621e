import { protocolOf, type ChatRequest, type ChatResult, type JsonObject, type SluiceError, type WireEvent } from 'sluice/kit';
import type { Double } from '../doubles.ts';

const chat = protocolOf('openai-chat');

type Part = ChatResult['candidates'][number]['content'][number];

interface Body extends JsonObject {
  compartmentId: string;
  servingMode: { servingType: string; modelId: string };
  chatRequest: JsonObject;
}

const owned = (body: JsonObject, apiFormat: string): Body => {
  const { compartmentId, servingMode, chatRequest, ...rest } = body as Body;
  if (
    compartmentId !== 'c' ||
    servingMode.servingType !== 'ON_DEMAND' ||
    chatRequest['apiFormat'] !== apiFormat ||
    Object.keys(rest).length > 0
  )
    throw new Error('not a request of Oracle');
  return body as Body;
};

const errors: Double['errors'] = { toWire: ({ status, message }: SluiceError) => ({ status, body: { code: 'SomeCode', message } }) };

const usageOf = (usage: ChatResult['usage']) => usage && { promptTokens: usage.inputTokens, completionTokens: usage.outputTokens };
const list = (value: unknown): JsonObject[] => (Array.isArray(value) ? (value as JsonObject[]) : []);
const lower = (value: unknown): string => String(value).toLowerCase();

const partFrom = (part: JsonObject): JsonObject =>
  part['type'] === 'TEXT' ? { type: 'text', text: part['text'] } : { type: 'image_url', image_url: part['imageUrl'] };

const messageFrom = (message: JsonObject): JsonObject => ({
  role: lower(message['role']),
  content: message['content'] === null ? null : list(message['content']).map(partFrom),
  ...(message['toolCalls'] !== undefined && {
    tool_calls: list(message['toolCalls']).map(({ id, name, arguments: args }) => ({
      id,
      type: 'function',
      function: { name, arguments: args },
    })),
  }),
  ...(message['toolCallId'] !== undefined && { tool_call_id: message['toolCallId'] }),
});

const choiceFrom = (choice: unknown): unknown => {
  if (choice === undefined) return undefined;
  const { type, name } = choice as JsonObject;
  return type === 'FUNCTION' ? { type: 'function', function: { name } } : lower(type);
};

const formatFrom = (format: unknown): JsonObject | undefined => {
  if (format === undefined) return undefined;
  const { type, jsonSchema } = format as JsonObject & { jsonSchema?: JsonObject };
  return { type: lower(type), ...(jsonSchema && { json_schema: { name: jsonSchema['name'], schema: jsonSchema['schema'] } }) };
};

const known = new Set(['apiFormat', 'messages', 'tools', 'toolChoice', 'maxTokens', 'responseFormat', 'isStream', 'streamOptions']);

const textOf = (content: readonly Part[]): string => content.map((part) => (part.type === 'text' ? part.text : '')).join('');

const genericCalls = (content: readonly Part[]): JsonObject[] =>
  content.flatMap((part) =>
    part.type === 'tool-call' ? [{ type: 'FUNCTION', id: part.id, name: part.name, arguments: part.arguments }] : [],
  );

const finishes: Readonly<Record<string, string>> = { 'tool-calls': 'tool_calls', 'stop-sequence': 'stop' };

export const ociGeneric: Double = {
  framing: 'sse',
  request: {
    fromWire(body, path) {
      const { chatRequest, servingMode } = owned(body, 'GENERIC');
      const tools = list(chatRequest['tools']).map(({ name, description, parameters }) => ({
        type: 'function',
        function: { name, description, parameters },
      }));
      const unknown = Object.fromEntries(Object.entries(chatRequest).filter(([name]) => !known.has(name)));
      return chat.request.fromWire(
        {
          ...unknown,
          model: servingMode.modelId,
          messages: list(chatRequest['messages']).map(messageFrom),
          ...(tools.length > 0 && { tools, tool_choice: choiceFrom(chatRequest['toolChoice']) }),
          max_tokens: chatRequest['maxTokens'],
          response_format: formatFrom(chatRequest['responseFormat']),
          stream: chatRequest['isStream'] === true,
        },
        path,
      );
    },
  },
  response: {
    toWire: ({ candidates, usage }, { model }) => ({
      modelId: model,
      modelVersion: '1',
      chatResponse: {
        apiFormat: 'GENERIC',
        timeCreated: '2026-11-22T00:00:00Z',
        choices: candidates.map(({ index, content, finishReason }) => {
          const calls = genericCalls(content);
          const message = {
            role: 'ASSISTANT',
            content: [{ type: 'TEXT', text: textOf(content) }],
            ...(calls.length > 0 && { toolCalls: calls }),
          };
          return { index, message, finishReason: finishes[finishReason] ?? finishReason };
        }),
        usage: usageOf(usage),
      },
    }),
  },
  stream: {
    encoder: () => {
      const event = (value: object): WireEvent => ({ data: JSON.stringify({ index: 0, ...value, pad: 'aaaa' }) });
      const message = (value: object): WireEvent => event({ message: { role: 'ASSISTANT', ...value } });
      return {
        push(part) {
          if (part.type === 'text-delta') return [message({ content: [{ type: 'TEXT', text: part.text }] })];
          if (part.type === 'part-start' && part.part.type === 'tool-call')
            return [message({ toolCalls: [{ type: 'FUNCTION', id: part.part.id, name: part.part.name, arguments: '' }] })];
          if (part.type === 'arguments-delta') return [message({ toolCalls: [{ type: 'FUNCTION', arguments: part.text }] })];
          if (part.type === 'finish') return [event({ finishReason: finishes[part.reason] ?? part.reason })];
          return part.type === 'usage' ? [event({ usage: usageOf(part.usage) })] : [];
        },
      };
    },
  },
  errors,
};

/** Cohere's turns with calls and results as the neutral model has them. */
const turnsFrom = ({ preambleOverride, chatHistory, message, toolResults }: JsonObject): ChatRequest['messages'] => {
  const text = (value: unknown): Part[] => (value ? [{ type: 'text', text: String(value) }] : []);
  const resultsFrom = (results: unknown): ChatRequest['messages'][number] => ({
    role: 'tool',
    content: list(results).map((result) => ({
      type: 'tool-result',
      callId: 'x',
      content: list(result['outputs']).map((output) => ({ type: 'text', text: String(output['output']) })),
    })),
  });
  const turns = list(chatHistory).map((turn): ChatRequest['messages'][number] => {
    if (turn['role'] === 'TOOL') return resultsFrom(turn['toolResults']);
    if (turn['role'] === 'USER') return { role: 'user', content: text(turn['message']) };
    const calls = list(turn['toolCalls']).map(({ name, parameters }): Part => ({
      type: 'tool-call',
      kind: 'function',
      id: 'x',
      name: String(name),
      arguments: JSON.stringify(parameters),
    }));
    return { role: 'assistant', content: [...text(turn['message']), ...calls] };
  });
  return [
    ...(preambleOverride ? [{ role: 'system' as const, content: text(preambleOverride) }] : []),
    ...turns,
    ...(toolResults ? [resultsFrom(toolResults)] : [{ role: 'user' as const, content: text(message) }]),
  ];
};

const cohereKnown = new Set([
  'apiFormat',
  'preambleOverride',
  'chatHistory',
  'message',
  'toolResults',
  'tools',
  'maxTokens',
  'stopSequences',
  'isStream',
  'streamOptions',
]);
const cohereFinishes: Readonly<Record<string, string>> = { length: 'MAX_TOKENS', error: 'ERROR' };

const cohereCalls = (content: readonly Part[]): JsonObject[] =>
  content.flatMap((part) => (part.type === 'tool-call' ? [{ name: part.name, parameters: JSON.parse(part.arguments) as object }] : []));

export const ociCohere: Double = {
  framing: 'sse',
  request: {
    fromWire(body) {
      const { chatRequest, servingMode } = owned(body, 'COHERE');
      const { tools, maxTokens, stopSequences, isStream } = chatRequest as JsonObject & { maxTokens?: number; stopSequences?: string[] };
      return {
        model: servingMode.modelId,
        messages: turnsFrom(chatRequest),
        ...(tools !== undefined && { tools: list(tools).map(({ name }) => ({ type: 'function' as const, name: String(name) })) }),
        ...(maxTokens !== undefined && { maxOutputTokens: maxTokens }),
        ...(stopSequences && { stop: stopSequences }),
        stream: isStream === true,
        unknown: Object.fromEntries(Object.entries(chatRequest).filter(([name]) => !cohereKnown.has(name))),
      };
    },
  },
  response: {
    toWire: ({ candidates: [candidate], usage }, { model }) => {
      const calls = cohereCalls(candidate!.content);
      return {
        modelId: model,
        modelVersion: '1',
        chatResponse: {
          apiFormat: 'COHERE',
          text: textOf(candidate!.content),
          ...(calls.length > 0 && { toolCalls: calls }),
          finishReason: cohereFinishes[candidate!.finishReason] ?? 'COMPLETE',
          usage: usageOf(usage),
        },
      };
    },
  },
  stream: {
    encoder: () => {
      const event = (value: object): WireEvent => ({ data: JSON.stringify({ apiFormat: 'COHERE', ...value, pad: 'a' }) });
      let text = '';
      const calls: { name: string; arguments: string }[] = [];
      let finish = '';
      const made = () => calls.map(({ name, arguments: args }) => ({ name, parameters: JSON.parse(args) as object }));
      return {
        push(part) {
          if (part.type === 'text-delta') {
            text += part.text;
            return [event({ text: part.text })];
          }
          if (part.type === 'part-start' && part.part.type === 'tool-call') calls.push({ name: part.part.name, arguments: '' });
          if (part.type === 'arguments-delta') calls.at(-1)!.arguments += part.text;
          if (part.type === 'finish') {
            finish = cohereFinishes[part.reason] ?? 'COMPLETE';
            return calls.length > 0 ? [event({ toolCalls: made() })] : [];
          }
          // The last event says all of it again.
          return part.type === 'usage'
            ? [
                event({
                  text,
                  chatHistory: [],
                  ...(calls.length > 0 && { toolCalls: made() }),
                  finishReason: finish,
                  usage: usageOf(part.usage),
                }),
              ]
            : [];
        },
      };
    },
  },
  errors,
};

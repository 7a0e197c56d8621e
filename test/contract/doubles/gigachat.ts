import { protocolOf, type JsonObject, type SluiceError, type WireEvent } from 'sluice/kit';
import type { Double } from '../doubles.ts';

const chat = protocolOf('openai-chat');

type Call = { function: { name: string; arguments: string } };

/** GigaChat's messages, with calls and results, as OpenAI's. */
const asMessages = (messages: JsonObject[]): JsonObject[] => {
  let id = '';
  return messages.map((message) => {
    const {
      function_call: call,
      functions_state_id: state,
      name,
      ...rest
    } = message as JsonObject & {
      function_call?: { name: string; arguments: object };
    };
    if (rest['role'] === 'function') {
      const value: unknown = JSON.parse(String(rest['content']));
      if (name === undefined) throw new Error('a result without the name of its function');
      return { role: 'tool', tool_call_id: id, content: typeof value === 'string' ? value : JSON.stringify(value) };
    }
    if (!call) return rest;
    id = String(state ?? `${id}x`);
    return { ...rest, tool_calls: [{ id, type: 'function', function: { name: call.name, arguments: JSON.stringify(call.arguments) } }] };
  });
};

/** OpenAI's message or delta with a function call as it is answered. */
const withFunction = (message: JsonObject): JsonObject => {
  const { tool_calls: calls, ...rest } = message as JsonObject & { tool_calls?: Call[] };
  const [call] = calls ?? [];
  if (!call) return rest;
  return {
    ...rest,
    functions_state_id: '77d3fb14-457a-46ba-937e-8d856156d003',
    function_call: { name: call.function.name, arguments: JSON.parse(call.function.arguments) as object },
  };
};

const reason = (word: unknown): unknown => (word === 'tool_calls' ? 'function_call' : word);

export const gigachatChat: Double = {
  framing: 'sse',
  request: {
    fromWire(body, path) {
      const {
        functions,
        function_call: call,
        messages,
        ...rest
      } = body as JsonObject & { functions?: JsonObject[]; messages: JsonObject[] };
      const choice = typeof call === 'object' && call !== null ? { type: 'function', function: call } : call;
      return chat.request.fromWire(
        {
          ...rest,
          messages: asMessages(messages),
          ...(functions && { tools: functions.map((each) => ({ type: 'function', function: each })) }),
          ...(choice !== undefined && { tool_choice: choice }),
        },
        path,
      );
    },
  },
  response: {
    toWire(result, context) {
      const body = chat.response.toWire(result, context) as JsonObject & { choices: JsonObject[] };
      const choices = body.choices.map((each) => ({
        ...each,
        message: withFunction(each['message'] as JsonObject),
        finish_reason: reason(each['finish_reason']),
      }));
      return { ...body, choices };
    },
  },
  stream: {
    encoder(context) {
      const inner = chat.stream.encoder(context);
      // A call comes whole: its fragments are gathered.
      let call: { name: string; arguments: string } | undefined;
      return {
        push: (part) =>
          inner.push(part).flatMap((event): WireEvent[] => {
            if (event.data === '[DONE]') return [event];
            const chunk = JSON.parse(event.data) as JsonObject & {
              choices: { delta: JsonObject & { tool_calls?: Call[] }; finish_reason: unknown }[];
            };
            const [choice] = chunk.choices;
            const [fragment] = choice?.delta.tool_calls ?? [];
            if (fragment) {
              call ??= { name: fragment.function.name, arguments: '' };
              call.arguments += fragment.function.arguments ?? '';
              return [];
            }
            if (choice?.finish_reason === 'tool_calls' && call)
              choice.delta = withFunction({ content: '', tool_calls: [{ function: call }] }) as typeof choice.delta;
            if (choice) choice.finish_reason = reason(choice.finish_reason);
            return [{ data: JSON.stringify(chunk) }];
          }),
      };
    },
  },
  errors: { toWire: (error: SluiceError) => ({ status: error.status, body: { status: error.status, message: error.message } }) },
};

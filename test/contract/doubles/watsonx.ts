import { protocolOf, type JsonObject, type SluiceError, type WireEvent } from 'sluice/kit';
import type { Double } from '../doubles.ts';

const chat = protocolOf('openai-chat');

const errors: Double['errors'] = {
  toWire: (error: SluiceError) => ({
    status: error.status,
    body: {
      errors: [{ code: 'some_code', message: error.message, more_info: 'https://cloud.ibm.com' }],
      trace: 't-1',
      status_code: error.status,
    },
  }),
};

const owned = (body: JsonObject): void => {
  if (body['project_id'] !== 'p-1') throw new Error('no project');
  if ('stream' in body || 'model' in body) throw new Error('watsonx.ai does not know all of these members');
};

/** A chunk or an answer as watsonx.ai has it: `model_id` in place of `model`, and no `object`. */
const renamed = (body: JsonObject): JsonObject => {
  const { model, object: _object, ...rest } = body;
  return { ...rest, model_id: model, created_at: '2026-11-22T00:00:00Z' };
};

export const watsonxChat: Double = {
  framing: 'sse',
  request: {
    fromWire(body, path) {
      owned(body);
      const { model_id: model, project_id: _project, tool_choice_option: option, ...rest } = body;
      return chat.request.fromWire({ ...rest, model, tool_choice: option ?? rest['tool_choice'], stream: path?.stream ?? false }, path);
    },
  },
  response: { toWire: (result, context) => renamed(chat.response.toWire(result, context)) },
  stream: {
    encoder(context) {
      const inner = chat.stream.encoder(context);
      // It has no `[DONE]`.
      return {
        push: (part) =>
          inner
            .push(part)
            .flatMap(({ data }): WireEvent[] =>
              data === '[DONE]' ? [] : [{ event: 'message', data: JSON.stringify(renamed(JSON.parse(data) as JsonObject)) }],
            ),
      };
    },
  },
  errors,
};

const stopReasons: Readonly<Record<string, string>> = { stop: 'eos_token', length: 'max_tokens', 'stop-sequence': 'stop_sequence' };

/** Prompts. What came of the turns is read back from the template of Llama 3. */
export const watsonxText: Double = {
  framing: 'sse',
  request: {
    fromWire(body, path) {
      owned(body);
      const { input, model_id: model, parameters = {}, project_id: _project, ...unknown } = body;
      const turns = [...String(input).matchAll(/<\|start_header_id\|>(\w+)<\|end_header_id\|>\n\n([\s\S]*?)<\|eot_id\|>/g)];
      const { max_new_tokens: maxOutputTokens, stop_sequences: stop } = parameters as {
        max_new_tokens?: number;
        stop_sequences?: string[];
      };
      return {
        model: String(model),
        messages: turns.map(([, role, text]) => ({ role: role as 'user', content: [{ type: 'text', text: text! }] })),
        ...(maxOutputTokens !== undefined && { maxOutputTokens }),
        ...(stop && { stop }),
        stream: path?.stream ?? false,
        unknown,
      };
    },
  },
  response: {
    toWire: ({ candidates: [candidate], usage }, { model }) => ({
      model_id: model,
      created_at: '2026-11-22T00:00:00Z',
      results: [
        {
          generated_text: candidate!.content.map((part) => (part.type === 'text' ? part.text : '')).join(''),
          generated_token_count: usage?.outputTokens,
          input_token_count: usage?.inputTokens,
          stop_reason: stopReasons[candidate!.finishReason],
        },
      ],
    }),
  },
  stream: {
    encoder: ({ model }) => {
      const event = (result: JsonObject): WireEvent => ({
        event: 'message',
        data: JSON.stringify({ model_id: model, created_at: '2026-11-22T00:00:00Z', results: [result] }),
      });
      return {
        push(part) {
          if (part.type === 'text-delta')
            return [event({ generated_text: part.text, generated_token_count: 1, input_token_count: 0, stop_reason: 'not_finished' })];
          if (part.type === 'usage')
            return [
              event({
                generated_text: '',
                generated_token_count: part.usage.outputTokens,
                input_token_count: part.usage.inputTokens,
                stop_reason: 'not_finished',
              }),
            ];
          if (part.type === 'finish') return [event({ generated_text: '', stop_reason: stopReasons[part.reason] })];
          return [];
        },
      };
    },
  },
  errors,
};

import type { ChatRequest, ChatResult, JsonObject, SluiceError, WireEvent } from 'sluice/kit';
import type { Double } from '../doubles.ts';

/*
 * Vendors whose models are given one text. Of a conversation that was written down, the turns are read back.
 */

type Message = ChatRequest['messages'][number];

const speakers: Readonly<Record<string, Message['role']>> = { System: 'system', User: 'user', Assistant: 'assistant' };

/** A bare question, or turns that begin with who speaks and end where the model is to go on. */
const messagesOf = (prompt: string): Message[] => {
  const said = (role: Message['role'], text: string): Message => ({ role, content: [{ type: 'text', text }] });
  if (!prompt.endsWith('\n\nAssistant:')) return [said('user', prompt)];
  return prompt
    .slice(0, -'\n\nAssistant:'.length)
    .split(/\n\n(?=(?:System|User|Assistant): )/)
    .map((turn) => said(speakers[turn.slice(0, turn.indexOf(':'))]!, turn.slice(turn.indexOf(': ') + 2)));
};

const requestOf = (prompt: unknown, maxOutputTokens: unknown, stop: unknown, stream: boolean): ChatRequest => ({
  model: 'some-model',
  messages: messagesOf(String(prompt)),
  ...(typeof maxOutputTokens === 'number' && { maxOutputTokens }),
  ...(Array.isArray(stop) && { stop: stop as string[] }),
  stream,
  unknown: {},
});

const textOf = ({ candidates: [candidate] }: ChatResult): string =>
  candidate!.content.map((part) => (part.type === 'text' ? part.text : '')).join('');

/** An encoder of texts alone. @param last what is said at the end */
const texts = (event: (text: string) => WireEvent, last: readonly WireEvent[]): Double['stream'] => ({
  encoder: () => ({ push: (part) => (part.type === 'text-delta' ? [event(part.text)] : part.type === 'end' ? last : []) }),
});

const errorsAs = (member: string): Double['errors'] => ({
  toWire: (error: SluiceError) => ({ status: error.status, body: { [member]: error.message } }),
});

/** Cog's own server, which answers a stream with the stream itself. */
export const replicate: Double = {
  framing: 'sse',
  request: {
    fromWire({ input, stream }) {
      const { prompt, max_tokens } = input as JsonObject;
      return requestOf(prompt, max_tokens, undefined, stream === true);
    },
  },
  response: {
    toWire: (result) => ({
      id: 'p-1',
      status: 'succeeded',
      error: null,
      output: [...textOf(result)],
      metrics: { predict_time: 1, input_token_count: result.usage?.inputTokens, output_token_count: result.usage?.outputTokens },
    }),
  },
  stream: texts((data) => ({ event: 'output', data }), [{ event: 'done', data: '{}' }]),
  errors: { toWire: ({ status, message }) => ({ status, body: { title: 'Failure', detail: message, status } }) },
};

export const tritonGenerate: Double = {
  framing: 'sse',
  request: {
    fromWire({ text_input, parameters, stream }) {
      const { max_tokens, stop_words } = parameters as JsonObject;
      return requestOf(text_input, max_tokens, stop_words, stream === true);
    },
  },
  response: { toWire: (result) => ({ model_name: 'some-model', model_version: '1', text_output: textOf(result) }) },
  stream: texts((text_output) => ({ data: JSON.stringify({ model_name: 'some-model', model_version: '1', text_output }) }), []),
  errors: errorsAs('error'),
};

export const nlpCloudGeneration: Double = {
  framing: 'sse',
  request: {
    fromWire({ text, max_length, end_sequence, stream }) {
      return requestOf(text, max_length, end_sequence === undefined ? undefined : [end_sequence], stream === true);
    },
  },
  response: {
    toWire: (result) => ({
      generated_text: textOf(result),
      nb_input_tokens: result.usage?.inputTokens,
      nb_generated_tokens: result.usage?.outputTokens,
    }),
  },
  stream: texts((data) => ({ data }), [{ data: '[DONE]' }]),
  errors: errorsAs('detail'),
};

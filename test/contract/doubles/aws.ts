import { protocolOf, type ChatRequest, type ChatResult, type JsonObject, type StreamPart, type WireEvent } from 'sluice/kit';
import type { Double } from '../doubles.ts';

/*
 * Models at Bedrock's InvokeModel and on SageMaker's endpoints, in formats of their own.
 */

const bedrock = protocolOf('bedrock-converse');
const openai = protocolOf('openai-chat');
const errors: Double['errors'] = { toWire: (error) => bedrock.errors.toWire(error) };

type Message = ChatRequest['messages'][number];

const said = (role: Message['role'], text: string): Message => ({ role, content: [{ type: 'text', text }] });

const requestOf = (messages: Message[], maxOutputTokens: unknown, stop: unknown, stream: boolean): ChatRequest => ({
  model: 'some-model',
  messages,
  ...(typeof maxOutputTokens === 'number' && { maxOutputTokens }),
  ...(Array.isArray(stop) && { stop: stop as string[] }),
  stream,
  unknown: {},
});

const textOf = ({ candidates: [candidate] }: ChatResult): string =>
  candidate!.content.map((part) => (part.type === 'text' ? part.text : '')).join('');

/** An encoder of texts. @param last what is said at the end, given the word for it and the counts */
const texts = (
  event: (text: string) => JsonObject,
  last: (finish: string, input: number, output: number) => JsonObject,
): Double['stream'] => ({
  encoder() {
    let finish = '';
    let counts = { inputTokens: 0, outputTokens: 0 };
    return {
      push(part: StreamPart): WireEvent[] {
        if (part.type === 'text-delta') return [{ data: JSON.stringify(event(part.text)) }];
        if (part.type === 'finish') finish = part.reason;
        if (part.type === 'usage') counts = part.usage;
        return part.type === 'end' ? [{ data: JSON.stringify(last(finish, counts.inputTokens, counts.outputTokens)) }] : [];
      },
    };
  },
});

const metrics = (inputTokenCount: number, outputTokenCount: number): JsonObject => ({
  'amazon-bedrock-invocationMetrics': { inputTokenCount, outputTokenCount, invocationLatency: 7, firstByteLatency: 5 },
});

/** Turns between the marks of Llama 3's template. */
const turnsOf = (prompt: string): Message[] =>
  [...prompt.matchAll(/<\|start_header_id\|>(\w+)<\|end_header_id\|>\n\n([\s\S]*?)<\|eot_id\|>/g)].map(([, role, text]) =>
    said(role as Message['role'], text!),
  );

export const bedrockLlama: Double = {
  framing: 'aws-event-stream',
  request: {
    fromWire({ prompt, max_gen_len }, path) {
      if (!String(prompt).endsWith('<|start_header_id|>assistant<|end_header_id|>\n\n')) throw new Error('the prompt is not left open');
      return requestOf(turnsOf(String(prompt)), max_gen_len, undefined, path?.stream === true);
    },
  },
  response: {
    toWire: (result) => ({
      generation: textOf(result),
      prompt_token_count: result.usage!.inputTokens,
      generation_token_count: result.usage!.outputTokens,
      stop_reason: result.candidates[0]!.finishReason,
    }),
  },
  stream: texts(
    (generation) => ({ generation, prompt_token_count: null, generation_token_count: 1, stop_reason: null }),
    (stop_reason, input, output) => ({
      generation: '',
      prompt_token_count: null,
      generation_token_count: output,
      stop_reason,
      ...metrics(input, output),
    }),
  ),
  errors,
};

/** Nova's own words in Converse's: what it does not have must not come. */
export const bedrockNova: Double = {
  framing: 'aws-event-stream',
  request: {
    fromWire({ schemaVersion, ...body }, path) {
      if (schemaVersion !== 'messages-v1' || 'additionalModelRequestFields' in body) throw new Error('a body that Nova does not take');
      return bedrock.request.fromWire(body, path);
    },
  },
  response: {
    toWire(result, context) {
      const { metrics: _metrics, ...answer } = bedrock.response.toWire(result, context);
      return answer;
    },
  },
  stream: {
    encoder(context) {
      const inner = bedrock.stream.encoder(context);
      return {
        push: (part) =>
          inner.push(part).map(({ event, data }) => ({
            data: JSON.stringify({ [event!]: JSON.parse(data), ...(event === 'metadata' && metrics(11, 7)) }),
          })),
      };
    },
  },
  errors,
};

export const bedrockOpenai: Double = {
  framing: 'aws-event-stream',
  request: {
    fromWire(body, path) {
      for (const name of ['model', 'stream', 'stream_options']) if (name in body) throw new Error(`the body has '${name}'`);
      return openai.request.fromWire({ model: 'some-model', ...body }, path);
    },
  },
  response: openai.response,
  // It has no mark of the end.
  stream: {
    encoder(context) {
      const inner = openai.stream.encoder(context);
      return { push: (part) => inner.push(part).filter(({ data }) => data !== '[DONE]') };
    },
  },
  errors,
};

export const sagemakerGenerate: Double = {
  framing: 'aws-payload',
  request: {
    fromWire({ inputs, parameters, stream }) {
      const { max_new_tokens, stop } = parameters as JsonObject;
      const prompt = String(inputs);
      const messages = prompt.endsWith('\n\nAssistant:')
        ? prompt
            .slice(0, -'\n\nAssistant:'.length)
            .split(/\n\n(?=(?:System|User|Assistant): )/)
            .map((turn) => said(turn.slice(0, turn.indexOf(':')).toLowerCase() as Message['role'], turn.slice(turn.indexOf(': ') + 2)))
        : [said('user', prompt)];
      return requestOf(messages, max_new_tokens, stop, stream === true);
    },
  },
  response: {
    toWire: (result) => ({
      generated_text: textOf(result),
      details: {
        finish_reason: result.candidates[0]!.finishReason === 'length' ? 'length' : 'eos_token',
        generated_tokens: result.usage!.outputTokens,
        prefill: Array.from({ length: result.usage!.inputTokens }, (_, id) => ({ id, text: 'x' })),
      },
    }),
  },
  stream: texts(
    (text) => ({ token: { id: 7, text, logprob: -1, special: false }, generated_text: null, details: null }),
    (finish, input, output) => ({
      token: { id: 2, text: '</s>', logprob: -1, special: true },
      generated_text: 'all of it',
      details: { finish_reason: finish === 'length' ? 'length' : 'eos_token', generated_tokens: output, input_length: input },
    }),
  ),
  errors,
};

import type { ChatRequest, JsonObject, StreamDecoder, ToWireContext, UpstreamProtocol, Usage, WireRequest } from '../../types/index.ts';
import { openAiErrors } from '../shared/openai-body-error.ts';
import { writeParameters } from '../shared/prompts/parameters.ts';
import { templateOf } from '../shared/prompts/template-of.ts';
import { promptOf } from '../shared/prompts/templates.ts';
import { readTextAnswer, textDecoder, type Reading, type TextFormat } from '../shared/prompts/text-answer.ts';
import { turnsOf } from '../shared/prompts/turns.ts';
import { asNumber, asString, parseObject } from '../shared/read.ts';

/*
 * NLP Cloud's text generation (https://docs.nlpcloud.com/#generation, read 2026-11-22). Its chatbot knows roles, and neither
 * a limit, a temperature nor counts, so a conversation is written down as a prompt.
 */

const id = 'nlp-cloud-generation';

const names = {
  maxOutputTokens: 'max_length',
  temperature: 'temperature',
  topP: 'top_p',
  topK: 'top_k',
  stop: 'stop_sequences',
} as const;

/** @throws SluiceError `unsupported_parameter` */
const toWire = (request: ChatRequest, context: ToWireContext): WireRequest => {
  const parameters = writeParameters(request, context, { names, protocol: id });
  const { [names.stop]: stop, ...rest } = parameters;
  const [first, ...more] = Array.isArray(stop) ? stop : [];
  if (more.length > 0) context.lacks('stop', 'NLP Cloud takes one stop sequence');
  return {
    body: {
      ...request.unknown,
      text: promptOf(turnsOf(request.messages, context), templateOf(context.model)),
      // Limits are of what is written, and the answer is what was written alone.
      length_no_input: true,
      remove_input: true,
      ...(first !== undefined && { end_sequence: first, remove_end_sequence: true }),
      ...rest,
      ...(request.stream && { stream: true }),
    },
  };
};

const usageOf = (value: JsonObject): Partial<Usage> => {
  const inputTokens = asNumber(value['nb_input_tokens']);
  const outputTokens = asNumber(value['nb_generated_tokens']);
  return { ...(inputTokens !== undefined && { inputTokens }), ...(outputTokens !== undefined && { outputTokens }) };
};

const format: TextFormat = {
  finish: {},
  read(value): Reading | undefined {
    const text = asString(value['generated_text']);
    const ended = value['ended'] === true;
    if (text === undefined && !ended) return undefined;
    return { pieces: text ? [{ candidate: 0, text }] : [], usage: usageOf(value), ended };
  },
};

const mark = '[DONE]';

/** Events are bare text, or JSON with the same member as a whole answer, and the mark may stand behind the last text. */
const decoder = (): StreamDecoder => {
  const inner = textDecoder(format);
  return {
    push({ data }, emit) {
      const ended = data.endsWith(mark);
      const text = ended ? data.slice(0, -mark.length) : data;
      const value = text.startsWith('{') ? parseObject(text) : undefined;
      const known = value && value['generated_text'] !== undefined ? value : { generated_text: text };
      inner.push({ data: JSON.stringify({ ...known, ...(ended && { ended }) }) }, emit);
    },
    close: (emit) => inner.close(emit),
  };
};

export const nlpCloudGeneration: UpstreamProtocol = Object.freeze({
  id,
  origin: 'openai',
  framing: 'sse',
  request: { toWire },
  response: { fromWire: (body) => readTextAnswer(format, body) },
  stream: { decoder },
  errors: { fromWire: openAiErrors.fromWire },
} satisfies UpstreamProtocol);

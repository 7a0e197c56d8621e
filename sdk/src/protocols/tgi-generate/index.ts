import {
  SluiceError,
  type ChatRequest,
  type ChatResult,
  type JsonObject,
  type ToWireContext,
  type UpstreamProtocol,
  type WireRequest,
} from '../../types/index.ts';
import { openAiErrors } from '../shared/openai-body-error.ts';
import { readEnvelope } from '../shared/openai-error.ts';
import { writeParameters } from '../shared/prompts/parameters.ts';
import { promptOf } from '../shared/prompts/templates.ts';
import { readTextAnswer, textDecoder, type Reading, type TextFormat } from '../shared/prompts/text-answer.ts';
import { tgiCounts, tgiParameters } from '../shared/prompts/tgi.ts';
import { turnsOf } from '../shared/prompts/turns.ts';
import { asArray, asObject, asString } from '../shared/read.ts';
import { codeOf } from '../shared/status.ts';

/*
 * Text generation as Hugging Face's Text Generation Inference has it at the root of a server: one text in, one out
 * (https://huggingface.co/docs/text-generation-inference/reference/api_reference, `compat_generate`, read 2026-11-22). For
 * prompts that are to reach the model as they are; conversations go by the server's chat.
 */

const id = 'tgi-generate';

/** @throws SluiceError `unsupported_parameter` */
const toWire = (request: ChatRequest, context: ToWireContext): WireRequest => {
  const parameters = writeParameters(request, context, { names: tgiParameters, protocol: id });
  const { parameters: more, ...unknown } = request.unknown;
  // Sampling is off unless asked for, and a temperature of 0 is refused.
  const { temperature } = parameters;
  if (temperature === 0) delete parameters['temperature'];
  return {
    body: {
      ...unknown,
      inputs: promptOf(turnsOf(request.messages, context), 'plain'),
      parameters: {
        return_full_text: false,
        details: true,
        decoder_input_details: true,
        ...(temperature === 0 && { do_sample: false }),
        ...parameters,
        ...asObject(more),
      },
      ...(request.stream && { stream: true }),
    },
  };
};

/** The statuses that the kinds of errors have where no stream has begun. */
const statuses: Readonly<Record<string, number>> = {
  validation: 422,
  tokenizer: 422,
  overloaded: 429,
  generation: 424,
  incomplete_generation: 500,
};

const read = (value: JsonObject): Reading | undefined => {
  if (value['error'] !== undefined) {
    const message = readEnvelope(value).message ?? 'The provider reported an error without a message.';
    const status = statuses[asString(value['error_type']) ?? ''] ?? 500;
    return { pieces: [], error: new SluiceError(codeOf(status, message), message, { status, upstream: { body: value } }) };
  }
  const token = asObject(value['token']);
  const whole = asString(value['generated_text']);
  // A token's event may hold all of the text at the end.
  if (!token && whole === undefined) return undefined;
  const text = token ? (token['special'] === true ? '' : asString(token['text'])) : whole;
  const details = asObject(value['details']);
  const finish = asString(details?.['finish_reason']);
  return {
    pieces: [{ candidate: 0, ...(text !== undefined && { text }), ...(finish !== undefined && { finish }) }],
    usage: tgiCounts(details ?? {}),
    ended: finish !== undefined || (token !== undefined && whole !== undefined),
  };
};

const format: TextFormat = { read, finish: { length: 'length', eos_token: 'stop', stop_sequence: 'stop-sequence' } };

/** Alone, or in a list of one. */
const fromWire = (body: JsonObject): ChatResult => readTextAnswer(format, asObject(asArray(body['list'])[0]) ?? body);

export const tgiGenerate: UpstreamProtocol = Object.freeze({
  id,
  origin: 'openai',
  framing: 'sse',
  request: { toWire },
  response: { mayBeList: true, fromWire },
  stream: { decoder: () => textDecoder(format) },
  errors: { fromWire: openAiErrors.fromWire },
} satisfies UpstreamProtocol);

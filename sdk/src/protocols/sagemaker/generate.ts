import { table } from '../../lib/table.ts';
import {
  SluiceError,
  type ChatRequest,
  type ChatResult,
  type JsonObject,
  type StreamDecoder,
  type ToWireContext,
  type UpstreamProtocol,
  type WireRequest,
} from '../../types/index.ts';
import { fromEvent, isFailure } from '../bedrock-converse/errors.ts';
import { writeParameters } from '../shared/prompts/parameters.ts';
import { promptOf } from '../shared/prompts/templates.ts';
import { readTextAnswer, textDecoder, type Reading, type TextFormat } from '../shared/prompts/text-answer.ts';
import { tgiCounts, tgiParameters } from '../shared/prompts/tgi.ts';
import { turnsOf } from '../shared/prompts/turns.ts';
import { asArray, asObject, asString } from '../shared/read.ts';
import { codeOf } from '../shared/status.ts';
import { readError } from './errors.ts';
import { templateOf } from './templates.ts';

/*
 * Text generation on an endpoint of SageMaker: `{ inputs, parameters }`, as Hugging Face's containers and those of
 * JumpStart and LMI take it. Sources, read 2026-11-22: huggingface.co/docs/text-generation-inference/reference/api_reference,
 * docs.djl.ai (LMI's lmi_input_output_schema), docs.litellm.ai/docs/providers/aws_sagemaker.
 */

const id = 'sagemaker-generate';

const toWire = (request: ChatRequest, context: ToWireContext): WireRequest => {
  const { temperature, ...rest } = writeParameters(request, context, { names: tgiParameters, protocol: id });
  const name = asString(context.options?.['hf_model_name']) ?? context.model;
  return {
    body: {
      inputs: promptOf(turnsOf(request.messages, context), templateOf(name)),
      parameters: {
        return_full_text: false,
        details: true,
        ...rest,
        // It must be above 0; without sampling the likeliest word is taken, which is what 0 asks for.
        ...(temperature === 0 ? { do_sample: false } : temperature !== undefined && { temperature, do_sample: true }),
        ...request.unknown,
      },
      ...(request.stream && { stream: true }),
    },
  };
};

/** The text of a whole answer: a text, or the turn of a dialog (Llama 2 on JumpStart). */
const textOf = (value: JsonObject): string | undefined =>
  asString(value['generated_text']) ?? asString(value['generation']) ?? asString(asObject(value['generation'])?.['content']);

/** JumpStart's and Triton's `{ outputs: [...] }`, whose streams have no end mark. */
const outputsOf = (value: JsonObject): string | undefined => {
  const { outputs } = value;
  if (!Array.isArray(outputs)) return asString(outputs);
  return outputs.map((each) => asString(each) ?? textOf(asObject(each) ?? {}) ?? '').join('');
};

const read = (value: JsonObject): Reading | undefined => {
  const error = value['error'] ?? value['error_msg'];
  if (error !== undefined && error !== null) {
    const message = asString(error) ?? asString(asObject(error)?.['message']) ?? 'The model failed.';
    return { pieces: [], error: new SluiceError(codeOf(500, message), message, { upstream: { body: value } }) };
  }
  const details = asObject(value['details']);
  const finish = asString(details?.['finish_reason']);
  const token = asObject(value['token']);
  const whole = textOf(value);
  const usage = details && tgiCounts(details);
  // The last event of a stream tells the whole text again.
  if (token) {
    const text = token['special'] === true ? '' : (asString(token['text']) ?? '');
    return { pieces: [{ candidate: 0, text, finish }], usage, ended: whole !== undefined };
  }
  const text = whole ?? outputsOf(value);
  return text === undefined ? undefined : { pieces: [{ candidate: 0, text, finish }], usage, ended: true };
};

const format: TextFormat = { read, finish: table({ length: 'length', eos_token: 'stop', stop_sequence: 'stop-sequence', stop: 'stop' }) };

/** Exceptions are SageMaker's; all else is the container's. */
const decoder = (): StreamDecoder => {
  const inner = textDecoder(format);
  let failed = false;
  return {
    push(event, emit) {
      if (failed) return;
      if (!isFailure(event.event)) return inner.push(event, emit);
      failed = true;
      emit({ type: 'error', error: fromEvent(event.event, event.data) });
    },
    close: (emit) => (failed ? undefined : inner.close(emit)),
  };
};

/** Alone, or in a list of one. */
const fromWire = (body: JsonObject): ChatResult => {
  const [first] = asArray(body['list']);
  return readTextAnswer(format, asObject(Array.isArray(first) ? first[0] : first) ?? body);
};

export const sagemakerGenerate: UpstreamProtocol = Object.freeze({
  id,
  origin: 'sagemaker',
  framing: 'aws-payload',
  request: { toWire },
  response: { mayBeList: true, fromWire },
  stream: { decoder },
  errors: { fromWire: readError },
} satisfies UpstreamProtocol);

import type { ChatRequest, JsonObject, ToWireContext, WireRequest } from '../../types/index.ts';
import { writeParameters } from '../shared/prompts/parameters.ts';
import { templateOf } from '../shared/prompts/template-of.ts';
import { promptOf } from '../shared/prompts/templates.ts';
import { turnsOf } from '../shared/prompts/turns.ts';
import { asObject } from '../shared/read.ts';

/** As TensorRT-LLM's backend calls them, after which the others went. */
const names = {
  maxOutputTokens: 'max_tokens',
  temperature: 'temperature',
  topP: 'top_p',
  topK: 'top_k',
  stop: 'stop_words',
  seed: 'random_seed',
  presencePenalty: 'presence_penalty',
  frequencyPenalty: 'frequency_penalty',
} as const;

/** TensorRT-LLM stops after 16 tokens or fails where nobody says. */
const defaultMaxTokens = 2000;

const promptFor = (request: ChatRequest, context: ToWireContext): string =>
  promptOf(turnsOf(request.messages, context), templateOf(context.model));

/** @throws SluiceError `unsupported_parameter` */
export const generateRequest = (request: ChatRequest, context: ToWireContext): WireRequest => {
  const { parameters, ...unknown } = request.unknown;
  const members = writeParameters(request, context, { names, protocol: 'triton-generate' });
  return {
    body: {
      ...unknown,
      text_input: promptFor(request, context),
      parameters: { max_tokens: defaultMaxTokens, bad_words: [''], stop_words: [''], ...members, ...asObject(parameters) },
      stream: request.stream,
    },
  };
};

/** Numbers and texts as the tensors that custom models read. */
const tensorOf = (name: string, value: unknown): JsonObject => {
  const data: unknown[] = Array.isArray(value) ? value : [value];
  const datatype =
    data.every((each) => Number.isInteger(each)) && name !== 'temperature' && name !== 'top_p'
      ? 'INT32'
      : typeof data[0] === 'number'
        ? 'FP32'
        : 'BYTES';
  return { name, shape: [data.length], datatype, data };
};

/** @throws SluiceError `unsupported_parameter` */
export const inferRequest = (request: ChatRequest, context: ToWireContext): WireRequest => {
  const members = { max_tokens: defaultMaxTokens, ...writeParameters(request, context, { names, protocol: 'triton-infer' }) };
  return {
    body: {
      ...request.unknown,
      inputs: [
        tensorOf('text_input', promptFor(request, context)),
        ...Object.entries(members).map(([name, value]) => tensorOf(name, value)),
      ],
    },
  };
};

import type { ChatRequest, FinishReason, JsonObject, ToWireContext, UpstreamProtocol, WireRequest } from '../../types/index.ts';
import { table } from '../../lib/table.ts';
import { writeParameters, type MemberNames } from '../shared/prompts/parameters.ts';
import { promptOf, type TemplateName } from '../shared/prompts/templates.ts';
import { readTextAnswer, textDecoder, type Reading, type TextFormat } from '../shared/prompts/text-answer.ts';
import { turnsOf, type Turn } from '../shared/prompts/turns.ts';
import { asNumber, asObjects, asString } from '../shared/read.ts';
import { readBodyError } from '../shared/openai-body-error.ts';
import { readError, withEnvelope } from './errors.ts';
import { modelMember } from './model.ts';

const id = 'watsonx-text';

const names: MemberNames = {
  maxOutputTokens: 'max_new_tokens',
  temperature: 'temperature',
  topP: 'top_p',
  topK: 'top_k',
  stop: 'stop_sequences',
  seed: 'random_seed',
};

/** What of the vendor's own stands among the parameters, and not beside the prompt (@ibm-cloud/watsonx-ai, read 2026-11-22). */
const ownParameters: ReadonlySet<string> = new Set([
  'decoding_method',
  'include_stop_sequence',
  'length_penalty',
  'max_new_tokens',
  'min_new_tokens',
  'random_seed',
  'repetition_penalty',
  'return_options',
  'stop_sequences',
  'time_limit',
  'truncate_input_tokens',
]);

const templates: readonly (readonly [RegExp, TemplateName])[] = [
  [/llama-4/, 'llama4'],
  [/llama-3/, 'llama3'],
  [/llama-2/, 'llama2'],
  [/mistral|mixtral/, 'mistral'],
];

/** Granite from 3 on (its chat template on huggingface.co/ibm-granite, read 2026-11-22). */
const granitePrompt = (turns: readonly Turn[]): string =>
  `${turns.map(({ role, text }) => `<|start_of_role|>${role}<|end_of_role|>${text}<|end_of_text|>\n`).join('')}<|start_of_role|>assistant<|end_of_role|>`;

/** A client that gives a prompt has written it for the model. */
const promptFor = (turns: readonly Turn[], { model, from }: ToWireContext): string => {
  const [only] = turns;
  if (from === 'openai-completions' && turns.length === 1) return only!.text;
  if (/granite-(?:[3-9]|vision|guardian)/.test(model)) return granitePrompt(turns);
  return promptOf(turns, templates.find(([pattern]) => pattern.test(model))?.[1] ?? 'plain');
};

const toWire = (request: ChatRequest, context: ToWireContext): WireRequest => {
  const parameters: JsonObject = writeParameters(request, context, { names, protocol: id });
  const beside: JsonObject = {};
  for (const [name, value] of Object.entries(request.unknown)) (ownParameters.has(name) ? parameters : beside)[name] = value;
  // Without it these say nothing: the most likely word is taken.
  const samples = ['temperature', 'top_p', 'top_k'].some((name) => parameters[name] !== undefined);
  return {
    body: {
      ...beside,
      ...modelMember(context.model),
      input: promptFor(turnsOf(request.messages, context), context),
      parameters: { ...(samples && { decoding_method: 'sample' }), ...parameters },
    },
  };
};

const finish: Readonly<Record<string, FinishReason>> = table({
  eos_token: 'stop',
  stop_sequence: 'stop-sequence',
  max_tokens: 'length',
  token_limit: 'length',
  time_limit: 'length',
  cancelled: 'error',
  error: 'error',
});

/** Counts are of the whole answer so far; those of the input stand in the first event alone. */
const read = (body: JsonObject): Reading | undefined => {
  const error = readBodyError(body);
  if (error) return { pieces: [], error };
  const results = asObjects(body['results']);
  if (!Array.isArray(body['results'])) return undefined;
  const [first] = results;
  const input = asNumber(first?.['input_token_count']);
  const output = asNumber(first?.['generated_token_count']);
  return {
    pieces: results.map((result, candidate) => {
      const reason = asString(result['stop_reason'])?.toLowerCase();
      return { candidate, text: asString(result['generated_text']) ?? '', finish: reason === 'not_finished' ? undefined : reason };
    }),
    usage: { ...(input !== undefined && input > 0 && { inputTokens: input }), ...(output !== undefined && { outputTokens: output }) },
  };
};

const format: TextFormat = { read, finish };

/** Prompts: `/ml/v1/text/generation` (https://cloud.ibm.com/apidocs/watsonx-ai#text-generation; shapes as in @ibm-cloud/watsonx-ai 1.7.16). */
export const watsonxText: UpstreamProtocol = Object.freeze({
  id,
  origin: 'ibm',
  framing: 'sse',
  request: Object.freeze({ toWire }),
  response: Object.freeze({ fromWire: (body: JsonObject) => readTextAnswer(format, body) }),
  stream: Object.freeze({
    decoder: () => {
      const inner = textDecoder(format);
      return { push: (event, emit) => inner.push(withEnvelope(event), emit), close: (emit) => inner.close(emit) };
    },
  }),
  errors: Object.freeze({ fromWire: readError }),
} satisfies UpstreamProtocol);

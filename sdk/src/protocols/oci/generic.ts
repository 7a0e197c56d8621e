import type {
  ChatRequest,
  ChatResult,
  DecodeHints,
  JsonObject,
  StreamDecoder,
  ToWireContext,
  UpstreamProtocol,
  WireRequest,
} from '../../types/index.ts';
import { SluiceError } from '../../types/index.ts';
import { openaiChat } from '../openai-chat/index.ts';
import { asArray, asNumber, asObject, asObjects, asString, compact, parseObject } from '../shared/read.ts';
import { around, callFrom, finishFrom, messageFrom, usageOf } from './answer.ts';
import { errorEvent, ociErrors } from './errors.ts';
import { choiceOf, formatOf, messageOf, toolsOf } from './parts.ts';

/** OpenAI's members by Oracle's names, where the value stays what it is. */
const names = {
  max_tokens: 'maxTokens',
  max_completion_tokens: 'maxCompletionTokens',
  temperature: 'temperature',
  top_p: 'topP',
  top_k: 'topK',
  frequency_penalty: 'frequencyPenalty',
  presence_penalty: 'presencePenalty',
  stop: 'stop',
  seed: 'seed',
  logit_bias: 'logitBias',
  n: 'numGenerations',
  parallel_tool_calls: 'isParallelToolCalls',
  metadata: 'metadata',
} as const;

/** Those whose value is a word, in capitals there. */
const words = { reasoning_effort: 'reasoningEffort', verbosity: 'verbosity', service_tier: 'serviceTier' } as const;

/** What is for the vendor's records and cost, and changes no answer. */
const records = ['prompt_cache_key', 'store', 'user'] as const;

const own: ReadonlySet<string> = new Set([
  ...records,
  ...Object.keys(names),
  ...Object.keys(words),
  'model',
  'messages',
  'tools',
  'tool_choice',
  'response_format',
  'stream',
  'stream_options',
  'logprobs',
  'top_logprobs',
]);

const toWire = (request: ChatRequest, context: ToWireContext): WireRequest => {
  const { body, ...rest } = openaiChat.request.toWire(request, context);
  const members: JsonObject = Object.fromEntries(Object.entries(body).filter(([name]) => !own.has(name)));
  for (const [name, other] of Object.entries(names)) if (body[name] !== undefined) members[other] = body[name];
  for (const [name, other] of Object.entries(words)) if (body[name] !== undefined) members[other] = asString(body[name])?.toUpperCase();
  for (const name of records) if (body[name] !== undefined) context.drop(name, 'the provider does not take it');
  const tools = toolsOf(body['tools']);
  const chatRequest = compact<JsonObject>({
    ...members,
    apiFormat: 'GENERIC',
    messages: asObjects(asArray(body['messages'])).map(messageOf),
    tools: tools.length > 0 ? tools : undefined,
    toolChoice: tools.length > 0 ? choiceOf(body['tool_choice']) : undefined,
    responseFormat: formatOf(body['response_format']),
    // How many of the likeliest are told of each token.
    logProbs: body['logprobs'] === true ? (asNumber(body['top_logprobs']) ?? 0) : undefined,
    isStream: request.stream ? true : undefined,
    streamOptions: request.stream ? { isIncludeUsage: true } : undefined,
  });
  return { ...rest, body: { servingMode: { servingType: 'ON_DEMAND', modelId: context.model }, chatRequest } };
};

const fromWire = (body: JsonObject, hints?: DecodeHints): ChatResult => {
  const response = asObject(body['chatResponse']);
  if (!response || !Array.isArray(response['choices']))
    throw new SluiceError('invalid_response', 'The provider answered without choices.', { upstream: { body } });
  const choices = asObjects(response['choices']).map((choice, at) => {
    const message = asObject(choice['message']) ?? {};
    const calls = asObjects(asArray(message['toolCalls'])).map(callFrom);
    return {
      index: asNumber(choice['index']) ?? at,
      message: messageFrom(message, calls),
      finish_reason: finishFrom(choice['finishReason']),
    };
  });
  return openaiChat.response.fromWire({ ...around(body, response), choices }, hints);
};

/** Fragments of calls have no number: another id is another call, none is the one before. */
class CallNumbers {
  readonly #ids: string[] = [];

  of(call: JsonObject): number {
    const id = asString(call['id']) || undefined;
    if (id !== undefined && !this.#ids.includes(id)) this.#ids.push(id);
    else if (this.#ids.length === 0) this.#ids.push('');
    return id === undefined ? this.#ids.length - 1 : this.#ids.indexOf(id);
  }
}

const decoder = (hints?: DecodeHints): StreamDecoder => {
  const inner = openaiChat.stream.decoder(hints);
  const numbers = new Map<number, CallNumbers>();
  const numberOf = (candidate: number, call: JsonObject): number => {
    const known = numbers.get(candidate) ?? new CallNumbers();
    numbers.set(candidate, known);
    return known.of(call);
  };
  return {
    push(event, emit) {
      const chunk = event.data.startsWith('{') ? parseObject(event.data) : undefined;
      if (!chunk) return inner.push(event, emit);
      const failed = errorEvent(chunk);
      if (failed) return inner.push(failed, emit);
      const index = asNumber(chunk['index']) ?? 0;
      const message = asObject(chunk['message']);
      const finish = finishFrom(chunk['finishReason']);
      const calls = asObjects(asArray(message?.['toolCalls'])).map((call) => callFrom(call, numberOf(index, call)));
      const choice = compact({ index, delta: message ? messageFrom(message, calls) : {}, finish_reason: finish });
      const usage = usageOf(asObject(chunk['usage']));
      const said = message !== undefined || finish !== undefined;
      if (said || usage) inner.push({ data: JSON.stringify({ choices: said ? [choice] : [], ...(usage && { usage }) }) }, emit);
    },
    close: (emit) => inner.close(emit),
  };
};

/** The format of all models of Oracle's generative AI but Cohere's (https://docs.oracle.com/en-us/iaas/api/#/en/generative-ai-inference/20231130/, read 2026-11-22). */
export const ociGeneric: UpstreamProtocol = Object.freeze({
  id: 'oci-generic',
  origin: 'oci',
  framing: 'sse',
  request: Object.freeze({ toWire }),
  response: Object.freeze({ fromWire }),
  stream: Object.freeze({ decoder }),
  errors: ociErrors,
} satisfies UpstreamProtocol);

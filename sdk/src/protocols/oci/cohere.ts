import type {
  ChatRequest,
  ChatResult,
  DecodeHints,
  FunctionTool,
  JsonObject,
  StreamDecoder,
  ToWireContext,
  UpstreamProtocol,
  WireRequest,
} from '../../types/index.ts';
import { SluiceError } from '../../types/index.ts';
import { openaiChat } from '../openai-chat/index.ts';
import { parameterName } from '../shared/parameter-name.ts';
import { writeParameters, type MemberNames } from '../shared/prompts/parameters.ts';
import { asArray, asObject, asObjects, asString, compact, parseObject } from '../shared/read.ts';
import { around, finishFrom, usageOf } from './answer.ts';
import { cohereTool, writeCohere } from './cohere-messages.ts';
import { errorEvent, ociErrors } from './errors.ts';

const id = 'oci-cohere';

const names: MemberNames = {
  maxOutputTokens: 'maxTokens',
  temperature: 'temperature',
  topP: 'topP',
  topK: 'topK',
  stop: 'stopSequences',
  seed: 'seed',
  presencePenalty: 'presencePenalty',
  frequencyPenalty: 'frequencyPenalty',
};

const toolsOf = ({ tools = [], toolChoice }: ChatRequest, context: ToWireContext): JsonObject[] => {
  const functions: FunctionTool[] = [];
  for (const tool of tools) {
    if (tool.type === 'function') functions.push(tool);
    else context.lacks(parameterName('tools', context.from), 'the provider takes functions alone');
  }
  if (toolChoice?.type === 'none') return [];
  if (toolChoice && toolChoice.type !== 'auto') context.lacks(parameterName('toolChoice', context.from), 'the format has no such choice');
  return functions.map(cohereTool);
};

const formatOf = ({ responseFormat }: ChatRequest): JsonObject | undefined => {
  if (!responseFormat || responseFormat.type === 'text') return undefined;
  return responseFormat.type === 'json' ? { type: 'JSON_OBJECT' } : { type: 'JSON_OBJECT', schema: responseFormat.schema };
};

const toWire = (request: ChatRequest, context: ToWireContext): WireRequest => {
  const { responseFormat: _format, ...asked } = request;
  const parameters = writeParameters(asked, context, { names, protocol: id, tools: true });
  const tools = toolsOf(request, context);
  const chatRequest = compact<JsonObject>({
    ...request.unknown,
    apiFormat: 'COHERE',
    ...writeCohere(request, context),
    ...parameters,
    tools: tools.length > 0 ? tools : undefined,
    responseFormat: formatOf(request),
    isStream: request.stream ? true : undefined,
    streamOptions: request.stream ? { isIncludeUsage: true } : undefined,
  });
  return { body: { servingMode: { servingType: 'ON_DEMAND', modelId: context.model }, chatRequest } };
};

const callFrom = (call: JsonObject, index: number): JsonObject => ({
  index,
  type: 'function',
  function: { name: call['name'], arguments: JSON.stringify(call['parameters'] ?? {}) },
});

const callsOf = (response: JsonObject): JsonObject[] => asObjects(asArray(response['toolCalls'])).map(callFrom);

const fromWire = (body: JsonObject, hints?: DecodeHints): ChatResult => {
  const response = asObject(body['chatResponse']);
  if (!response || (response['text'] === undefined && response['toolCalls'] === undefined))
    throw new SluiceError('invalid_response', 'The provider answered without a text.', { upstream: { body } });
  const calls = callsOf(response);
  const message = compact({ role: 'assistant', content: asString(response['text']), tool_calls: calls.length > 0 ? calls : undefined });
  const choice = { index: 0, message, finish_reason: finishFrom(response['finishReason']) };
  return openaiChat.response.fromWire({ ...around(body, response), choices: [choice] }, hints);
};

const decoder = (hints?: DecodeHints): StreamDecoder => {
  const inner = openaiChat.stream.decoder(hints);
  /** The last event says all of the answer again. */
  let said = false;
  let called = false;
  return {
    push(event, emit) {
      const chunk = event.data.startsWith('{') ? parseObject(event.data) : undefined;
      if (!chunk) return inner.push(event, emit);
      const failed = errorEvent(chunk);
      if (failed) return inner.push(failed, emit);
      const finish = finishFrom(chunk['finishReason']);
      const text = finish !== undefined && said ? undefined : asString(chunk['text']);
      const calls = finish !== undefined && called ? [] : callsOf(chunk);
      said ||= text !== undefined && text !== '';
      called ||= calls.length > 0;
      const usage = usageOf(asObject(chunk['usage']));
      const delta = compact({ content: text, tool_calls: calls.length > 0 ? calls : undefined });
      const choice = compact({ index: 0, delta, finish_reason: finish });
      inner.push({ data: JSON.stringify({ choices: [choice], ...(usage && { usage }) }) }, emit);
    },
    close: (emit) => inner.close(emit),
  };
};

/** Cohere's first chat format, as Oracle's generative AI has it for Command R and Command A. */
export const ociCohere: UpstreamProtocol = Object.freeze({
  id,
  origin: 'cohere',
  framing: 'sse',
  request: Object.freeze({ toWire }),
  response: Object.freeze({ fromWire }),
  stream: Object.freeze({ decoder }),
  errors: ociErrors,
} satisfies UpstreamProtocol);

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
import { openaiChat } from '../openai-chat/index.ts';
import { asArray, asObject, isObject } from '../shared/read.ts';
import { readError, withEnvelope } from './errors.ts';
import { modelMember } from './model.ts';

/** Refused in schemas of tools (BerriAI/litellm `llms/watsonx/chat/transformation.py`, read 2026-11-22). */
const unknownInSchemas: ReadonlySet<string> = new Set(['additionalProperties', 'strict']);

/** Deep, but for what is only named so: a property may have any name. */
const plainSchema = (value: unknown, names = false): unknown => {
  if (Array.isArray(value)) return value.map((each) => plainSchema(each));
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([name]) => names || !unknownInSchemas.has(name));
  return Object.fromEntries(kept.map(([name, each]) => [name, plainSchema(each, name === 'properties' && !names)]));
};

/** A word for all tools has a member of its own; only one of the two may be there. */
const choiceMembers = (choice: unknown): JsonObject => {
  if (choice === undefined) return {};
  return typeof choice === 'string' ? { tool_choice_option: choice } : { tool_choice: choice };
};

const toWire = (request: ChatRequest, context: ToWireContext): WireRequest => {
  const { body, ...rest } = openaiChat.request.toWire(request, context);
  const { model: _model, tools, tool_choice: choice, ...members } = body;
  const strict = asArray(tools).some((tool) => asObject(asObject(tool)?.['function'])?.['strict'] === true);
  if (strict) context.drop('tools.strict', 'the provider does not hold tools to their schemas');
  return {
    ...rest,
    body: {
      ...modelMember(context.model),
      ...members,
      ...(tools !== undefined && { tools: plainSchema(tools) }),
      ...choiceMembers(choice),
    },
  };
};

const fromWire = (body: JsonObject, hints?: DecodeHints): ChatResult =>
  openaiChat.response.fromWire(body['model'] === undefined ? { ...body, model: body['model_id'] } : body, hints);

const decoder = (hints?: DecodeHints): StreamDecoder => {
  const inner = openaiChat.stream.decoder(hints);
  return { push: (event, emit) => inner.push(withEnvelope(event), emit), close: (emit) => inner.close(emit) };
};

/** OpenAI's chat format as watsonx.ai has it: `/ml/v1/text/chat` (https://cloud.ibm.com/apidocs/watsonx-ai#text-chat). */
export const watsonxChat: UpstreamProtocol = Object.freeze({
  id: 'watsonx-chat',
  origin: openaiChat.origin,
  framing: 'sse',
  shape: openaiChat.id,
  request: Object.freeze({ toWire }),
  response: Object.freeze({ fromWire }),
  stream: Object.freeze({ decoder }),
  errors: Object.freeze({ fromWire: readError }),
} satisfies UpstreamProtocol);

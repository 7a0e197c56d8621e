import {
  SluiceError,
  type ChatRequest,
  type ChatResult,
  type DecodeHints,
  type JsonObject,
  type StreamDecoder,
  type ToWireContext,
  type UpstreamProtocol,
  type WireEvent,
  type WireRequest,
} from '../../types/index.ts';
import { openaiChat } from '../openai-chat/index.ts';
import { asArray, asObject, asObjects, asString, compact, parseObject } from '../shared/read.ts';
import { enveloped, readError } from './errors.ts';
import { withPlaceholders } from './placeholders.ts';
import { liftThoughts, lowerThoughts, withThinkingBlocks } from './thoughts.ts';

/*
 * SAP's orchestration, version 2 (https://help.sap.com/docs/sap-ai-core/generative-ai/orchestration, and the npm package
 * @sap-ai-sdk/orchestration 2.16.0, read 2026-11-22): a pipeline of modules around a call in OpenAI's shape.
 */

/** The other modules of the pipeline, as LiteLLM's users give them beside a request. */
const modules = ['filtering', 'grounding', 'masking', 'translation'] as const;

/** What is for the vendor's records, speed and cost, and changes no answer. */
const records = ['metadata', 'prompt_cache_key', 'service_tier', 'store', 'user'] as const;

const withoutName = (messages: unknown, { drop }: ToWireContext): JsonObject[] => {
  const found = asObjects(asArray(messages));
  if (found.some(({ name }) => name !== undefined)) drop('name', 'the provider takes no name of a speaker');
  return found.map(({ name: _name, content, ...message }) => ({ ...message, content: content ?? '' }));
};

const toWire = (given: ChatRequest, context: ToWireContext): WireRequest => {
  const { request, thoughts } = liftThoughts(given, context);
  const { body, ...rest } = openaiChat.request.toWire(request, context);
  const { model, messages, tools, response_format, stream, model_version: version, placeholder_values: own, ...more } = body;
  for (const name of records) {
    if (more[name] === undefined) continue;
    delete more[name];
    context.drop(name, 'the provider does not take it');
  }
  const beside = Object.fromEntries(modules.filter((name) => more[name] !== undefined).map((name) => [name, more[name]]));
  const params = Object.fromEntries(Object.entries(more).filter(([name]) => !(name in beside)));
  const { messages: template, values } = withPlaceholders(lowerThoughts(withoutName(messages, context), thoughts));
  const placeholders = { ...asObject(own), ...values };
  return {
    ...rest,
    body: {
      config: {
        modules: {
          prompt_templating: {
            prompt: compact({ template, tools, response_format }),
            model: { name: model, version: asString(version) ?? 'latest', params },
          },
          ...beside,
        },
        ...(stream === true && { stream: { enabled: true } }),
      },
      ...(Object.keys(placeholders).length > 0 && { placeholder_values: placeholders }),
    },
  };
};

/** The answer of the last module; the first version of the service called it otherwise. */
const resultIn = (body: JsonObject): JsonObject | undefined => asObject(body['final_result']) ?? asObject(body['orchestration_result']);

const fromWire = (body: JsonObject, hints?: DecodeHints): ChatResult => {
  const result = resultIn(body);
  if (!result) {
    if (body['error'] !== undefined) return openaiChat.response.fromWire(enveloped(body), hints);
    throw new SluiceError('invalid_response', 'The provider answered without a result.', { upstream: { body } });
  }
  return openaiChat.response.fromWire(withThinkingBlocks(result), hints);
};

/** What a chunk says in OpenAI's words; undefined: of other modules alone. */
const asChunk = (event: WireEvent): WireEvent | undefined => {
  const chunk = event.data.startsWith('{') ? parseObject(event.data) : undefined;
  if (!chunk) return event;
  if (chunk['error'] !== undefined) return { data: JSON.stringify(enveloped(chunk)) };
  const result = resultIn(chunk);
  return result && { data: JSON.stringify(withThinkingBlocks(result)) };
};

const decoder = (hints?: DecodeHints): StreamDecoder => {
  const inner = openaiChat.stream.decoder(hints);
  return {
    push(event, emit) {
      const chunk = asChunk(event);
      if (chunk) inner.push(chunk, emit);
    },
    close: (emit) => inner.close(emit),
  };
};

export const sapOrchestration: UpstreamProtocol = Object.freeze({
  id: 'sap-orchestration',
  origin: openaiChat.origin,
  framing: 'sse',
  request: Object.freeze({ toWire }),
  response: Object.freeze({ fromWire }),
  stream: Object.freeze({ decoder }),
  errors: Object.freeze({ fromWire: readError }),
} satisfies UpstreamProtocol);

import type { JsonObject, StreamDecoder, UpstreamProtocol } from '../../types/index.ts';
import { bedrockConverse } from '../bedrock-converse/index.ts';
import { openaiChat } from '../openai-chat/index.ts';
import { asObjects, isObject, parseObject } from '../shared/read.ts';
import { headerCounts, metricsMember, metricsOf } from './metrics.ts';
import { ReasoningTags } from './reasoning-tags.ts';

/*
 * Models that Bedrock gives OpenAI's own chat body (gpt-oss, Qwen, Kimi, Jamba, the newer ones of Mistral and DeepSeek,
 * and imported ones), without what the address says: docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-openai.html,
 * -jamba.html, -mistral-chat-completion.html, invoke-imported-model.html, read 2026-11-22.
 */

/** Mistral's first chat models call `stop_reason` what all others call `finish_reason`. */
const withFinish = (value: JsonObject): JsonObject => {
  if (!asObjects(value['choices']).some((choice) => typeof choice['stop_reason'] === 'string' && choice['finish_reason'] == null))
    return value;
  return {
    ...value,
    choices: asObjects(value['choices']).map(({ stop_reason, ...choice }) => ({
      ...choice,
      finish_reason: choice['finish_reason'] ?? stop_reason,
    })),
  };
};

/** And stream pieces of a `message`. */
const withDelta = (value: JsonObject): JsonObject => {
  if (!asObjects(value['choices']).some(({ message, delta }) => message !== undefined && delta === undefined)) return value;
  return { ...value, choices: asObjects(value['choices']).map(({ message, ...choice }) => ({ delta: message, ...choice })) };
};

/** What Bedrock counted, in OpenAI's words, where the model said nothing. */
const counted = (counts: { inputTokens?: number; outputTokens?: number } | undefined): JsonObject | undefined => {
  if (counts?.inputTokens === undefined && counts?.outputTokens === undefined) return undefined;
  const { inputTokens = 0, outputTokens = 0 } = counts;
  return { prompt_tokens: inputTokens, completion_tokens: outputTokens, total_tokens: inputTokens + outputTokens };
};

/** The last event has Bedrock's counts; there is no `[DONE]`. */
const decoder = (inner: StreamDecoder): StreamDecoder => {
  let usageSeen = false;
  const thoughts = new ReasoningTags();
  return {
    push(event, emit) {
      const value = parseObject(event.data);
      if (!value) return inner.push(event, emit);
      usageSeen ||= isObject(value['usage']);
      const metrics = metricsOf(value);
      const { [metricsMember]: _metrics, ...chunk } = thoughts.move(withDelta(withFinish(value)), false);
      const usage = usageSeen ? undefined : counted(metrics);
      inner.push({ data: JSON.stringify(usage ? { ...chunk, usage } : chunk) }, emit);
    },
    close: (emit) => inner.close(emit),
  };
};

export const bedrockOpenai: UpstreamProtocol = Object.freeze({
  id: 'bedrock-openai',
  origin: 'openai',
  framing: 'aws-event-stream',
  shape: openaiChat.id,
  request: {
    toWire(request, context) {
      const wire = openaiChat.request.toWire(request, context);
      // The address says which model it is, and whether its answer streams.
      const { model: _model, stream: _stream, stream_options: _options, ...body } = wire.body;
      return { ...wire, body };
    },
  },
  response: {
    fromWire(body, hints, headers) {
      const answer = new ReasoningTags().move(withFinish(body), true);
      const usage = answer['usage'] ?? counted(headers && headerCounts(headers));
      return openaiChat.response.fromWire({ ...answer, ...(usage !== undefined && { usage }) }, hints);
    },
  },
  stream: { decoder: (hints) => decoder(openaiChat.stream.decoder(hints)) },
  errors: { fromWire: bedrockConverse.errors.fromWire },
} satisfies UpstreamProtocol);

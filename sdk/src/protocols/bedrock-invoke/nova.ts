import type { JsonObject, StreamDecoder, UpstreamProtocol } from '../../types/index.ts';
import { bedrockConverse } from '../bedrock-converse/index.ts';
import { asObject, compact, parseObject } from '../shared/read.ts';
import { headerCounts, metricsMember } from './metrics.ts';

/*
 * Amazon Nova: its own body is that of Converse but for where the parameters of the model's own stand, and its events are
 * Converse's, each in an object under its name (docs.aws.amazon.com/nova/latest/userguide/complete-request-schema.html and
 * .../nova2-userguide/request-response-schema.html, read 2026-11-22).
 */

/** What only the model knows stands among the rest here. */
const inline = ({ additionalModelRequestFields, ...body }: JsonObject): JsonObject => {
  const { inferenceConfig, ...fields } = asObject(additionalModelRequestFields) ?? {};
  const config = { ...asObject(body['inferenceConfig']), ...asObject(inferenceConfig) };
  return { schemaVersion: 'messages-v1', ...body, ...(Object.keys(config).length > 0 && { inferenceConfig: config }), ...fields };
};

/** What it counts in the cache has other names. */
const renamed = (value: unknown): unknown => {
  const usage = asObject(value);
  if (!usage) return value;
  const { cacheReadInputTokenCount: read, cacheWriteInputTokenCount: written, ...counts } = usage;
  return compact({ cacheReadInputTokens: read, cacheWriteInputTokens: written, ...counts });
};

const decoder = (inner: StreamDecoder): StreamDecoder => ({
  push(event, emit) {
    const value = parseObject(event.data);
    if (!value) return inner.push(event, emit);
    for (const [name, said] of Object.entries(value)) {
      if (name === metricsMember) continue;
      const content = asObject(said) ?? {};
      const data = name === 'metadata' ? { ...content, usage: renamed(content['usage']) } : content;
      inner.push({ event: name, data: JSON.stringify(data) }, emit);
    }
  },
  close: (emit) => inner.close(emit),
});

export const bedrockNova: UpstreamProtocol = Object.freeze({
  id: 'bedrock-nova',
  origin: bedrockConverse.origin,
  framing: 'aws-event-stream',
  shape: bedrockConverse.id,
  request: {
    toWire(request, context) {
      const wire = bedrockConverse.request.toWire(request, context);
      return { ...wire, body: inline(wire.body) };
    },
  },
  response: {
    fromWire(body, hints, headers) {
      // A guardrail that stepped in leaves out what the answer had.
      const { inputTokens, outputTokens } = headerCounts(headers);
      const usage = { ...compact({ inputTokens, outputTokens }), ...asObject(renamed(body['usage'])) };
      const { 'amazon-bedrock-trace': _trace, ...answer } = body;
      return bedrockConverse.response.fromWire({ ...answer, ...(body['usage'] !== undefined && { usage }) }, hints);
    },
  },
  stream: { decoder: (hints) => decoder(bedrockConverse.stream.decoder(hints)) },
  errors: { fromWire: bedrockConverse.errors.fromWire },
} satisfies UpstreamProtocol);

import type { ChatResult, DecodeHints, FromResultContext, JsonObject, Usage } from '../../types/index.ts';
import { createCollector } from '../shared/collect.ts';
import { asArray } from '../shared/read.ts';
import { AnswerReader } from './answer-reader.ts';
import { doneReason, writeBlocks, writeMessage } from './message-writer.ts';
import { usageFromWire, usageToWire } from './usage.ts';

/** @throws SluiceError `invalid_response`, or the error that the body is */
export const fromWire = (body: JsonObject, hints?: DecodeHints): ChatResult => {
  const collector = createCollector();
  const reader = new AnswerReader(hints);
  // Servers that leave the mark out of a whole answer have ended it all the same.
  reader.read(body['error'] === undefined && body['message'] !== undefined ? { ...body, done: true } : body, collector.push);
  reader.close(collector.push);
  return collector.result();
};

/** Ollama has one answer to a request: the first. */
export const toWire = (result: ChatResult, context: FromResultContext): JsonObject => {
  const first = result.candidates[0];
  const content = first?.content ?? [];
  const logprobs = asArray(first?.logprobs?.['content']);
  return {
    model: result.model || context.model,
    created_at: new Date(result.createdAt === undefined ? context.now() : result.createdAt * 1000).toISOString(),
    message: { ...writeMessage(content), ...writeBlocks(content) },
    done: true,
    done_reason: doneReason(first?.finishReason ?? 'stop'),
    ...result.extra?.['ollama-chat'],
    ...usageToWire(result.usage),
    ...(logprobs.length > 0 && { logprobs }),
  };
};

export const usage = (body: JsonObject): Usage | undefined => usageFromWire(body);

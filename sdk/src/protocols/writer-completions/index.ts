import type { ChatRequest, ToWireContext, UpstreamProtocol, WireRequest } from '../../types/index.ts';
import { openAiErrors } from '../shared/openai-body-error.ts';
import { writeParameters } from '../shared/prompts/parameters.ts';
import { promptOf } from '../shared/prompts/templates.ts';
import { readTextAnswer, textDecoder, type Reading, type TextFormat } from '../shared/prompts/text-answer.ts';
import { turnsOf } from '../shared/prompts/turns.ts';
import { asObjects, asString } from '../shared/read.ts';

/*
 * Writer's text completions (https://dev.writer.com/api-reference/completion-api/text-generation, read 2026-11-22): asked
 * as OpenAI's were, answered in texts alone, and streamed as `{ value }` without a mark at the end.
 */

const id = 'writer-completions';

const names = {
  maxOutputTokens: 'max_tokens',
  temperature: 'temperature',
  topP: 'top_p',
  stop: 'stop',
  seed: 'random_seed',
} as const;

/** @throws SluiceError `unsupported_parameter` */
const toWire = (request: ChatRequest, context: ToWireContext): WireRequest => ({
  body: {
    ...request.unknown,
    model: context.model,
    prompt: promptOf(turnsOf(request.messages, context), 'plain'),
    ...writeParameters(request, context, { names, protocol: id }),
    ...(request.stream && { stream: true }),
  },
});

const format: TextFormat = {
  finish: {},
  read(value): Reading | undefined {
    const text = asString(value['value']);
    // Each event may be the last one.
    if (text !== undefined) return { pieces: [{ candidate: 0, text }], ended: true };
    if (!Array.isArray(value['choices'])) return undefined;
    return {
      pieces: asObjects(value['choices']).map((choice, candidate) => ({ candidate, text: asString(choice['text']) ?? '' })),
      ended: true,
    };
  },
};

export const writerCompletions: UpstreamProtocol = Object.freeze({
  id,
  origin: 'openai',
  shape: 'openai-completions',
  framing: 'sse',
  request: { toWire },
  response: { fromWire: (body) => readTextAnswer(format, body) },
  stream: { decoder: () => textDecoder(format) },
  errors: { fromWire: openAiErrors.fromWire },
} satisfies UpstreamProtocol);

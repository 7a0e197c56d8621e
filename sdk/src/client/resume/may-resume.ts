import { openaiResponses } from '../../protocols/index.ts';
import { SluiceError, type ChatRequest, type ErrorCode, type JsonObject } from '../../types/index.ts';
import type { ChatCall } from '../call.ts';

/** Failures of a stream that say nothing against the request. */
const passing: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'stream_interrupted',
  'connection',
  'upstream_timeout',
  'timeout',
  'invalid_response',
  'internal',
  'bad_gateway',
  'unavailable',
  'overloaded',
  'rate_limited',
]);

export const mayPass = (error: unknown): error is SluiceError => SluiceError.is(error) && passing.has(error.code);

/** Of Responses: what the provider keeps, and another has not. */
const kept = ['previous_response_id', 'conversation', 'prompt', 'background'] as const;

/**
 * The call's request in the neutral model, if its stream could go on elsewhere. It could not where another model's
 * continuation would not fit the first half: several answers at once, probabilities of tokens, sound, searches and tools
 * that the provider runs, and what the provider remembers.
 */
export const resumableRequest = ({ format, body, path, stream }: ChatCall): ChatRequest | undefined => {
  if (!stream || (format.id === openaiResponses.id && kept.some((name) => isGiven(body, name)))) return undefined;
  const request = read(() => format.request.fromWire(body, path));
  if (!request) return undefined;
  const { candidateCount = 1, logprobs, modalities = [], audio, webSearch, tools = [] } = request;
  const plain = candidateCount === 1 && !logprobs && !audio && !webSearch && modalities.every((each) => /^text$/i.test(each));
  return plain && tools.every(({ type }) => type !== 'provider') ? request : undefined;
};

/** Whether text may be gone on with, or only thoughts be begun again. Half of a JSON text is gone on with by no model that is held to a schema. */
export const isProse = ({ responseFormat }: ChatRequest): boolean => responseFormat === undefined || responseFormat.type === 'text';

const isGiven = (body: JsonObject, name: string): boolean => body[name] !== undefined && body[name] !== null && body[name] !== false;

/** What cannot be read (several prompts at once) goes its usual way, and fails there or not. */
const read = (make: () => ChatRequest): ChatRequest | undefined => {
  try {
    return make();
  } catch (cause) {
    if (SluiceError.is(cause)) return undefined;
    throw cause;
  }
};

import {
  SluiceError,
  type Candidate,
  type ChatResult,
  type FinishReason,
  type FromResultContext,
  type JsonObject,
  type Part,
} from '../../types/index.ts';
import { describeMedia, isMedia } from '../shared/media-note.ts';
import { readBodyError } from '../shared/openai-body-error.ts';
import { readFinishReason, writeFinishReason } from '../shared/openai-finish.ts';
import { openAiUsageOf, writeOpenAiUsage } from '../shared/openai-usage.ts';
import { asNumber, asObjects, asString, candidateIndex, compact, numbered } from '../shared/read.ts';
import { readLogprobs, writeLogprobs } from './logprobs.ts';

/** What a client of text completions sees of an answer. */
export const shownText = (part: Part): string => {
  if (part.type === 'text' || part.type === 'refusal') return part.text;
  if (part.type === 'opaque') return part.text ?? '';
  return isMedia(part) ? describeMedia(part) : '';
};

/** The format knows no calls. */
export const finishWord = (reason: FinishReason): string => (reason === 'tool-calls' ? 'stop' : writeFinishReason(reason));

const readCandidate = (choice: JsonObject, at: number): Candidate => {
  const text = asString(choice['text']) ?? '';
  const raw = asString(choice['finish_reason']) || undefined;
  return compact<Candidate>({
    index: candidateIndex(choice['index'], at),
    content: text === '' ? [] : [{ type: 'text', text }],
    finishReason: readFinishReason(raw) ?? 'stop',
    rawFinishReason: raw,
    logprobs: readLogprobs(choice['logprobs']),
  });
};

/** @throws SluiceError `invalid_response`, or the vendor's own error where a 200 carries one */
export const readResponse = (body: JsonObject): ChatResult => {
  const error = readBodyError(body);
  if (error) throw error;
  if (asObjects(body['choices']).length === 0)
    throw new SluiceError('invalid_response', "The provider's answer has no 'choices'.", { upstream: { body } });
  return compact<ChatResult>({
    id: asString(body['id']) ?? '',
    model: asString(body['model']) ?? '',
    createdAt: asNumber(body['created']) || undefined,
    candidates: numbered(asObjects(body['choices']).map(readCandidate)),
    usage: openAiUsageOf(body),
    systemFingerprint: asString(body['system_fingerprint']) || undefined,
  });
};

export const writeResponse = (result: ChatResult, context: FromResultContext): JsonObject =>
  compact<JsonObject>({
    id: result.id || context.newId('cmpl-'),
    object: 'text_completion',
    created: result.createdAt ?? Math.floor(context.now() / 1000),
    model: result.model || context.model,
    choices: result.candidates.map(({ index, content, finishReason, logprobs }) => ({
      index,
      text: content.map(shownText).join(''),
      logprobs: writeLogprobs(logprobs),
      finish_reason: finishWord(finishReason),
    })),
    usage: result.usage && writeOpenAiUsage(result.usage),
    system_fingerprint: result.systemFingerprint,
  });

import {
  SluiceError,
  type AudioPart,
  type Candidate,
  type ChatResult,
  type DecodeHints,
  type FromResultContext,
  type JsonObject,
  type Part,
  type Signature,
} from '../../types/index.ts';
import { readBodyError } from '../shared/openai-body-error.ts';
import { writeFinishReason } from '../shared/openai-finish.ts';
import { openAiUsageOf, writeOpenAiUsage } from '../shared/openai-usage.ts';
import { createUniqueIds } from '../shared/unique-ids.ts';
import { asNumber, asObject, asObjects, asString, candidateIndex, compact, numbered } from '../shared/read.ts';
import { applyHints, finishOf } from './answer.ts';
import { readAssistant } from './assistant.ts';
import { addSources, readSources, writeCitation } from './citations.ts';
import { hasMembers, keep, own, without } from './own.ts';
import { createCallIds } from './call-ids.ts';
import { shownText, writeThinking } from './thinking.ts';
import { googleExtra, writeCall } from './tool-calls.ts';

/** Members of an answer, or of a chunk of one, that have a place in the neutral result; others are the vendor's own. */
export const answerMembers: ReadonlySet<string> = new Set([
  'id',
  'object',
  'created',
  'model',
  'choices',
  'usage',
  'service_tier',
  'system_fingerprint',
  // Padding against traffic analysis (OpenAI, Mistral).
  'obfuscation',
  'p',
]);

/** The vendor's own members. Groq's hold the usage a second time. */
export const extrasOf = (body: JsonObject): JsonObject => {
  const { x_groq: groq, ...extra } = without(body, ...answerMembers);
  const rest = without(asObject(groq) ?? {}, 'usage');
  return hasMembers(rest) ? { ...extra, x_groq: rest } : extra;
};

const readCandidate = (choice: JsonObject, at: number, answerId: string, hints: DecodeHints | undefined): Candidate => {
  const index = candidateIndex(choice['index'], at);
  const callId = createCallIds(answerId, index);
  const uniqueId = createUniqueIds();
  // Old completion servers answer with a text in place of a message.
  const message = asObject(choice['message']) ?? asObject(choice['delta']) ?? { content: choice['text'] };
  const content = applyHints(readAssistant(message, `choices[${index}].message`, callId), hints);
  const raw = asString(choice['finish_reason']) || undefined;
  return compact<Candidate>({
    index,
    content: content.map(asAnswer).map((part) => (part.type === 'tool-call' ? { ...part, id: uniqueId(part.id) } : part)),
    finishReason: finishOf(
      raw,
      content.some((part) => part.type === 'tool-call'),
    ),
    rawFinishReason: raw,
    logprobs: asObject(choice['logprobs']),
  });
};

/** How a part was spelled matters in a request that is written back; an answer is written anew. */
const asAnswer = (part: Part): Part => {
  const { extra: _extra, ...rest } = part;
  return rest;
};

/** @throws SluiceError `invalid_response` where the body is no answer; the vendor's own error where a 200 carries one */
export const readResponse = (body: JsonObject, hints?: DecodeHints): ChatResult => {
  const choices = asObjects(body['choices']);
  const error = readBodyError(choices.length > 0 ? {} : body) ?? readBodyError(choices[0] ?? {});
  if (error) throw error;
  if (choices.length === 0) {
    throw new SluiceError('invalid_response', "The provider's answer has no 'choices'.", { upstream: { body } });
  }
  const id = asString(body['id']) ?? '';
  const candidates = numbered(choices.map((choice, at) => readCandidate(choice, at, id, hints)));
  for (const candidate of candidates) addSources(candidate.content, readSources(body));
  const extra = extrasOf(body);
  return compact<ChatResult>({
    id,
    model: asString(body['model']) ?? '',
    createdAt: asNumber(body['created']) || undefined,
    candidates,
    usage: openAiUsageOf(body),
    serviceTier: asString(body['service_tier']) || undefined,
    systemFingerprint: asString(body['system_fingerprint']) || undefined,
    ...keep(extra),
  });
};

const annotationsOf = (content: readonly Part[]): JsonObject[] => {
  let at = 0;
  return content.flatMap((part) => {
    const start = at;
    at += shownText(part).length;
    if (part.type !== 'text') return [];
    return (part.citations ?? []).map((citation) => writeCitation(citation, start, at)).filter((citation) => citation !== undefined);
  });
};

/** Citations of another family's own, in the place where LiteLLM has Anthropic's. */
const foreignCitations = (content: readonly Part[]): JsonObject => {
  const values = content
    .flatMap((part) => (part.type === 'text' ? (part.citations ?? []) : []))
    .flatMap(({ raw }) => (raw?.origin === 'anthropic' ? [raw.value] : []));
  return values.length === 0 ? {} : { provider_specific_fields: { citations: values } };
};

/** An image that the model made, as OpenRouter and LiteLLM have it. */
export const writeImage = (part: Extract<Part, { type: 'image' }>, index: number): JsonObject | undefined => {
  const { source } = part;
  const url = source.kind === 'url' ? source.url : source.kind === 'base64' ? `data:${source.mediaType};base64,${source.data}` : undefined;
  return url === undefined ? undefined : { type: 'image_url', image_url: { url }, index, ...googleExtra(part.signature) };
};

const writeAudio = (part: Extract<Part, { type: 'audio' }>, context: FromResultContext): JsonObject => ({
  id: part.id ?? context.newId('audio_'),
  data: part.source?.kind === 'base64' ? part.source.data : '',
  // OpenAI keeps its own for an hour; what another vendor spoke is kept nowhere.
  expires_at: part.expiresAt ?? Math.floor(context.now() / 1000),
  transcript: part.transcript ?? '',
});

const writeMessage = (content: readonly Part[], context: FromResultContext): JsonObject => {
  let text = '';
  let refusal = '';
  let hasText = false;
  let cites = false;
  let signature: Signature | undefined;
  let audio: AudioPart | undefined;
  const calls: JsonObject[] = [];
  const images: JsonObject[] = [];
  let made = 0;
  for (const part of content) {
    text += shownText(part);
    if (part.type === 'text') {
      hasText = true;
      cites ||= part.citations !== undefined;
      signature = part.signature ?? signature;
    } else if (part.type === 'refusal') refusal += part.text;
    else if (part.type === 'tool-call') calls.push(writeCall(part));
    else if (part.type === 'audio') audio ??= part;
    else if (part.type === 'image') {
      const image = writeImage(part, made++);
      if (image) images.push(image);
    }
  }
  const annotations = cites ? annotationsOf(content) : [];
  return {
    role: 'assistant',
    content: hasText || text !== '' ? text : null,
    refusal: refusal === '' ? null : refusal,
    ...writeThinking(content),
    ...(calls.length > 0 && { tool_calls: calls }),
    ...(annotations.length > 0 && { annotations }),
    ...(audio && { audio: writeAudio(audio, context) }),
    ...(images.length > 0 && { images }),
    ...(signature && googleExtra(signature)),
    ...(cites && foreignCitations(content)),
  };
};

export const writeResponse = (result: ChatResult, context: FromResultContext): JsonObject =>
  compact<JsonObject>({
    ...result.extra?.[own],
    id: result.id || context.newId('chatcmpl-'),
    object: 'chat.completion',
    created: result.createdAt ?? Math.floor(context.now() / 1000),
    model: result.model || context.model,
    choices: result.candidates.map(({ index, content, finishReason, logprobs }) => ({
      index,
      message: writeMessage(content, context),
      logprobs: logprobs ?? null,
      finish_reason: writeFinishReason(finishReason),
    })),
    usage: result.usage && writeOpenAiUsage(result.usage),
    service_tier: result.serviceTier,
    system_fingerprint: result.systemFingerprint,
  });

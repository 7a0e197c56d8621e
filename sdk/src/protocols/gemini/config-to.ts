import type { ChatRequest, JsonObject, ResponseFormat, ToWireContext } from '../../types/index.ts';
import { asObject, asString, compact } from '../shared/read.ts';
import { parameterName } from '../shared/parameter-name.ts';
import { writeThinking } from './reasoning.ts';
import { toGeminiSchema } from './schema-to.ts';

/** The neutral fields -> `generationConfig`; undefined where nothing is set. */
export const writeConfig = (request: ChatRequest, context: ToWireContext): JsonObject | undefined => {
  const own = asObject(request.extra?.['gemini']?.['generationConfig']) ?? {};
  const { responseSchema, responseJsonSchema, ...rest } = own;
  const config = compact({
    temperature: request.temperature,
    topP: request.topP,
    topK: request.topK,
    candidateCount: request.candidateCount,
    maxOutputTokens: request.maxOutputTokens,
    stopSequences: request.stop,
    seed: request.seed,
    presencePenalty: request.presencePenalty,
    frequencyPenalty: request.frequencyPenalty,
    responseLogprobs: request.logprobs,
    // Refused without `responseLogprobs`.
    logprobs: request.logprobs ? request.topLogprobs : undefined,
    ...writeFormat(request.responseFormat, { responseSchema, responseJsonSchema }, context),
    ...writeSpeech(request, context),
    thinkingConfig: request.reasoning && writeThinking(request.reasoning, context),
    ...rest,
  });
  return Object.keys(config).length === 0 ? undefined : config;
};

const writeFormat = (format: ResponseFormat | undefined, own: JsonObject, context: ToWireContext): JsonObject => {
  if (!format) return own;
  if (format.type === 'text') return context.from === 'gemini' ? { responseMimeType: 'text/plain' } : {};
  if (format.type === 'json') return { responseMimeType: 'application/json' };
  if (context.traits.jsonSchema === false) {
    context.lacks(parameterName('responseFormat', context.from), 'the model takes no JSON schema');
    return { responseMimeType: 'application/json' };
  }
  const given = own['responseSchema'] ?? own['responseJsonSchema'];
  if (given !== undefined) return { responseMimeType: 'application/json', ...own };
  const place = { what: 'the answer', path: parameterName('responseFormat', context.from) };
  const schema = toGeminiSchema(format.schema, place);
  // A name has no place of its own; what the answer is for helps the model.
  if (format.description !== undefined && schema['description'] === undefined) schema['description'] = format.description;
  return { responseMimeType: 'application/json', responseJsonSchema: schema };
};

const writeSpeech = ({ modalities, audio }: ChatRequest, context: ToWireContext): JsonObject => {
  const voice = audio && asString(audio['voice']);
  const format = audio && asString(audio['format']);
  const listed = writeModalities(modalities, context);
  if (format !== undefined && format !== 'pcm16')
    context.lacks(`${parameterName('audio', context.from)}.format`, "Gemini's speech is pcm16 (24 kHz, mono)");
  return {
    responseModalities: listed,
    speechConfig: voice === undefined ? undefined : { voiceConfig: { prebuiltVoiceConfig: { voiceName: voice } } },
  };
};

/** OpenAI always has text beside audio; Gemini's speech models answer in audio alone and refuse any other list. */
const writeModalities = (modalities: string[] | undefined, context: ToWireContext): string[] | undefined => {
  if (!modalities) return undefined;
  if (context.from !== 'gemini' && modalities.includes('audio') && modalities.includes('text')) {
    context.drop(`${parameterName('modalities', context.from)}.text`, 'Gemini answers in audio or in text');
    return ['AUDIO'];
  }
  return modalities.map((each) => each.toUpperCase());
};

import type { ChatRequest, JsonObject, ResponseFormat } from '../../types/index.ts';
import {
  asObject,
  asString,
  compact,
  isObject,
  maybe,
  wantArray,
  wantBoolean,
  wantNumber,
  wantObject,
  wantString,
} from '../shared/read.ts';
import { camelKeys } from './names.ts';
import { readThinking } from './reasoning.ts';
import { fromOpenApiSchema } from './schema-from.ts';

type Fields = Pick<
  ChatRequest,
  | 'temperature'
  | 'topP'
  | 'topK'
  | 'candidateCount'
  | 'maxOutputTokens'
  | 'stop'
  | 'seed'
  | 'presencePenalty'
  | 'frequencyPenalty'
  | 'logprobs'
  | 'topLogprobs'
  | 'responseFormat'
  | 'modalities'
  | 'audio'
  | 'reasoning'
>;

const at = (name: string): string => `generationConfig.${name}`;

/** `generationConfig` -> the neutral fields, and what only this format has. */
export const readConfig = (value: unknown): { fields: Fields; rest: JsonObject } => {
  if (value === undefined) return { fields: {}, rest: {} };
  const {
    temperature,
    topP,
    topK,
    candidateCount,
    maxOutputTokens,
    stopSequences,
    seed,
    presencePenalty,
    frequencyPenalty,
    responseLogprobs,
    logprobs,
    responseMimeType,
    responseSchema,
    responseJsonSchema,
    _responseJsonSchema: oldJsonSchema,
    responseModalities,
    speechConfig,
    thinkingConfig,
    ...rest
  } = camelKeys(wantObject(value, 'generationConfig'));

  const format = readFormat(asString(responseMimeType), responseSchema, responseJsonSchema ?? oldJsonSchema);
  const audio = readVoice(speechConfig);
  const fields: Fields = compact({
    temperature: maybe(wantNumber, temperature, at('temperature')),
    topP: maybe(wantNumber, topP, at('topP')),
    topK: maybe(wantNumber, topK, at('topK')),
    candidateCount: maybe(wantNumber, candidateCount, at('candidateCount')),
    maxOutputTokens: maybe(wantNumber, maxOutputTokens, at('maxOutputTokens')),
    stop: maybe(readTexts, stopSequences, at('stopSequences')),
    seed: maybe(wantNumber, seed, at('seed')),
    presencePenalty: maybe(wantNumber, presencePenalty, at('presencePenalty')),
    frequencyPenalty: maybe(wantNumber, frequencyPenalty, at('frequencyPenalty')),
    logprobs: maybe(wantBoolean, responseLogprobs, at('responseLogprobs')),
    topLogprobs: maybe(wantNumber, logprobs, at('logprobs')),
    responseFormat: format.field,
    modalities: maybe(readTexts, responseModalities, at('responseModalities'))?.map((each) => each.toLowerCase()),
    audio: audio.field,
    reasoning: maybe((each, path) => readThinking(wantObject(each, path)), thinkingConfig, at('thinkingConfig')),
  });
  return { fields, rest: { ...rest, ...format.rest, ...audio.rest } };
};

const readTexts = (value: unknown, path: string): string[] =>
  wantArray(value, path).map((each, index) => wantString(each, `${path}[${index}]`));

/** What a schema in Google's own dialect was is kept beside its translation, so that Google gets it back as it was. */
const readFormat = (mimeType: string | undefined, openApi: unknown, jsonSchema: unknown): { field?: ResponseFormat; rest?: JsonObject } => {
  const schema = asObject(jsonSchema);
  if (mimeType === 'application/json' && schema) return { field: { type: 'json-schema', schema }, rest: { responseJsonSchema: schema } };
  if (mimeType === 'application/json' && isObject(openApi)) {
    return { field: { type: 'json-schema', schema: fromOpenApiSchema(openApi) }, rest: { responseSchema: openApi } };
  }
  if (mimeType === 'application/json') return { field: { type: 'json' } };
  if (mimeType === 'text/plain') return { field: { type: 'text' } };
  return {
    rest: compact({ responseMimeType: mimeType, responseSchema: openApi, responseJsonSchema: jsonSchema }),
  };
};

/** A single prebuilt voice has a neutral name; several speakers, languages and the like stay Google's. */
const readVoice = (value: unknown): { field?: JsonObject; rest?: JsonObject } => {
  const config = asObject(value);
  if (!config) return {};
  const { voiceConfig, ...others } = camelKeys(config);
  const prebuilt = asObject(camelKeys(asObject(voiceConfig) ?? {})['prebuiltVoiceConfig']);
  const voice = prebuilt && asString(camelKeys(prebuilt)['voiceName']);
  if (voice === undefined || Object.keys(others).length > 0) return { rest: { speechConfig: config } };
  return { field: { voice, format: 'pcm16' } };
};

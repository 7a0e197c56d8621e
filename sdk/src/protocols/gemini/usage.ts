import { table } from '../../lib/table.ts';
import { cachedInputTokens, totalInputTokens, type JsonObject, type Usage } from '../../types/index.ts';
import { asNumber, asObject, asObjects, asString, compact } from '../shared/read.ts';

/*
 * Google's counts overlap: the prompt includes what was read from the cache and all its media; the candidates are
 * without the thoughts, but in some answers with them, which only the total tells
 * (https://ai.google.dev/api/generate-content#UsageMetadata, read 2026-11-21).
 */

/** Some clients ask for enums as numbers. */
const modalities: Readonly<Record<string, string>> = table({ 1: 'TEXT', 2: 'IMAGE', 3: 'VIDEO', 4: 'AUDIO', 5: 'DOCUMENT' });

const tokensOf = (details: unknown, modality: string): number =>
  asObjects(details).reduce((sum, each) => {
    const name = asString(each['modality']) ?? modalities[String(each['modality'])];
    return name === modality ? sum + (asNumber(each['tokenCount']) ?? 0) : sum;
  }, 0);

/** @param searches how many queries Google ran, which stand outside the counts */
export const usageFromWire = (value: unknown, searches = 0): Usage | undefined => {
  const raw = asObject(value);
  if (!raw) return undefined;
  const prompt = asNumber(raw['promptTokenCount']) ?? 0;
  const cached = asNumber(raw['cachedContentTokenCount']);
  const tools = asNumber(raw['toolUsePromptTokenCount']);
  const thoughts = asNumber(raw['thoughtsTokenCount']);
  const candidates = asNumber(raw['candidatesTokenCount']) ?? 0;
  const fresh = (modality: string) =>
    Math.max(0, tokensOf(raw['promptTokensDetails'], modality) - tokensOf(raw['cacheTokensDetails'], modality));

  const audioIn = fresh('AUDIO');
  const imageIn = fresh('IMAGE');
  const videoIn = fresh('VIDEO');
  // Google prices cached sound apart, cached pictures as cached text.
  const cachedAudio = Math.min(tokensOf(raw['cacheTokensDetails'], 'AUDIO'), cached ?? 0);
  const audioOut = tokensOf(raw['candidatesTokensDetails'], 'AUDIO');
  const imageOut = tokensOf(raw['candidatesTokensDetails'], 'IMAGE');
  const inclusive = thoughts !== undefined && thoughts > 0 && prompt + (tools ?? 0) + candidates === asNumber(raw['totalTokenCount']);
  const answer = inclusive ? candidates - thoughts : candidates;
  return compact({
    inputTokens: Math.max(0, prompt - (cached ?? 0) - audioIn - imageIn - videoIn),
    cacheReadTokens: cached === undefined ? undefined : cached - cachedAudio,
    cacheReadAudioTokens: cachedAudio || undefined,
    inputAudioTokens: audioIn || undefined,
    inputImageTokens: imageIn || undefined,
    inputVideoTokens: videoIn || undefined,
    toolPromptTokens: tools,
    outputTokens: Math.max(0, answer - audioOut - imageOut),
    reasoningTokens: thoughts,
    outputAudioTokens: audioOut || undefined,
    outputImageTokens: imageOut || undefined,
    webSearchRequests: searches || undefined,
    serviceTier: tierOf(raw),
    raw,
  });
};

/** `ON_DEMAND_FLEX` of Vertex AI, `flex` of the Gemini API (https://ai.google.dev/gemini-api/docs/optimization, read 2026-11-22). */
const tierOf = (raw: JsonObject): string | undefined =>
  (asString(raw['serviceTier']) ?? asString(raw['trafficType'])?.replace(/^ON_DEMAND_(?=.)/, ''))?.toLowerCase();

/** How many queries Google ran for an answer. */
export const searchesOf = (candidate: JsonObject): number => {
  const queries = asObject(candidate['groundingMetadata'])?.['webSearchQueries'];
  return Array.isArray(queries) ? queries.length : 0;
};

const googleCounts: readonly string[] = ['promptTokenCount', 'candidatesTokenCount', 'totalTokenCount'];

/** Usage -> `usageMetadata`; Google's own object goes back as it came. */
export const usageToWire = (usage: Usage): JsonObject => {
  const raw = asObject(usage.raw);
  if (raw && googleCounts.some((name) => typeof raw[name] === 'number')) return raw;
  const prompt = totalInputTokens(usage) - (usage.toolPromptTokens ?? 0);
  const audio = (usage.inputAudioTokens ?? 0) + (usage.cacheReadAudioTokens ?? 0);
  const image = (usage.inputImageTokens ?? 0) + (usage.cacheReadImageTokens ?? 0);
  const video = usage.inputVideoTokens ?? 0;
  const candidates = usage.outputTokens + (usage.outputAudioTokens ?? 0) + (usage.outputImageTokens ?? 0);
  return compact({
    promptTokenCount: prompt,
    cachedContentTokenCount: cachedInputTokens(usage),
    candidatesTokenCount: candidates,
    thoughtsTokenCount: usage.reasoningTokens,
    toolUsePromptTokenCount: usage.toolPromptTokens,
    totalTokenCount: prompt + candidates + (usage.reasoningTokens ?? 0) + (usage.toolPromptTokens ?? 0),
    promptTokensDetails: details(prompt - audio - image - video, audio, image, video),
    candidatesTokensDetails: details(usage.outputTokens, usage.outputAudioTokens, usage.outputImageTokens),
  });
};

const details = (text: number, audio = 0, image = 0, video = 0): JsonObject[] | undefined => {
  if (!audio && !image && !video) return undefined;
  return Object.entries({ TEXT: text, AUDIO: audio, IMAGE: image, VIDEO: video })
    .filter(([, tokenCount]) => tokenCount)
    .map(([modality, tokenCount]) => ({ modality, tokenCount }));
};

import { gemini } from '../protocols/index.ts';
import { readOpenAiUsage } from '../protocols/shared/openai-usage.ts';
import { parseObject } from '../protocols/shared/read.ts';
import type { BilledUnits, JsonObject, Usage } from '../types/index.ts';

const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * What an event of a realtime conversation counts, if it does: each `response.done` and each transcription of OpenAI's
 * (https://platform.openai.com/docs/api-reference/realtime-server-events, read 2026-11-22), each `usageMetadata` of Gemini
 * Live's (https://ai.google.dev/api/live, read 2026-11-22), which counts one turn with all that it was given, and is billed so:
 * they are added up (https://github.com/pydantic/pydantic-ai/pull/7269 measured it, read 2026-11-22). Looks at the text first: most events are sound.
 */
export const realtimeUsage = (text: string): Usage | undefined => {
  if (text.includes('"usageMetadata"')) return ofGemini(parseObject(text)?.['usageMetadata']);
  if (!text.includes('"usage"')) return undefined;
  const event = parseObject(text);
  if (event?.['type'] === 'response.done') return isObject(event['response']) ? readOpenAiUsage(event['response']['usage']) : undefined;
  return event?.['type'] === 'conversation.item.input_audio_transcription.completed' ? ofTranscription(event['usage']) : undefined;
};

/** By tokens, or by time. */
const ofTranscription = (usage: unknown): Usage | undefined => {
  if (!isObject(usage)) return undefined;
  const seconds = usage['seconds'];
  if (usage['type'] === 'duration' && typeof seconds === 'number')
    return { inputTokens: 0, outputTokens: 0, units: { inputSeconds: seconds } };
  return readOpenAiUsage(usage);
};

/** Live says `response` where the rest of the API says `candidates`. */
const ofGemini = (value: unknown): Usage | undefined => {
  if (!isObject(value)) return undefined;
  const { responseTokenCount, responseTokensDetails, ...rest } = value;
  return gemini.response.usage({
    usageMetadata: {
      ...rest,
      ...(responseTokenCount !== undefined && { candidatesTokenCount: responseTokenCount }),
      ...(responseTokensDetails !== undefined && { candidatesTokensDetails: responseTokensDetails }),
    },
  });
};

const sum = <T extends object>(first: T, second: T): T => {
  const total: Record<string, unknown> = { ...(first as Record<string, unknown>) };
  for (const [name, value] of Object.entries(second)) {
    const before = total[name];
    total[name] = typeof value === 'number' && typeof before === 'number' ? before + value : value;
  }
  return total as T;
};

/** Two usages as one: counts are added; what is no count is the later one's. The raw objects cannot be added, and are left out. */
export const addUsage = (first: Usage | undefined, second: Usage): Usage => {
  const { raw: _second, units: more, ...rest } = second;
  if (!first) return more ? { ...rest, units: more } : rest;
  const { raw: _first, units, ...before } = first;
  const total: Usage = sum(before, rest);
  const billed: BilledUnits | undefined = units && more ? sum(units, more) : (units ?? more);
  return billed ? { ...total, units: billed } : total;
};

import { loadRecordings, type Recording } from './recordings.ts';
import { placeOf, type Place } from './wire-formats.ts';

/** A recorded chat call and where it belongs. */
export interface ChatRecording {
  recording: Recording;
  place: Place;
}

/** Those whose wire formats are built. Others (Bedrock, Cohere, Vertex AI) join with their protocols. */
export const providers = [
  'anthropic',
  'azure',
  'cerebras',
  'copilot',
  'deepseek',
  'doubleword',
  'gemini',
  'groq',
  'huggingface',
  'llamacpp',
  'mistral',
  'mistralrs',
  'ollama',
  'openai',
  'openrouter',
  'perplexity',
  'snowflake',
  'together',
  'venice',
  'xai',
  'zai',
] as const;

/** Chat calls of the providers above, in the order of the file. */
export const chatRecordings = (): ChatRecording[] => {
  const known = new Set<string>(providers);
  return loadRecordings().flatMap((recording) => {
    const place = known.has(recording.provider) ? placeOf(recording) : undefined;
    return place ? [{ recording, place }] : [];
  });
};

export const byProvider = <T extends { recording: Recording }>(list: readonly T[]): Map<string, T[]> => {
  const groups = new Map<string, T[]>();
  for (const each of list) groups.set(each.recording.provider, [...(groups.get(each.recording.provider) ?? []), each]);
  return new Map([...groups].sort(([a], [b]) => (a < b ? -1 : 1)));
};

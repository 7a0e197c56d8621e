import { loadRecordings, type Recording } from './recordings.ts';
import { placeOf, sidePlaceOf, type Place, type SideFormat } from './wire-formats.ts';

/** A recorded chat call and where it belongs. */
export interface ChatRecording {
  recording: Recording;
  place: Place;
}

/** Those whose wire formats are built. */
const providers = [
  'anthropic',
  'azure',
  'bedrock',
  'cerebras',
  'chatgpt',
  'cohere',
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
  'portkey',
  'sagemaker',
  'snowflake',
  'together',
  'venice',
  'vertexai',
  'voyage',
  'writer',
  'xai',
  'zai',
] as const;

/** A recorded embeddings call or count of tokens. */
export interface SideRecording {
  recording: Recording;
  place: Place<SideFormat>;
}

const placed = <P>(place: (recording: Recording) => P | undefined): { recording: Recording; place: P }[] => {
  const known = new Set<string>(providers);
  return loadRecordings().flatMap((recording) => {
    const found = known.has(recording.provider) ? place(recording) : undefined;
    return found ? [{ recording, place: found }] : [];
  });
};

/** Chat calls of the providers above, in the order of the file. */
export const chatRecordings = (): ChatRecording[] => placed(placeOf);

/** Their embeddings calls and counts of tokens. */
export const sideRecordings = (): SideRecording[] => placed(sidePlaceOf);

export const byProvider = <T extends { recording: Recording }>(list: readonly T[]): Map<string, T[]> => {
  const groups = new Map<string, T[]>();
  for (const each of list) groups.set(each.recording.provider, [...(groups.get(each.recording.provider) ?? []), each]);
  return new Map([...groups].sort(([a], [b]) => (a < b ? -1 : 1)));
};

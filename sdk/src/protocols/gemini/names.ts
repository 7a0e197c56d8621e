import type { JsonObject } from '../../types/index.ts';

/** `google_search` -> `googleSearch`. A leading underscore is part of a name (`_responseJsonSchema`). */
const camel = (name: string): string =>
  name.includes('_') ? name.replaceAll(/(?<=[a-zA-Z0-9])_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()) : name;

/**
 * One message with its members in camelCase: Google reads both spellings (the JSON mapping of protocol buffers,
 * https://protobuf.dev/programming-guides/json/, read 2026-11-21), and its own clients write both. Members that are
 * null are absent. Only this level: below may be the user's own names (arguments, schemas, labels).
 */
export const camelKeys = (object: JsonObject): JsonObject => {
  // Nearly always there is nothing to change; the result is for reading only.
  for (const name in object) if (object[name] === null || object[name] === undefined || name.includes('_')) return respelled(object);
  return object;
};

const respelled = (object: JsonObject): JsonObject => {
  const result: JsonObject = {};
  for (const [name, value] of Object.entries(object)) if (value !== undefined && value !== null) result[camel(name)] = value;
  return result;
};

/** As `camelKeys`, but only for members that the format knows; the others keep their spelling. */
export const splitKnown = (object: JsonObject, known: ReadonlySet<string>): { known: JsonObject; unknown: JsonObject } => {
  const result = { known: {} as JsonObject, unknown: {} as JsonObject };
  for (const name in object) {
    const value = object[name];
    if (value === undefined || value === null) continue;
    const spelled = camel(name);
    if (known.has(spelled)) result.known[spelled] = value;
    else result.unknown[name] = value;
  }
  return result;
};

/** `models/x` -> `x`; a name of another shape (`tunedModels/x`, `publishers/...`) stays. */
export const modelName = (name: string): string => (name.startsWith('models/') ? name.slice(7) : name);

/** Members of a request that the neutral model has no place for, and that only this format can take. */
export const ownMembers: ReadonlySet<string> = new Set([
  'safetySettings',
  'cachedContent',
  'labels',
  'modelArmorConfig',
  'processingOptions',
]);

export const requestMembers: ReadonlySet<string> = new Set([
  ...ownMembers,
  'model',
  'contents',
  'systemInstruction',
  'tools',
  'toolConfig',
  'generationConfig',
  'serviceTier',
  'store',
  'generateContentRequest',
]);

/**
 * Members of `generationConfig` (https://ai.google.dev/api/generate-content, read 2026-11-21, and those of Vertex AI as
 * the npm package @google/genai writes them, read 2026-11-22). Clients of other formats
 * give them beside their own parameters, and they are put where they belong.
 */
export const configMembers: ReadonlySet<string> = new Set([
  'temperature',
  'topP',
  'topK',
  'candidateCount',
  'maxOutputTokens',
  'stopSequences',
  'seed',
  'presencePenalty',
  'frequencyPenalty',
  'responseLogprobs',
  'logprobs',
  'responseMimeType',
  'responseSchema',
  'responseJsonSchema',
  'responseModalities',
  'speechConfig',
  'thinkingConfig',
  'imageConfig',
  'mediaResolution',
  'audioTimestamp',
  'enableAffectiveDialog',
  'enableEnhancedCivicAnswers',
  'routingConfig',
  'modelSelectionConfig',
  'modelConfig',
  'audioTranscriptionConfig',
]);

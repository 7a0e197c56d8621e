import type { JsonObject } from '../../types/index.ts';
import { asObjects, asString } from '../shared/read.ts';

const utf8 = new TextEncoder();

/** With the bytes that this format demands and other vendors leave out. */
const withBytes = (entry: JsonObject): JsonObject => ({
  ...entry,
  bytes: entry['bytes'] ?? [...utf8.encode(asString(entry['token']) ?? '')],
});

/** Log probabilities of a text, from the neutral shape (`{ content: [...] }`, OpenAI chat's) to this format's list. */
export const writeLogprobs = (logprobs: JsonObject | undefined): JsonObject[] =>
  asObjects(logprobs?.['content']).map((entry) => ({ ...withBytes(entry), top_logprobs: asObjects(entry['top_logprobs']).map(withBytes) }));

import { isObject } from '../../lib/is-object.ts';
import type { Operation } from '../../types/index.ts';

/** What an answer is of, besides conversations and embeddings, whose usage says all. */
export type PricedKind = Extract<
  Operation,
  'image-generation' | 'image-edit' | 'image-variation' | 'transcription' | 'translation' | 'speech' | 'ocr' | 'search' | 'video-create'
>;

/** LiteLLM's names of calls, and ours. `tokens`: its usage says all. */
const kinds = {
  completion: 'tokens',
  text_completion: 'tokens',
  embedding: 'tokens',
  responses: 'tokens',
  anthropic_messages: 'tokens',
  generate_content: 'tokens',
  moderation: 'tokens',
  rerank: 'rerank',
  image_generation: 'image-generation',
  image_edit: 'image-edit',
  image_variation: 'image-variation',
  transcription: 'transcription',
  translation: 'translation',
  speech: 'speech',
  ocr: 'ocr',
  search: 'search',
  create_video: 'video-create',
} as const satisfies Readonly<Record<string, PricedKind | 'tokens' | 'rerank'>>;

/** A kind of call, in LiteLLM's words; an `a` before it, as its asynchronous calls are named, is taken as well. */
export type CallType = keyof typeof kinds;
export type AnswerKind = (typeof kinds)[CallType];

/** Undefined: there is no such kind. */
export const kindNamed = (name: string): AnswerKind | undefined => {
  for (const each of [name, name.replace(/^a/, '')]) if (Object.hasOwn(kinds, each)) return kinds[each as CallType];
  return undefined;
};

export const callTypes: readonly string[] = Object.keys(kinds);

const firstOf = (value: unknown): Readonly<Record<string, unknown>> | undefined =>
  Array.isArray(value) && isObject(value[0]) ? value[0] : undefined;

/** Which kind an answer is of, by its members. */
export const kindOf = (answer: Readonly<Record<string, unknown>>): AnswerKind => {
  const { object, data, results, pages, text } = answer;
  if (object === 'search') return 'search';
  if (object === 'video') return 'video-create';
  const item = firstOf(data);
  if (item && ('url' in item || 'b64_json' in item)) return 'image-generation';
  const result = firstOf(results);
  if ((result && 'relevance_score' in result) || (item && 'relevance_score' in item)) return 'rerank';
  if (firstOf(pages) && ('markdown' in firstOf(pages)! || 'usage_info' in answer)) return 'ocr';
  if (typeof text === 'string' && !('choices' in answer)) return 'transcription';
  return 'tokens';
};

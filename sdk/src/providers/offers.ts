import type { Endpoint, Operation, Provider, ResourceKind } from '../types/index.ts';
import { evidenceOf, type Evidence } from './evidence.ts';

/** Anything that a provider may do for clients. */
export type Offer = Endpoint | Operation | ResourceKind;

/** What a provider does, and how well that is proved here. */
export interface Offered {
  what: Offer;
  evidence: Evidence;
}

/** Models of the families that a provider may speak to in different ways. */
const families = ['gemini-2.5-pro', 'claude-sonnet-4-5', 'meta/llama-3.3-70b-instruct-maas', 'mistral-large-2411', 'jamba-1.5-large'];

/** A provider as it is for each family of models; the first is the one that holds where nothing is known of a model. */
export const variantsOf = (provider: Provider): Provider[] => [
  ...new Set([provider, ...families.map((model) => provider.variant?.({ model }) ?? provider)]),
];

/** All that a provider does, in the order of `offers`. */
export const offersOf = (provider: Provider): Offered[] => {
  const found = new Set<Offer>();
  for (const { speaks, operations, resources } of variantsOf(provider)) {
    for (const part of [speaks, operations, resources]) {
      for (const [name, served] of Object.entries(part ?? {})) if (served !== undefined) found.add(name as Offer);
    }
  }
  return offers.filter((what) => found.has(what)).map((what) => ({ what, evidence: evidenceOf(provider.id, what) }));
};

/** In the order of pages and answers. `native` is no endpoint of clients. */
const offers: readonly Offer[] = [
  'chat',
  'responses',
  'messages',
  'completions',
  'count-tokens',
  'embeddings',
  'rerank',
  'image-generation',
  'image-edit',
  'image-variation',
  'transcription',
  'translation',
  'speech',
  'moderation',
  'ocr',
  'search',
  'video-create',
  'video-retrieve',
  'video-content',
  'video-remix',
  'video-delete',
  'files',
  'uploads',
  'batches',
  'fine_tuning',
  'vector_stores',
  'conversations',
  'containers',
  'evals',
  'assistants',
  'threads',
  'videos',
  'skills',
  'interactions',
  'message_batches',
  'anthropic_files',
];

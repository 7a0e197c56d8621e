import type { Offer } from './offers.ts';

/**
 * How well what is said of a vendor's endpoint is proved here.
 * - `recordings`: its own recorded traffic is replayed through it.
 * - `specification`: what is sent there is held against the vendor's own description of its API.
 * - `mock`: against an upstream that was made from the vendor's documents, or only from those of the format.
 */
export type Evidence = 'recordings' | 'specification' | 'mock';

/** What is proved by recordings. test/recordings/evidence.test.ts holds it against what there is. */
export const proved: Readonly<Record<string, readonly Offer[]>> = {
  anthropic: ['anthropic_files', 'count-tokens', 'message_batches', 'messages'],
  azure: ['chat', 'completions', 'embeddings', 'responses'],
  azure_ai: ['chat'],
  bedrock: ['chat', 'count-tokens', 'embeddings', 'messages'],
  bedrock_mantle: ['chat', 'responses'],
  cerebras: ['chat'],
  chatgpt: ['responses'],
  cohere: ['chat', 'embeddings', 'rerank'],
  deepseek: ['chat', 'responses'],
  doubleword: ['chat', 'embeddings'],
  gemini: ['chat', 'count-tokens', 'embeddings'],
  github_copilot: ['chat', 'embeddings', 'responses'],
  groq: ['chat'],
  huggingface: ['chat'],
  mistral: ['chat', 'embeddings', 'files', 'ocr'],
  ollama: ['chat'],
  openai: [
    'assistants',
    'batches',
    'chat',
    'completions',
    'conversations',
    'embeddings',
    'files',
    'image-generation',
    'moderation',
    'responses',
    'speech',
    'threads',
    'vector_stores',
  ],
  openrouter: ['chat', 'embeddings', 'responses'],
  portkey: ['chat'],
  snowflake: ['chat'],
  together_ai: ['chat'],
  veniceai: ['chat', 'embeddings'],
  vertex_ai: ['chat', 'count-tokens', 'embeddings'],
  voyage: ['embeddings', 'rerank'],
  writer: ['chat'],
  xai: ['responses'],
  zai: ['chat'],
};

/** What is proved by a specification alone: the vendor's own suite of its SDK, in front of a mock of its API (test/clients/suites). */
const specified: Readonly<Record<string, readonly Offer[]>> = {
  openai: [
    'containers',
    'evals',
    'fine_tuning',
    'image-edit',
    'image-variation',
    'transcription',
    'translation',
    'uploads',
    'video-content',
    'video-create',
    'video-delete',
    'video-remix',
    'video-retrieve',
  ],
};

export const evidenceOf = (provider: string, what: Offer): Evidence => {
  if (proved[provider]?.includes(what)) return 'recordings';
  return specified[provider]?.includes(what) ? 'specification' : 'mock';
};

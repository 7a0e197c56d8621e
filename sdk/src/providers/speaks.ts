import type { Operation, Provider, ResourceKind, Speaks, Takes } from '../types/index.ts';

/** OpenAI's own paths, which everybody who is compatible has taken over. */
const openaiEndpoints = {
  chat: { protocol: 'openai-chat', path: '/chat/completions' },
  completions: { protocol: 'openai-completions', path: '/completions' },
  responses: { protocol: 'openai-responses', path: '/responses' },
  embeddings: { protocol: 'openai-embeddings', path: '/embeddings' },
} as const satisfies Provider['speaks'];

/** The endpoints of a provider that speaks OpenAI's formats at OpenAI's paths. */
export const openaiFormats = (...endpoints: (keyof typeof openaiEndpoints)[]): Provider['speaks'] =>
  Object.fromEntries(endpoints.map((endpoint) => [endpoint, openaiEndpoints[endpoint]]));

/** The Responses endpoint of a vendor that calls it a beta: used only where it is asked for. */
export const betaResponses: { responses: Speaks } = { responses: { ...openaiEndpoints.responses, optIn: true } };

/** The Responses endpoint of a vendor that is known not to take all of it. */
export const responsesTaking = (takes: Takes): { responses: Speaks } => ({ responses: { ...openaiEndpoints.responses, takes } });

/** Anthropic's own format beside OpenAI's, for its clients: they lose nothing on the way. */
export const anthropicMessages = (path = '/messages'): { messages: Speaks } => ({ messages: { protocol: 'anthropic-messages', path } });

/** Reranking as Jina has it, which most hosts and servers have taken over. */
export const jinaReranks = (path = '/rerank'): { rerank: Speaks } => ({ rerank: { protocol: 'jina-rerank', path } });

/**
 * Calls of other kinds in the format that clients speak: OpenAI's (openai/openai-openapi, read 2026-11-22), Mistral's for
 * OCR and Perplexity's for search. `{id}` stands for the id in the request.
 */
const mediaEndpoints = {
  'image-generation': { protocol: 'openai-images', path: '/images/generations' },
  'image-edit': { protocol: 'openai-images', path: '/images/edits' },
  'image-variation': { protocol: 'openai-images', path: '/images/variations' },
  transcription: { protocol: 'openai-audio', path: '/audio/transcriptions' },
  translation: { protocol: 'openai-audio', path: '/audio/translations' },
  speech: { protocol: 'openai-audio', path: '/audio/speech' },
  moderation: { protocol: 'openai-moderations', path: '/moderations' },
  ocr: { protocol: 'mistral-ocr', path: '/ocr' },
  search: { protocol: 'perplexity-search', path: '/search' },
  'video-create': { protocol: 'openai-videos', path: '/videos' },
  'video-retrieve': { protocol: 'openai-videos', path: '/videos/{id}' },
  'video-content': { protocol: 'openai-videos', path: '/videos/{id}/content' },
  'video-remix': { protocol: 'openai-videos', path: '/videos/{id}/remix' },
  'video-delete': { protocol: 'openai-videos', path: '/videos/{id}' },
} as const satisfies Record<Operation, Speaks>;

type Media = NonNullable<Provider['operations']>;

/** The operations of a provider that speaks the clients' own formats at their usual paths. */
export const openaiMedia = (...operations: Operation[]): Media =>
  Object.fromEntries(operations.map((operation) => [operation, mediaEndpoints[operation]]));

/** The same behind another path. */
export const under = (prefix: string, media: Media): Media =>
  Object.fromEntries(
    Object.entries(media).map(([operation, speaks]) => [
      operation,
      typeof speaks === 'object' ? { ...speaks, path: prefix + speaks.path } : speaks,
    ]),
  );

export const openaiImages = ['image-generation', 'image-edit', 'image-variation'] as const;
export const openaiAudio = ['transcription', 'translation', 'speech'] as const;
export const openaiVideos = ['video-create', 'video-retrieve', 'video-content', 'video-remix', 'video-delete'] as const;

/** All that OpenAI's API has: what a gateway or a server of one's own may have too. */
export const everyMedia = (): Media => openaiMedia(...openaiImages, ...openaiAudio, 'moderation', ...openaiVideos);

/** Collections that a provider serves as OpenAI does, at OpenAI's paths. */
export const openaiResources = (...kinds: ResourceKind[]): NonNullable<Provider['resources']> =>
  Object.fromEntries(kinds.map((kind) => [kind, { path: resourcePaths[kind] }]));

const resourcePaths: Readonly<Record<ResourceKind, string>> = {
  files: '/files',
  uploads: '/uploads',
  batches: '/batches',
  fine_tuning: '/fine_tuning/jobs',
  vector_stores: '/vector_stores',
  responses: '/responses',
  conversations: '/conversations',
  containers: '/containers',
  evals: '/evals',
  assistants: '/assistants',
  threads: '/threads',
  videos: '/videos',
  skills: '/skills',
  interactions: '/interactions',
  message_batches: '/messages/batches',
  anthropic_files: '/files',
};

/** All that OpenAI keeps. */
export const everyResource = (): NonNullable<Provider['resources']> =>
  openaiResources(
    'files',
    'uploads',
    'batches',
    'fine_tuning',
    'vector_stores',
    'responses',
    'conversations',
    'containers',
    'evals',
    'assistants',
    'threads',
    'videos',
  );

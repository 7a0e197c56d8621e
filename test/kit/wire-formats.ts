import type { Recording } from './recordings.ts';

/** The formats of chat calls, by the names that the protocols have. Spelled here again: the kit knows nothing of them. */
export type WireFormat =
  | 'openai-chat'
  | 'openai-completions'
  | 'openai-responses'
  | 'anthropic-messages'
  | 'gemini'
  | 'ollama-chat'
  | 'bedrock-converse'
  | 'cohere-chat';

/** Formats that only vendors speak: bodies of InvokeModel and of SageMaker's endpoints, whichever family they are of; Writer's completions. */
export type VendorFormat = 'bedrock-text' | 'sagemaker-text' | 'writer-text';

/** The formats in which a client may call the gateway. */
export const clientFormats = [
  'openai-chat',
  'openai-responses',
  'anthropic-messages',
  'gemini',
  'bedrock-converse',
  'cohere-chat',
  'ollama-chat',
] as const;
export type ClientFormat = (typeof clientFormats)[number] | 'openai-completions';

/** Formats whose requests have the model in their path. */
export const modelInPath: ReadonlySet<WireFormat> = new Set(['gemini', 'bedrock-converse']);

/** Calls beside chat. */
export type SideFormat =
  | 'openai-embeddings'
  | 'gemini-embeddings'
  | 'bedrock-embeddings'
  | 'cohere-embeddings'
  | 'vertex-embeddings'
  | 'cohere-rerank'
  | 'vendor-embeddings'
  | 'jina-rerank'
  | 'anthropic-count'
  | 'bedrock-count'
  | 'gemini-count';

/** Claude on Bedrock in its owner's format, by the path that Bedrock has for it. */
export type NativeFormat = 'bedrock-invoke';

/** What a recording's URL says. */
export interface Place<F = WireFormat | VendorFormat> {
  format: F;
  /** The path before the part that the format owns: `/openai/v1` of `/openai/v1/chat/completions`. */
  base: string;
  /** The query, with its `?`, or ''. */
  query: string;
}

/** The format's own end of the path, at any host or at this one alone. The first that matches counts. */
type End<F> = readonly [end: RegExp, format: F, host?: string];

const ends: readonly End<WireFormat | VendorFormat>[] = [
  [/\/chat$/, 'openai-chat', 'api.writer.com'],
  [/\/completions$/, 'writer-text', 'api.writer.com'],
  [/\/chat\/completions$/, 'openai-chat'],
  // Stored prompts are another call.
  [/(?<!\/prompts\/[^/]+)\/completions$/, 'openai-completions'],
  [/\/responses$/, 'openai-responses'],
  [/\/v1\/messages$/, 'anthropic-messages'],
  [/\/models\/[^/:]+:(?:generateContent|streamGenerateContent)$/, 'gemini'],
  [/\/api\/chat$/, 'ollama-chat'],
  // An ARN in the path may hold a slash of its own.
  [/\/model\/.+\/converse(?:-stream)?$/, 'bedrock-converse'],
  // Claude 2 and before it had a format of their own.
  [/\/model\/[^/]*anthropic\.claude-(?!v\d|instant)[^/]*\/invoke(?:-with-response-stream)?$/, 'anthropic-messages'],
  [/\/model\/(?!.*(?:embed|rerank)).+\/invoke(?:-with-response-stream)?$/, 'bedrock-text'],
  [/\/endpoints\/[^/]+\/invocations(?:-response-stream)?$/, 'sagemaker-text'],
  [/\/v2\/chat$/, 'cohere-chat'],
];

const sideEnds: readonly End<SideFormat>[] = [
  [/\/embeddings$/, 'vendor-embeddings', 'api.voyageai.com'],
  [/\/rerank$/, 'jina-rerank', 'api.voyageai.com'],
  [/(?<=\/v1)\/rerank$/, 'jina-rerank'],
  [/\/embeddings$/, 'openai-embeddings'],
  [/\/models\/[^/:]+:batchEmbedContents$/, 'gemini-embeddings'],
  [/\/model\/[^/]*embed[^/]*\/invoke$/, 'bedrock-embeddings'],
  [/\/v2\/embed$/, 'cohere-embeddings'],
  [/\/models\/[^/:]*embed[^/:]*:predict$/, 'vertex-embeddings'],
  [/\/v2\/rerank$/, 'cohere-rerank'],
  [/\/model\/[^/]+\/count-tokens$/, 'bedrock-count'],
  [/\/v1\/messages\/count_tokens$/, 'anthropic-count'],
  [/\/models\/[^/:]+:countTokens$/, 'gemini-count'],
];

const find = <F>(formats: readonly End<F>[], { method, url }: Pick<Recording, 'method' | 'url'>): Place<F> | undefined => {
  if (method !== 'POST') return undefined;
  // Some sources keep the path alone, one a placeholder in front of it.
  const path = url.replace(/^https?:\/\/[^/?]*/, '').replace(/^<[^>]*>/, '');
  const at = path.indexOf('?');
  const [pathname, query] = at === -1 ? [path, ''] : [path.slice(0, at), path.slice(at)];
  const host = /^https?:\/\/([^/?:]*)/.exec(url)?.[1];
  for (const [end, format, only] of formats) {
    const match = only === undefined || only === host ? end.exec(pathname) : null;
    if (match) return { format, base: pathname.slice(0, match.index), query };
  }
  return undefined;
};

/** Where the exchange belongs; undefined if it is not a chat call in a format known here. */
export const placeOf = (recording: Pick<Recording, 'method' | 'url'> & Partial<Pick<Recording, 'requestText'>>): Place | undefined => {
  const place = find(ends, recording);
  // Claude 2 was given either.
  const messages = place?.format === 'bedrock-text' && recording.requestText?.includes('"anthropic_version"');
  return messages ? { ...place, format: 'anthropic-messages' } : place;
};

/** The same for calls beside chat. */
export const sidePlaceOf = (recording: Pick<Recording, 'method' | 'url'>): Place<SideFormat> | undefined => find(sideEnds, recording);

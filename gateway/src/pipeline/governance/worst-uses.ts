import { isObject, type JsonObject, type Needs } from 'sluice/kit';
import { saidOutputTokens } from './worst-output.ts';

/** The most that a call may use, read from its request. */
export interface WorstUses {
  /** As estimated. */
  readonly inputTokens: number;
  /** For money: what the estimate may be wrong by is in it. */
  readonly inputTokensAtMost: number;
  /** Of one answer, as the request bounds it. Undefined: it does not. */
  readonly outputTokens: number | undefined;
  /** Nothing comes out that is counted in tokens. */
  readonly noOutput: boolean;
  readonly choices: number;
  /** It brings more than text. */
  readonly hasMedia: boolean;
  /** It asks for its prompt to be kept in the provider's cache for an hour. Looks through the body. */
  keepsAnHour(): boolean;
  /** A class of service, in lower case; '' is the usual one. */
  readonly tier: string;
  readonly searches: number;
  /** Kinds of the provider's own tools -> how often. */
  readonly tools: ReadonlyMap<string, number>;
  readonly images: number;
  readonly imageSize?: string | undefined;
  readonly imageQuality?: string | undefined;
  /** Pictures that are sent on the way to one. */
  readonly partialImages: number;
  readonly inputCharacters: number;
  readonly outputSeconds: number;
  readonly pages: number;
  readonly queries: number;
  /** Nobody knows a bound of what it is billed by. */
  readonly isUnknown: boolean;
}

/** A figure of ours. Estimates of text are seldom wrong by more: code and lists of numbers have half as many characters a token as prose. */
const estimateFactor = 2;
/** Uses of a provider's own tool in one call, where it is not said how many may be. A figure of ours, named in docs/spend/budgets.md. */
const unsaidToolUses = 10;
/**
 * Figures of ours, three times what somebody measured of English prose: 16 characters a second, and 1.3 tokens a character with
 * gpt-4o-mini-tts (github.com/sanand0/blog, posts/2025/openai-tts-cost.md, read 2026-11-22). A digit, and a character of a
 * script that has few of them for a word, is a word of its own: it counts three times.
 */
const [speechTokensPerCharacter, speechCharactersPerSecond, dense] = [4, 5, 3];
/** OpenAI's `speed` (its OpenAPI, read 2026-11-22): 0.25 to 4. */
const slowestSpeed = 0.25;
/**
 * Seconds of a video, where they are not said. OpenAI makes 4 then, and 12 at most of what is no extension (its OpenAPI, read
 * 2026-11-22); that others make no more is not said anywhere, so it is a figure of ours.
 */
const unsaidVideoSeconds = 12;
/** What is made from another video is as long as that one, which nobody here knows. OpenAI extends by 20 at most (the same). */
const unsaidRemixSeconds = 20;
/**
 * Cohere's search unit: a query with 100 documents; what has more than 500 tokens together with the query is cut, and each
 * part counts as a document (cohere.com/pricing, as others repeat it, read 2026-11-22). 3 bytes a token are a figure of ours.
 */
const [documentsPerQuery, bytesPerDocument] = [100, 1500];
/** What a long query leaves of it. */
const leastBytesPerDocument = 150;

const embeddingRoutes: ReadonlySet<string> = new Set([
  'embeddings',
  'cohere_embed',
  'gemini_embed',
  'vertex_predict',
  'ollama_embed',
  'ollama_embeddings',
  'moderations',
]);

/** Digits and all that is not ASCII. */
const denseCharacters = /[\d\u0080-\uffff]/g;

/** What calls of a route may use beside tokens, or instead. */
type Kind = (body: JsonObject) => Partial<WorstUses>;

const images: Kind = (body) => {
  const count = Math.min(100, numberOf(body['n']) ?? 1);
  return {
    images: count,
    imageSize: textOf(body['size']),
    imageQuality: textOf(body['quality']),
    partialImages: numberOf(body['partial_images']) ?? 0,
    choices: count,
  };
};

const kinds: Readonly<Record<string, Kind>> = {
  images_generations: images,
  // What goes in is a picture of unknown size.
  images_edits: (body) => ({ ...images(body), hasMedia: true, isUnknown: true }),
  images_variations: (body) => ({ ...images(body), hasMedia: true, isUnknown: true }),
  audio_speech: (body) => {
    const text = textOf(body['input']) ?? '';
    const slower = 1 / Math.min(1, Math.max(slowestSpeed, Number(body['speed'] ?? 1) || 1));
    const spoken = (text.length + (dense - 1) * (text.match(denseCharacters)?.length ?? 0)) * slower;
    return {
      inputCharacters: text.length,
      outputTokens: Math.ceil(spoken * speechTokensPerCharacter),
      outputSeconds: Math.ceil(spoken / speechCharactersPerSecond),
    };
  },
  // How long a recording is, only its bytes say.
  audio_transcriptions: () => ({ isUnknown: true, hasMedia: true }),
  audio_translations: () => ({ isUnknown: true, hasMedia: true }),
  ocr: (body) => {
    const pages = Array.isArray(body['pages']) ? body['pages'].length : undefined;
    return { noOutput: true, pages: pages ?? 0, isUnknown: pages === undefined };
  },
  search: (body) => ({ noOutput: true, queries: Array.isArray(body['query']) ? body['query'].length : 1, searches: 1 }),
  rerank: (body) => {
    const documents = Array.isArray(body['documents']) ? body['documents'] : [];
    const room = Math.max(leastBytesPerDocument, bytesPerDocument - bytesOf(body['query']));
    let parts = 0;
    for (const each of documents) parts += Math.max(1, Math.ceil(bytesOf(each) / room));
    return { noOutput: true, queries: Math.max(1, Math.ceil(parts / documentsPerQuery)) };
  },
  videos: (body) => ({ noOutput: true, outputSeconds: numberOf(body['seconds']) ?? unsaidVideoSeconds, imageSize: textOf(body['size']) }),
  video_remix: () => ({ noOutput: true, outputSeconds: unsaidRemixSeconds, isUnknown: true }),
};

const none: ReadonlyMap<string, number> = new Map();

/** @param route the route's name: what a body means hangs on it */
export const worstUsesOf = (route: string, body: JsonObject, needs: Needs | undefined): WorstUses => {
  const estimate = Math.ceil(needs?.inputTokens ?? 0);
  const twice = estimate * estimateFactor;
  const { searches, tools } = toolUses(body);
  const kind = kinds[route];
  return {
    inputTokens: estimate,
    inputTokensAtMost: Math.min(twice, Math.ceil(needs?.inputTokensAtMost ?? twice)),
    outputTokens: saidOutputTokens(route, body),
    noOutput: embeddingRoutes.has(route),
    // Of old completions, more may be made than are given (`best_of`).
    choices: Math.min(1000, Math.max(1, ...[body['n'], body['best_of'], ...candidates(body)].map((each) => numberOf(each) ?? 1))),
    hasMedia: needs?.abilities.some((each) => media.has(each)) ?? false,
    keepsAnHour: () => keepsAnHour(body),
    tier: tierOf(body),
    searches,
    tools,
    images: 0,
    partialImages: 0,
    inputCharacters: 0,
    outputSeconds: 0,
    pages: 0,
    queries: 0,
    isUnknown: needs === undefined,
    ...kind?.(body),
  };
};

/** Gemini takes its members in both spellings. */
const candidates = (body: JsonObject): unknown[] =>
  [body['generationConfig'], body['generation_config']].flatMap((config) =>
    isObject(config) ? [config['candidateCount'], config['candidate_count']] : [],
  );

const media: ReadonlySet<string> = new Set(['vision', 'audio_input', 'video_input', 'pdf_input']);

const tierOf = ({ service_tier, serviceTier }: JsonObject): string => {
  const said = service_tier ?? serviceTier;
  const tier = (textOf(isObject(said) ? said['type'] : said) ?? '').toLowerCase();
  // A call that says so is none: batches are made otherwise, and cost less.
  return tier === 'batch' ? '' : tier;
};

/** Tools that the provider itself runs, and bills. */
const toolUses = (body: JsonObject): { searches: number; tools: ReadonlyMap<string, number> } => {
  let searches = isObject(body['web_search_options']) ? 1 : 0;
  const list = body['tools'];
  if (!Array.isArray(list)) return { searches, tools: none };
  let tools: Map<string, number> | undefined;
  const most = numberOf(body['max_tool_calls']) ?? unsaidToolUses;
  for (const tool of list) {
    if (!isObject(tool)) continue;
    const type = textOf(tool['type']);
    if (type?.startsWith('web_search') || 'googleSearch' in tool || 'google_search' in tool || 'googleSearchRetrieval' in tool)
      searches += numberOf(tool['max_uses']) ?? most;
    if (type === undefined || type === 'function' || type === 'custom') continue;
    // Kinds have dates behind them at some vendors: `web_search_20250305`.
    const kind = type.replace(/_\d{8}$/, '');
    // A session of it, and not each use, is what is billed.
    (tools ??= new Map()).set(kind, (tools.get(kind) ?? 0) + (kind === 'code_interpreter' ? 1 : (numberOf(tool['max_uses']) ?? most)));
  }
  return { searches, tools: tools ?? none };
};

/** Deeper is no mark of a cache. */
const maxDepth = 8;

/** A mark `cache_control: { ttl: '1h' }` stands somewhere in what goes in (Anthropic; Bedrock's `cachePoint`). */
const keepsAnHour = ({ messages, system, tools, cache_control, toolConfig }: JsonObject): boolean =>
  [messages, system, tools, toolConfig].some((each) => each !== undefined && isMarked(each, 0)) || isHour(cache_control);

const isHour = (mark: unknown): boolean => isObject(mark) && mark['ttl'] === '1h';

const isMarked = (value: unknown, depth: number): boolean => {
  if (typeof value !== 'object' || value === null || depth > maxDepth) return false;
  if (Array.isArray(value)) {
    for (const each of value) if (isMarked(each, depth + 1)) return true;
    return false;
  }
  const { cache_control, cachePoint, content } = value as JsonObject;
  return isHour(cache_control) || isHour(cachePoint) || (typeof content === 'object' && isMarked(content, depth + 1));
};

const numberOf = (value: unknown): number | undefined => {
  const read = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof read === 'number' && Number.isFinite(read) && read > 0 ? Math.ceil(read) : undefined;
};

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

const bytesOf = (document: unknown): number =>
  typeof document === 'string' ? Buffer.byteLength(document) : isObject(document) ? Buffer.byteLength(JSON.stringify(document)) : 0;

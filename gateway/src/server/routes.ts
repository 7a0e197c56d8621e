import type { Action } from '../access/permissions.ts';
import { matchResource } from './resources/resource-routes.ts';
import { fixedPaths, patterns, type RouteMatch } from './paths.ts';

export type { RouteMatch };

/** Whose client calls: the spelling of errors. */
export type Family = 'openai' | 'anthropic' | 'gemini' | 'ollama' | 'cohere' | 'bedrock';

/** Who may call a route: deny by default, so that a new route is closed until it says otherwise (FP-1). */
export interface RouteRule {
  methods: readonly string[];
  public?: true;
  /** The row of the table of permissions. Default: `llm.call`. */
  action?: Action;
  /** Default: `openai`. */
  family?: Family;
}

const post = { methods: ['POST'] } as const;
const get = { methods: ['GET'] } as const;
const seen = { methods: ['GET'], action: 'models.see' } as const;
const looked = { methods: ['GET'], action: 'model.health' } as const;
const probe = { methods: ['GET', 'HEAD'], public: true } as const;

const rules = {
  chat: post,
  cursor_chat: post,
  completions: post,
  embeddings: post,
  rerank: { ...post, family: 'cohere' },
  responses: post,
  responses_count_tokens: post,
  images_generations: post,
  images_edits: post,
  images_variations: post,
  audio_transcriptions: post,
  audio_translations: post,
  audio_speech: post,
  moderations: post,
  ocr: post,
  search: post,
  search_tools: get,
  videos: { methods: ['GET', 'POST'] },
  video: { methods: ['GET', 'DELETE'] },
  video_content: get,
  video_remix: post,
  // What may be done with which of them is in `resources/resource-routes.ts`.
  resource: { methods: ['GET', 'POST', 'DELETE'] },
  message_batches: { methods: ['GET', 'POST', 'DELETE'], family: 'anthropic' },
  skills: { methods: ['GET', 'POST', 'DELETE'], family: 'anthropic' },
  interactions: { methods: ['GET', 'POST', 'DELETE'], family: 'gemini' },
  models: seen,
  model_info: seen,
  model_group_info: seen,
  token_counter: post,
  transform_request: post,
  supported_openai_params: seen,
  model: seen,
  messages: { ...post, family: 'anthropic' },
  count_tokens: { ...post, family: 'anthropic' },
  raw_predict: { ...post, family: 'anthropic' },
  stream_raw_predict: { ...post, family: 'anthropic' },
  // Claude Code reports its own telemetry here; it is taken and thrown away.
  event_logging: { ...post, family: 'anthropic' },
  generate_content: { ...post, family: 'gemini' },
  stream_generate_content: { ...post, family: 'gemini' },
  gemini_count_tokens: { ...post, family: 'gemini' },
  gemini_embed: { ...post, family: 'gemini' },
  vertex_predict: { ...post, family: 'gemini' },
  gemini_models: { ...seen, family: 'gemini' },
  gemini_model: { ...seen, family: 'gemini' },
  ollama_chat: { ...post, family: 'ollama' },
  ollama_generate: { ...post, family: 'ollama' },
  ollama_embed: { ...post, family: 'ollama' },
  ollama_embeddings: { ...post, family: 'ollama' },
  ollama_tags: { ...seen, family: 'ollama' },
  ollama_ps: { ...seen, family: 'ollama' },
  ollama_show: { ...post, family: 'ollama' },
  ollama_version: { ...seen, family: 'ollama' },
  cohere_chat: { ...post, family: 'cohere' },
  cohere_embed: { ...post, family: 'cohere' },
  converse: { ...post, family: 'bedrock' },
  converse_stream: { ...post, family: 'bedrock' },
  invoke: { ...post, family: 'bedrock' },
  invoke_stream: { ...post, family: 'bedrock' },
  bedrock_count_tokens: { ...post, family: 'bedrock' },
  bedrock_models: { ...seen, family: 'bedrock' },
  realtime: get,
  pass_through: { methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'] },
  // These cost money, or tell of the operator's providers.
  health: looked,
  health_latest: looked,
  health_history: looked,
  health_shared_status: looked,
  health_backlog: looked,
  health_test_connection: { methods: ['POST'], action: 'model.test' },
  liveness: probe,
  readiness: probe,
  // Prometheus scrapes without a key, as with LiteLLM (`require_auth_for_metrics_endpoint` is false by default).
  metrics: { methods: ['GET'], public: true },
  providers: { methods: ['GET'], public: true },
  provider_fields: { methods: ['GET'], public: true },
  endpoints: { methods: ['GET'], public: true },
  root: probe,
} as const satisfies Record<string, RouteRule>;

export type RouteName = keyof typeof rules;
export type PublicRoute = { [R in RouteName]: (typeof rules)[R] extends { public: true } ? R : never }[RouteName];
/** Each route that needs a key. */
export type CallRoute = Exclude<RouteName, PublicRoute>;

export const routeRules: Readonly<Record<RouteName, RouteRule>> = rules;

export const isPublic = (route: RouteName): route is PublicRoute => routeRules[route].public === true;

/** Kinds of kept things of vendors whose clients read other errors than OpenAI's. */
const ofOthers: ReadonlySet<string> = new Set<RouteName>(['message_batches', 'skills', 'interactions']);

/** The route of a path, undefined if there is none. Trailing slashes are forgiven. */
export const matchRoute = (path: string): RouteMatch | undefined => {
  const trimmed = path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
  const found = fixedPaths.get(trimmed);
  const resource = found === undefined || found === 'videos' ? matchResource(trimmed) : undefined;
  // Videos are made by one kind of call and listed by another.
  if (found) return { route: found, ...(resource && { resource }) };
  if (resource) return { route: ofOthers.has(resource.kind) ? (resource.kind as RouteName) : 'resource', resource };
  for (const { pattern, match } of patterns) {
    const groups = pattern.exec(trimmed);
    const matched = groups && match(groups.slice(1));
    if (matched)
      return {
        ...matched,
        ...(matched.model !== undefined && { model: decode(matched.model) }),
        ...(matched.id !== undefined && { id: decode(matched.id) }),
      };
  }
  return undefined;
};

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

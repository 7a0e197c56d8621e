/** What a route needs to know of a request's path. */
export interface RouteMatch {
  route: RouteName;
  /** From the path, decoded. */
  model?: string;
}

export type RouteName =
  | 'chat'
  | 'completions'
  | 'embeddings'
  | 'responses'
  | 'messages'
  | 'count_tokens'
  | 'responses_count_tokens'
  | 'generate_content'
  | 'stream_generate_content'
  | 'gemini_count_tokens'
  | 'models'
  | 'model'
  | 'gemini_models'
  | 'gemini_model'
  | 'event_logging'
  | 'liveness'
  | 'readiness'
  | 'metrics'
  | 'root';

/** Who may call a route: deny by default, so that a new route is closed until it says otherwise (FP-1). */
export interface RouteRule {
  methods: readonly string[];
  public?: true;
}

export const routeRules: Readonly<Record<RouteName, RouteRule>> = {
  chat: { methods: ['POST'] },
  completions: { methods: ['POST'] },
  embeddings: { methods: ['POST'] },
  responses: { methods: ['POST'] },
  messages: { methods: ['POST'] },
  count_tokens: { methods: ['POST'] },
  responses_count_tokens: { methods: ['POST'] },
  generate_content: { methods: ['POST'] },
  stream_generate_content: { methods: ['POST'] },
  gemini_count_tokens: { methods: ['POST'] },
  models: { methods: ['GET'] },
  model: { methods: ['GET'] },
  gemini_models: { methods: ['GET'] },
  gemini_model: { methods: ['GET'] },
  // Claude Code reports its own telemetry here; it is taken and thrown away.
  event_logging: { methods: ['POST'] },
  liveness: { methods: ['GET', 'HEAD'], public: true },
  readiness: { methods: ['GET', 'HEAD'], public: true },
  // Prometheus scrapes without a key, as with LiteLLM (`require_auth_for_metrics_endpoint` is false by default).
  metrics: { methods: ['GET'], public: true },
  root: { methods: ['GET', 'HEAD'], public: true },
};

/** Fixed paths. Each OpenAI path is served under `/v1`, bare, and under `/openai` as Azure clients have it. */
const fixed = new Map<string, RouteName>([
  ...['/v1', '', '/openai/v1', '/openai'].flatMap((prefix): [string, RouteName][] => [
    [`${prefix}/chat/completions`, 'chat'],
    [`${prefix}/completions`, 'completions'],
    [`${prefix}/embeddings`, 'embeddings'],
    [`${prefix}/responses`, 'responses'],
    [`${prefix}/responses/input_tokens`, 'responses_count_tokens'],
    [`${prefix}/models`, 'models'],
  ]),
  ['/v1/messages', 'messages'],
  ['/v1/messages/count_tokens', 'count_tokens'],
  ['/v1beta/models', 'gemini_models'],
  ['/v1alpha/models', 'gemini_models'],
  ['/api/event_logging/batch', 'event_logging'],
  ['/health/liveliness', 'liveness'],
  ['/health/liveness', 'liveness'],
  ['/livez', 'liveness'],
  ['/health/readiness', 'readiness'],
  ['/readyz', 'readiness'],
  ['/metrics', 'metrics'],
  ['/', 'root'],
]);

const geminiCalls: Readonly<Record<string, RouteName>> = {
  generateContent: 'generate_content',
  streamGenerateContent: 'stream_generate_content',
  countTokens: 'gemini_count_tokens',
};

/** Paths with a model's name in them, which may itself hold slashes (`openai/gpt-4o`). */
const patterns: readonly { pattern: RegExp; match: (groups: string[]) => RouteMatch | undefined }[] = [
  {
    pattern: /^(?:\/v1beta|\/v1alpha|\/v1)?\/models\/(.+):(\w+)$/,
    match: ([model, call]) => {
      const route = geminiCalls[call!];
      return route && { route, model: model! };
    },
  },
  // Vercel's AI SDK puts a name with a slash in it into the path without `models/`.
  {
    pattern: /^\/(?:v1beta|v1alpha|v1)\/([^:]+\/.+):(\w+)$/,
    match: ([model, call]) => {
      const route = geminiCalls[call!];
      return route && { route, model: model! };
    },
  },
  {
    pattern: /^(?:\/openai\/deployments|(?:\/v1)?\/engines)\/(.+?)\/(chat\/completions|completions|embeddings)$/,
    match: ([model, call]) => ({ route: call === 'chat/completions' ? 'chat' : (call as RouteName), model: model! }),
  },
  { pattern: /^\/(?:v1beta|v1alpha)\/models\/(.+)$/, match: ([model]) => ({ route: 'gemini_model', model: model! }) },
  { pattern: /^(?:\/openai)?(?:\/v1)?\/models\/(.+)$/, match: ([model]) => ({ route: 'model', model: model! }) },
];

/** The route of a path, undefined if there is none. Trailing slashes are forgiven. */
export const matchRoute = (path: string): RouteMatch | undefined => {
  const known = fixed.get(path);
  if (known) return { route: known };
  const trimmed = path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
  const knownTrimmed = fixed.get(trimmed);
  if (knownTrimmed) return { route: knownTrimmed };
  for (const { pattern, match } of patterns) {
    const groups = pattern.exec(trimmed);
    if (!groups) continue;
    const found = match(groups.slice(1));
    if (found) return found.model === undefined ? found : { ...found, model: decode(found.model) };
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

/** Which provider a bare model name means: the vendor whose own name it is. */
interface NameRule {
  provider: string;
  pattern: RegExp;
  /** Well-known names of it, offered when a name is mistyped. */
  names: readonly string[];
  /** Where the names come from, and when they were read. */
  source: string;
}

/**
 * Only names that one vendor alone uses for its own API. Open models that many hosts serve (`llama-3.3-70b`,
 * `gpt-oss-120b`) mean no provider: guessing one would send prompts to somebody the user did not choose.
 *
 * At an address of the user's own (`api_base`) such a name still means its vendor, as with LiteLLM: a proxy stands before
 * it, so its keys, traits and prices hold. A server that borrows a name and bills otherwise is said to be one, by
 * `custom_openai/` before the name or a price of its own; nothing of `custom_openai` is ever priced as somebody else's.
 */
export const nameRules: readonly NameRule[] = [
  {
    provider: 'anthropic',
    pattern: /^claude-/,
    names: [
      'claude-fable-5',
      'claude-haiku-4-5',
      'claude-haiku-5-5',
      'claude-opus-4-6',
      'claude-opus-5-5',
      'claude-sonnet-4-5',
      'claude-sonnet-4-6',
      'claude-sonnet-5-5',
    ],
    source: 'https://platform.claude.com/docs/en/models/overview, 2026-11-21',
  },
  {
    provider: 'cohere',
    // Voyage has `rerank-2.5`.
    pattern: /^(?:command-|c4ai-|embed-(?:english|multilingual|v4)|rerank-(?:english|multilingual|v\d))/,
    names: ['command-a-03-2025', 'command-a-plus-05-2026', 'command-r', 'command-r-plus', 'embed-v4.0', 'rerank-v3.5'],
    source: 'https://docs.cohere.com/docs/models, 2026-11-22',
  },
  {
    provider: 'deepseek',
    pattern: /^deepseek-(?:chat|coder|flash|reasoner|v\d)/,
    names: ['deepseek-chat', 'deepseek-flash', 'deepseek-reasoner', 'deepseek-v4-pro'],
    source: 'https://api-docs.deepseek.com/, 2026-11-21',
  },
  {
    provider: 'gemini',
    pattern: /^(?:gemini-|gemma-\d|learnlm-|text-embedding-00\d|embedding-00\d)/,
    names: [
      'gemini-2.5-flash',
      'gemini-2.5-flash-lite',
      'gemini-2.5-pro',
      'gemini-3-pro-preview',
      'gemini-3.6-flash',
      'gemini-embedding-001',
    ],
    source: 'https://ai.google.dev/gemini-api/docs/models, 2026-11-21',
  },
  {
    provider: 'inception',
    pattern: /^mercury-\d/,
    names: ['mercury-2.5'],
    source: 'https://github.com/BerriAI/litellm/blob/main/model_prices_and_context_window.json, 2026-11-22',
  },
  {
    provider: 'meta',
    pattern: /^muse-/,
    names: ['muse-spark-1.3'],
    source: 'https://github.com/BerriAI/litellm/blob/main/model_prices_and_context_window.json, 2026-11-22',
  },
  {
    provider: 'mistral',
    pattern: /^(?:mistral-|ministral-|magistral-|codestral-|devstral-|pixtral-|voxtral-|open-(?:mistral|mixtral)-)/,
    names: [
      'codestral-latest',
      'magistral-medium-latest',
      'ministral-8b-latest',
      'mistral-embed',
      'mistral-large-latest',
      'mistral-medium-latest',
      'mistral-small-latest',
    ],
    source: 'https://docs.mistral.ai/getting-started/models/models_overview/, 2026-11-21',
  },
  {
    provider: 'moonshot',
    pattern: /^moonshot-v\d/,
    names: ['moonshot-v1-auto'],
    source: 'https://github.com/BerriAI/litellm/blob/main/model_prices_and_context_window.json, 2026-11-22',
  },
  {
    provider: 'morph',
    pattern: /^morph-v\d/,
    names: ['morph-v3-fast', 'morph-v3-large'],
    source: 'https://github.com/BerriAI/litellm/blob/main/model_prices_and_context_window.json, 2026-11-22',
  },
  {
    provider: 'openai',
    // `gpt-oss` and `whisper-large` have open weights: OpenAI itself does not serve them, and others do.
    pattern:
      /^(?:gpt-(?!oss)|chatgpt-|o\d+(?:-|$)|ft:(?:gpt-|o\d|davinci-002|babbage-002)|davinci-002|babbage-002|text-embedding-(?:3-|ada-)|codex-mini|computer-use-preview|whisper-1$|tts-1(?:-|$)|dall-e-\d|sora-\d|(?:omni|text)-moderation-)/,
    names: [
      'dall-e-3',
      'gpt-3.5-turbo',
      'gpt-4.1',
      'gpt-4.1-mini',
      'gpt-4o',
      'gpt-4o-mini',
      'gpt-5',
      'gpt-5-mini',
      'gpt-5-nano',
      'gpt-5.4',
      'gpt-5.6',
      'o3',
      'o4-mini',
      'omni-moderation-latest',
      'sora-2',
      'text-embedding-3-large',
      'text-embedding-3-small',
      'tts-1',
      'whisper-1',
    ],
    source: 'https://platform.openai.com/docs/models, 2026-11-21',
  },
  {
    provider: 'perplexity',
    pattern: /^sonar(?:-|$)/,
    names: ['sonar', 'sonar-deep-research', 'sonar-pro', 'sonar-reasoning-pro'],
    source: 'https://docs.perplexity.ai/docs/agent-api/migrate-from-sonar/overview, 2026-11-21',
  },
  {
    provider: 'v0',
    pattern: /^v0-\d/,
    names: ['v0-1.5-lg', 'v0-1.5-md'],
    source: 'https://github.com/BerriAI/litellm/blob/main/model_prices_and_context_window.json, 2026-11-22',
  },
  {
    provider: 'volcengine',
    pattern: /^doubao-/,
    names: ['doubao-seed-2-1-pro-260915'],
    source: 'https://github.com/BerriAI/litellm/blob/main/model_prices_and_context_window.json, 2026-11-22',
  },
  {
    provider: 'voyage',
    pattern: /^(?:voyage-|rerank-\d)/,
    names: ['voyage-4', 'voyage-4-large', 'voyage-code-3', 'voyage-multimodal-3.5', 'rerank-2.5', 'rerank-2.5-lite'],
    source: 'https://docs.voyageai.com/docs/embeddings, 2026-11-22',
  },
  {
    provider: 'writer',
    pattern: /^palmyra-/,
    names: ['palmyra-x4', 'palmyra-x5'],
    source: 'https://dev.writer.com/home/models, 2026-11-22',
  },
  {
    provider: 'xai',
    pattern: /^grok-/,
    names: ['grok-3-mini', 'grok-4', 'grok-4.3'],
    source: 'https://docs.x.ai/docs/models, 2026-11-21',
  },
];

/** The provider of a bare name, undefined where no single vendor owns it. */
export const providerOfName = (model: string): string | undefined => nameRules.find(({ pattern }) => pattern.test(model))?.provider;

/** Well-known bare names of all vendors. */
export const knownNames = (): string[] => nameRules.flatMap(({ names }) => names);

import type { Provider } from '../types/index.ts';
import { betaResponses, openaiFormats, responsesTaking } from './speaks.ts';

/** All but the id, which is the row's name. */
type Row = Omit<Provider, 'id'>;

const bearer = { kind: 'bearer' } as const;
const v1 = { append: '/v1' } as const;
/**
 * OpenAI alone has custom tools and `allowed_tools`: others take functions, and some answer 400 to anything else
 * (danny-avila/LibreChat issue 12804 of DeepSeek, microsoft/foundry-local issue 1080, 2026-11-22). Custom tools become
 * functions, and only the allowed tools are offered.
 */
const functionsOnly = ['allowed_tools', 'custom_tools'] as const;
/** Servers on one's own machine: a key is possible but seldom. */
const local = { auth: bearer, keyOptional: true } as const;

/** Sonar's model names, which Perplexity turned into presets of one model when it retired Sonar's own API. */
const perplexityPresets: Readonly<Record<string, string>> = {
  sonar: 'fast',
  'sonar-pro': 'low',
  'sonar-reasoning': 'medium',
  'sonar-reasoning-pro': 'medium',
  'sonar-deep-research': 'high',
};

/**
 * Vendors and servers that speak OpenAI's formats, in alphabetical order. `quirks` name what a vendor is known to
 * refuse; what it is not known to refuse is sent, and its own answer stands.
 */
const rows: Readonly<Record<string, Row>> = {
  cerebras: {
    label: 'Cerebras',
    baseUrl: 'https://api.cerebras.ai/v1',
    baseUrlEnv: ['CEREBRAS_API_BASE'],
    baseUrlRules: v1,
    auth: bearer,
    keyEnv: ['CEREBRAS_API_KEY'],
    speaks: openaiFormats('chat', 'completions'),
    quirks: {
      lacks: [...functionsOnly, 'frequency_penalty', 'logit_bias', 'presence_penalty', 'web_search_options'],
      developerRole: 'system',
      reasoningField: 'reasoning',
    },
    source: 'https://inference-docs.cerebras.ai/resources/openai, 2026-11-21',
  },
  custom_openai: {
    label: 'the OpenAI-compatible server',
    auth: bearer,
    keyOptional: true,
    keyEnv: [],
    speaks: { ...openaiFormats('chat', 'completions', 'embeddings'), ...betaResponses },
    source: 'https://docs.litellm.ai/docs/providers/custom_openai_proxy, 2026-11-21',
  },
  deepseek: {
    label: 'DeepSeek',
    baseUrl: 'https://api.deepseek.com',
    baseUrlEnv: ['DEEPSEEK_API_BASE'],
    auth: bearer,
    keyEnv: ['DEEPSEEK_API_KEY'],
    speaks: openaiFormats('chat', 'responses'),
    quirks: {
      // Unknown members are ignored in silence, and a limit must not be.
      rename: { max_completion_tokens: 'max_tokens' },
      lacks: [...functionsOnly, 'web_search_options'],
      developerRole: 'system',
      reasoningField: 'reasoning_content',
      structuredOutput: 'json',
    },
    source: 'https://api-docs.deepseek.com/api/create-chat-completion, 2026-11-21',
  },
  fireworks_ai: {
    label: 'Fireworks AI',
    baseUrl: 'https://api.fireworks.ai/inference/v1',
    baseUrlEnv: ['FIREWORKS_API_BASE'],
    baseUrlRules: { append: '/inference/v1' },
    auth: bearer,
    keyEnv: ['FIREWORKS_API_KEY', 'FIREWORKS_AI_API_KEY', 'FIREWORKSAI_API_KEY', 'FIREWORKS_AI_TOKEN'],
    speaks: openaiFormats('chat', 'completions', 'embeddings'),
    quirks: { lacks: functionsOnly, developerRole: 'system', reasoningField: 'reasoning_content' },
    resolveModel: (model) => ({ model: model.includes('/') ? model : `accounts/fireworks/models/${model}` }),
    source: 'https://docs.fireworks.ai/api-reference/post-chatcompletions, 2026-11-21',
  },
  groq: {
    label: 'Groq',
    baseUrl: 'https://api.groq.com/openai/v1',
    baseUrlEnv: ['GROQ_API_BASE'],
    baseUrlRules: { append: '/openai/v1' },
    auth: bearer,
    keyEnv: ['GROQ_API_KEY'],
    speaks: { ...openaiFormats('chat'), ...betaResponses },
    quirks: { lacks: [...functionsOnly, 'logit_bias', 'logprobs', 'top_logprobs', 'web_search_options'], reasoningField: 'reasoning' },
    // https://console.groq.com/docs/structured-outputs and /docs/reasoning, 2026-11-21.
    traits: (model) => ({
      jsonSchema: /gpt-oss|llama-4|kimi-k2/.test(model),
      ...(/llama|gemma|allam|mixtral|kimi-k2-instruct/.test(model) && { reasoning: 'none' as const }),
    }),
    source: 'https://console.groq.com/docs/openai, 2026-11-21',
  },
  hosted_vllm: {
    label: 'vLLM',
    baseUrlEnv: ['HOSTED_VLLM_API_BASE'],
    baseUrlRules: v1,
    ...local,
    keyEnv: ['HOSTED_VLLM_API_KEY'],
    speaks: { ...openaiFormats('chat', 'completions', 'embeddings'), ...betaResponses },
    // Roles go to the model's own chat template, and most know none but these three.
    quirks: { lacks: functionsOnly, developerRole: 'system', reasoningField: 'reasoning' },
    source: 'https://docs.vllm.ai/en/latest/serving/openai_compatible_server/, 2026-11-21',
  },
  llamafile: {
    label: 'llamafile',
    baseUrl: 'http://127.0.0.1:8080/v1',
    baseUrlEnv: ['LLAMAFILE_API_BASE'],
    baseUrlRules: v1,
    ...local,
    keyEnv: ['LLAMAFILE_API_KEY'],
    speaks: openaiFormats('chat', 'completions', 'embeddings'),
    quirks: { lacks: functionsOnly, developerRole: 'system', reasoningField: 'reasoning_content' },
    source: 'https://github.com/mozilla-ai/llamafile, 2026-11-21',
  },
  lm_studio: {
    label: 'LM Studio',
    baseUrl: 'http://127.0.0.1:1234/v1',
    baseUrlEnv: ['LM_STUDIO_API_BASE'],
    baseUrlRules: v1,
    ...local,
    keyEnv: ['LM_STUDIO_API_KEY'],
    speaks: { ...openaiFormats('chat', 'completions', 'embeddings'), ...betaResponses },
    quirks: { lacks: functionsOnly, developerRole: 'system', reasoningField: 'reasoning_content' },
    source: 'https://lmstudio.ai/docs/developer/openai-compat, 2026-11-21',
  },
  mistral: {
    label: 'Mistral AI',
    baseUrl: 'https://api.mistral.ai/v1',
    baseUrlEnv: ['MISTRAL_API_BASE'],
    baseUrlRules: v1,
    auth: bearer,
    keyEnv: ['MISTRAL_API_KEY'],
    speaks: openaiFormats('chat', 'embeddings'),
    // Its schema is closed: members that it does not know are refused. Two of OpenAI's have another name there.
    quirks: {
      rename: { dimensions: 'output_dimension', max_completion_tokens: 'max_tokens', seed: 'random_seed' },
      lacks: [
        'allowed_tools',
        'audio',
        'custom_tools',
        'function_call',
        'functions',
        'logit_bias',
        'modalities',
        'moderation',
        'prompt_cache_options',
        'prompt_cache_retention',
        'reasoning',
        'safety_identifier',
        'service_tier',
        'store',
        'thinking',
        'top_k',
        'user',
        'verbosity',
        'video_url',
        'web_search_options',
      ],
      noStreamOptions: true,
      developerRole: 'system',
      strictMessages: true,
      reasoningField: 'content',
      fileUrl: 'document_url',
      efforts: ['none', 'high'],
    },
    // `thinking` and `reasoning` are said as an effort, which is all that its schema has.
    traits: () => ({ reasoning: 'effort' }),
    source: 'https://docs.mistral.ai/api/, 2026-11-22',
  },
  openai_like: {
    label: 'the OpenAI-like server',
    baseUrlEnv: ['OPENAI_LIKE_API_BASE'],
    auth: bearer,
    keyOptional: true,
    keyEnv: ['OPENAI_LIKE_API_KEY'],
    speaks: { ...openaiFormats('chat', 'completions', 'embeddings'), ...betaResponses },
    source: 'https://docs.litellm.ai/docs/providers/openai_compatible, 2026-11-21',
  },
  openrouter: {
    label: 'OpenRouter',
    baseUrl: 'https://openrouter.ai/api/v1',
    baseUrlEnv: ['OPENROUTER_API_BASE'],
    baseUrlRules: { append: '/api/v1' },
    auth: bearer,
    keyEnv: ['OPENROUTER_API_KEY', 'OR_API_KEY'],
    speaks: { ...openaiFormats('chat', 'completions', 'embeddings'), ...betaResponses },
    quirks: { lacks: ['allowed_tools', 'custom_tools'], reasoningField: 'reasoning_details', cacheMarks: true, fileUrl: 'file_data' },
    source: 'https://openrouter.ai/docs/api-reference/overview, 2026-11-21',
  },
  perplexity: {
    label: 'Perplexity',
    baseUrl: 'https://api.perplexity.ai',
    baseUrlEnv: ['PERPLEXITY_API_BASE'],
    baseUrlRules: { strip: ['/v1', '/chat/completions', '/v1/agent'] },
    auth: bearer,
    keyEnv: ['PERPLEXITY_API_KEY', 'PERPLEXITYAI_API_KEY'],
    // Chat Completions were retired on 2026-09-27; the Agent API is OpenAI's Responses.
    speaks: { responses: { protocol: 'openai-responses', path: '/v1/responses' } },
    // hex/llm-perplexity pull request 27 and vercel/ai issue 18988, which follow the vendor's migration page.
    resolveModel(model) {
      const preset = perplexityPresets[model];
      return preset === undefined ? { model } : { model: 'perplexity/sonar', extraBody: { preset } };
    },
    source: 'https://docs.perplexity.ai/docs/agent-api/migrate-from-sonar/how-to, 2026-11-21',
  },
  together_ai: {
    label: 'Together AI',
    baseUrl: 'https://api.together.xyz/v1',
    baseUrlEnv: ['TOGETHER_AI_API_BASE'],
    baseUrlRules: v1,
    auth: bearer,
    keyEnv: ['TOGETHER_API_KEY', 'TOGETHER_AI_API_KEY', 'TOGETHERAI_API_KEY', 'TOGETHER_AI_TOKEN'],
    speaks: openaiFormats('chat', 'completions', 'embeddings'),
    quirks: { lacks: functionsOnly, developerRole: 'system', reasoningField: 'reasoning' },
    source: 'https://docs.together.ai/docs/openai-api-compatibility, 2026-11-21',
  },
  xai: {
    label: 'xAI',
    baseUrl: 'https://api.x.ai/v1',
    baseUrlEnv: ['XAI_API_BASE'],
    baseUrlRules: v1,
    auth: bearer,
    keyEnv: ['XAI_API_KEY'],
    // docs.x.ai/developers/tools/overview and docs.rs/xai-openapi (`ModelTool`), 2026-11-22: any other kind is no tool of theirs.
    speaks: {
      ...openaiFormats('chat'),
      ...responsesTaking({
        tools: ['function', 'web_search*', 'x_search', 'file_search', 'collections_search', 'code_interpreter', 'code_execution', 'mcp'],
      }),
    },
    quirks: { lacks: functionsOnly, reasoningField: 'reasoning_content' },
    // Its encrypted thoughts are its own, whatever format they travel in.
    traits: () => ({ origin: 'xai' }),
    source: 'https://docs.x.ai/docs/api-reference, 2026-11-21',
  },
};

export const compatible: readonly Provider[] = Object.entries(rows).map(([id, row]) => ({ id, ...row }));

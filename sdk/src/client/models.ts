import type { CompatiblePrefix } from './compatible-prefix.ts';

/**
 * A model as `provider/model`, or a vendor's own name (`gpt-4o`). The names listed are for completion in an editor; any
 * other is as good. Each provider's own documentation is the source (read 2026-11-21).
 */
export type Model = KnownModel | `${ProviderPrefix}/${string}` | (string & {});

export type ProviderPrefix =
  | CompatiblePrefix
  | SearchPrefix
  | 'anthropic'
  | 'azure'
  | 'azure_ai'
  | 'bedrock'
  | 'bedrock_mantle'
  | 'black_forest_labs'
  | 'chatgpt'
  | 'clarifai'
  | 'cloudflare'
  | 'cohere'
  | 'databricks'
  | 'fal_ai'
  | 'gemini'
  | 'gigachat'
  | 'github_copilot'
  | 'huggingface'
  | 'infinity'
  | 'jina_ai'
  | 'mock'
  | 'nlp_cloud'
  | 'nvidia_nim'
  | 'ollama'
  | 'openai'
  | 'predibase'
  | 'replicate'
  | 'recraft'
  | 'reducto'
  | 'sagemaker'
  | 'sagemaker_chat'
  | 'sagemaker_nova'
  | 'snowflake'
  | 'triton'
  | 'stability'
  | 'topaz'
  | 'vertex_ai'
  | 'voyage'
  | 'watsonx'
  | 'writer';

/** Vendors of searches: `tavily/search`. */
type SearchPrefix =
  | 'agentcore'
  | 'apiserpent'
  | 'bing_grounding'
  | 'brave'
  | 'dataforseo'
  | 'duckduckgo'
  | 'exa_ai'
  | 'fastcrw'
  | 'firecrawl'
  | 'google_pse'
  | 'linkup'
  | 'nimble'
  | 'parallel_ai'
  | 'searchapi'
  | 'searxng'
  | 'serper'
  | 'tavily'
  | 'tinyfish'
  | 'you_com';

type KnownModel =
  | 'anthropic/claude-haiku-4-5'
  | 'anthropic/claude-opus-4-5'
  | 'anthropic/claude-sonnet-4-5'
  | 'cohere/command-a-03-2025'
  | 'deepseek/deepseek-chat'
  | 'deepseek/deepseek-reasoner'
  | 'gemini/gemini-2.5-flash'
  | 'gemini/gemini-2.5-pro'
  | 'gemini/gemini-3-pro-preview'
  | 'groq/llama-3.3-70b-versatile'
  | 'mistral/mistral-large-latest'
  | 'mock/echo'
  | 'mock/tools'
  | 'ollama/llama3.2'
  | 'openai/gpt-4.1'
  | 'openai/gpt-4o'
  | 'openai/gpt-4o-mini'
  | 'openai/gpt-5'
  | 'openai/gpt-5-mini'
  | 'openai/o3'
  | 'xai/grok-4';

/**
 * Prefixes of model names that LiteLLM knows. One that Sluice has no provider for still is a prefix and not part of
 * the model's name. Source: LiteLLM's list of providers, v1.81 to v1.105, read 2026-11-21.
 */
const prefixes = new Set(
  `a2a a2a_agent abliteration ai21 ai21_chat aiml aiohttp_openai amazon_nova anthropic anthropic_text apertis assemblyai auto_router
  aws_polly azure azure_ai azure_text baseten bedrock bedrock_mantle black_forest_labs bytez cerebras charity_engine chatgpt chutes
  clarifai cloudflare codestral cognition cohere cohere_chat cometapi compactifai cortecs cursor custom custom_openai darkbloom
  dashscope databricks datarobot deepgram deepinfra deepseek docker_model_runner dotprompt edenai elevenlabs empower fal_ai
  featherless_ai fireworks_ai friendliai galadriel gdc gemini gigachat github github_copilot gmi gradient_ai groq helicone heroku
  hosted_vllm huggingface humanloop hyperbolic inception infinity jina_ai lambda_ai langflow langfuse langgraph lemonade libertai
  litellm_agent litellm_proxy llamafile llamagate lm_studio manus maritalk meta meta_llama milvus minimax mistral modelscope moonshot
  morph nadir nano-gpt nebius neosantara nlp_cloud novita nscale nvidia_nim nvidia_riva oci ollama ollama_chat oobabooga openai
  openai_like openrouter ovhcloud parasail perplexity petals pg_vector pinstripes poe predibase prism publicai qwen_ai_platform
  qwencloud ragflow recraft reducto replicate runwayml s3_vectors sagemaker sagemaker_chat sagemaker_nova sail sambanova sap sarvam
  scaleway scx snowflake soniox stability synthetic tencent tensormesh text-completion-codestral text-completion-inception
  text-completion-openai together_ai topaz triton v0 veniceai vercel_ai_gateway vertex_ai vertex_ai_beta vllm volcengine voyage wandb
  watsonx watsonx_text xai xiaomi_mimo xinference zai`.split(/\s+/),
);

export interface ProviderAndModel {
  provider: string | undefined;
  model: string;
}

/**
 * `openai/gpt-4o` -> `openai` and `gpt-4o`. A name without a known prefix has no provider here: the catalog may know it.
 * @param providers ids of Sluice's own providers
 */
export const splitModel = (name: string, customProvider: string | undefined, providers: ReadonlySet<string>): ProviderAndModel => {
  const slash = name.indexOf('/');
  const prefix = slash === -1 ? undefined : name.slice(0, slash);
  const rest = name.slice(slash + 1);
  if (customProvider) return { provider: customProvider, model: prefix === customProvider ? rest : name };
  if (prefix !== undefined && (providers.has(prefix) || prefixes.has(prefix))) return { provider: prefix, model: rest };
  return { provider: undefined, model: name };
};

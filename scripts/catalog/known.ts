/*
 * Which of our providers a package's provider is. A list stands for several of ours that sell the same models at the same
 * price; what is not named here is left out. Ids are those of LiteLLM's prefixes.
 */

export const ofGenaiPrices: Readonly<Record<string, readonly string[]>> = {
  anthropic: ['anthropic'],
  aws: ['bedrock'],
  azure: ['azure'],
  baseten: ['baseten'],
  cerebras: ['cerebras'],
  cloudflare: ['cloudflare'],
  cohere: ['cohere'],
  deepseek: ['deepseek'],
  fireworks: ['fireworks_ai'],
  'github-copilot': ['github_copilot'],
  google: ['gemini', 'vertex_ai'],
  groq: ['groq'],
  huggingface_cerebras: ['huggingface'],
  'huggingface_fireworks-ai': ['huggingface'],
  huggingface_groq: ['huggingface'],
  huggingface_hyperbolic: ['huggingface'],
  huggingface_nebius: ['huggingface'],
  huggingface_novita: ['huggingface'],
  huggingface_nscale: ['huggingface'],
  huggingface_ovhcloud: ['huggingface'],
  huggingface_publicai: ['huggingface'],
  huggingface_sambanova: ['huggingface'],
  huggingface_together: ['huggingface'],
  minimax: ['minimax'],
  mistral: ['mistral'],
  moonshotai: ['moonshot'],
  novita: ['novita'],
  openai: ['openai'],
  openrouter: ['openrouter'],
  ovhcloud: ['ovhcloud'],
  perplexity: ['perplexity'],
  together: ['together_ai'],
  voyageai: ['voyage'],
  'x-ai': ['xai'],
  zai: ['zai'],
};

export const ofPiAi: Readonly<Record<string, readonly string[]>> = {
  'amazon-bedrock': ['bedrock'],
  anthropic: ['anthropic'],
  azure: ['azure'],
  baseten: ['baseten'],
  cerebras: ['cerebras'],
  'cloudflare-workers-ai': ['cloudflare'],
  deepseek: ['deepseek'],
  fireworks: ['fireworks_ai'],
  'github-copilot': ['github_copilot'],
  google: ['gemini'],
  'google-vertex': ['vertex_ai'],
  groq: ['groq'],
  huggingface: ['huggingface'],
  meta: ['meta_llama'],
  minimax: ['minimax'],
  mistral: ['mistral'],
  moonshotai: ['moonshot'],
  nvidia: ['nvidia_nim'],
  openai: ['openai'],
  openrouter: ['openrouter'],
  together: ['together_ai'],
  'vercel-ai-gateway': ['vercel_ai_gateway'],
  xai: ['xai'],
  xiaomi: ['xiaomi_mimo'],
  zai: ['zai'],
};

/** Names of models as the vendor's API has them, where the package puts its own words before them. */
export const idOf = (theirs: string, id: string): string => {
  const upstream = /^huggingface_(.+)$/.exec(theirs)?.[1];
  return upstream === undefined ? id : `${id}:${upstream}`;
};

/** OpenAI's API has no `gpt-oss` (https://developers.openai.com/api/docs/models, read 2026-11-22). */
export const unsold: readonly { provider: string; models: RegExp }[] = [{ provider: 'openai', models: /^gpt-oss/ }];

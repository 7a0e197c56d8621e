import type { Provider, Speaks, Target } from '../../types/index.ts';
import { openaiFormats } from '../speaks.ts';
import { checkedUrl, pathSegments, templateUrl } from '../url.ts';

const baseUrl = 'https://integrate.api.nvidia.com/v1';
const rerankingHost = 'ai.api.nvidia.com';

/**
 * NVIDIA's own cloud reranks at another host than it chats, with the model in the path; a NIM of one's own has
 * `/v1/ranking` beside the rest (https://docs.nvidia.com/nim/nemo-retriever/text-reranking/2.3/using-reranking.html and
 * https://docs.api.nvidia.com/nim/reference/nvidia-llama-3_2-nv-rerankqa-1b-v2-infer, 2026-11-22).
 */
const url = (target: Target, speaks: Speaks, stream: boolean): string => {
  if (speaks !== rerank) return templateUrl(target, speaks, stream);
  const given = target.baseUrl === undefined ? undefined : checkedUrl(target.baseUrl, target.provider);
  if (given && given.host !== new URL(baseUrl).host && given.host !== rerankingHost) return templateUrl(target, speaks, stream);
  if (given && /\/(?:retrieval\/.+|ranking)$/.test(given.pathname)) return given.origin + given.pathname;
  // In a path, versions are written with underscores: `llama-3_2-nv-rerankqa-1b-v2`.
  return `https://${rerankingHost}/v1/retrieval/${pathSegments(target.model.replaceAll(/(?<=\d)\.(?=\d)/g, '_'))}/reranking`;
};

/** And with points in a body, whichever the user wrote. */
const inBody = (model: string): string => model.replaceAll(/(?<=\d)_(?=\d)/g, '.');

const rerank: Speaks = {
  protocol: 'nvidia-rerank',
  path: '/ranking',
  dialect: ({ model }) => ({ members: { model: inBody(model) } }),
};

export const nvidiaNim: Provider = Object.freeze({
  id: 'nvidia_nim',
  label: 'NVIDIA NIM',
  baseUrl,
  baseUrlEnv: ['NVIDIA_NIM_API_BASE'],
  baseUrlRules: { append: '/v1' },
  auth: { kind: 'bearer' },
  keyEnv: ['NVIDIA_NIM_API_KEY', 'NVIDIA_API_KEY'],
  speaks: { ...openaiFormats('chat', 'completions', 'embeddings'), rerank },
  hosts: [rerankingHost],
  quirks: { lacks: ['allowed_tools', 'custom_tools'], developerRole: 'system', reasoningField: 'reasoning_content' },
  url,
  // LiteLLM's users mark rerankers so.
  resolveModel: (model) => ({ model: model.replace(/^ranking\/(?=.)/, '') }),
  source: 'https://docs.api.nvidia.com/nim/reference/llm-apis, 2026-11-22',
} satisfies Provider);

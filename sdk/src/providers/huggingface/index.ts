import type { Provider } from '../../types/index.ts';
import { openaiFormats } from '../speaks.ts';
import { endpointUrl, routerUrl } from './url.ts';

/*
 * Hugging Face: many vendors behind one router, and servers of one's own (Inference Endpoints: Text Generation Inference,
 * Text Embeddings Inference, vLLM). Sources, read 2026-11-22: https://huggingface.co/docs/inference-providers/tasks/
 * chat-completion and feature-extraction, https://huggingface.co/docs/text-generation-inference/reference/api_reference,
 * https://huggingface.github.io/text-embeddings-inference/.
 */

/** The vendor that is to serve it stands in front in LiteLLM's names, and behind in the router's: `together/org/model` -> `org/model:together`. */
const routed = (model: string): string => {
  const [, vendor, name] = /^([^/:]+)\/([^/:]+\/[^/:]+)$/.exec(model) ?? [];
  return vendor === undefined ? model : `${name}:${vendor}`;
};

/** A text without a conversation around it, as the task of this name takes it. */
const textTask = /^text-generation\/(?=.)/;

const common = {
  id: 'huggingface',
  label: 'Hugging Face',
  baseUrlEnv: ['HUGGINGFACE_API_BASE', 'HF_API_BASE'],
  auth: { kind: 'bearer' },
  keyEnv: ['HF_TOKEN', 'HUGGINGFACE_API_KEY', 'HUGGINGFACE_TOKEN'],
  quirks: { lacks: ['allowed_tools', 'custom_tools'], developerRole: 'system', reasoningField: 'reasoning_content' },
  variant({ baseUrl }) {
    if (baseUrl === undefined || /^https:\/\/router\.huggingface\.co(?:\/v1)?\/*$/.test(baseUrl)) return huggingface;
    return /\/embed\/*$/.test(baseUrl) ? teiAlone : endpoint;
  },
  source: 'https://huggingface.co/docs/inference-providers/tasks/chat-completion, 2026-11-22',
} as const satisfies Partial<Provider>;

const { chat, embeddings } = openaiFormats('chat', 'embeddings');
const textGeneration = { protocol: 'tgi-generate', path: '/' } as const;
const rerank = { protocol: 'tei-rerank', path: '/rerank' } as const;

/** The router, and hf-inference behind it. */
export const huggingface: Provider = Object.freeze({
  ...common,
  baseUrl: 'https://router.huggingface.co/v1',
  speaks: {
    chat: chat!,
    completions: { ...textGeneration, optIn: true },
    embeddings: { protocol: 'tei-embeddings', path: '/pipeline/feature-extraction' },
    rerank,
  },
  url: routerUrl,
  resolveModel: (model) =>
    textTask.test(model) ? { model: model.replace(textTask, ''), prefer: 'completions' } : { model: routed(model) },
} satisfies Provider);

/** One model at an address of its own. */
const endpoint: Provider = Object.freeze({
  ...common,
  speaks: { chat: chat!, completions: { ...textGeneration, optIn: true }, embeddings: embeddings!, rerank },
  url: endpointUrl,
  resolveModel: (model) => (textTask.test(model) ? { model: model.replace(textTask, ''), prefer: 'completions' } : { model }),
} satisfies Provider);

/** The same, where the address says TEI's own call. */
const teiAlone: Provider = Object.freeze({
  ...endpoint,
  speaks: { ...endpoint.speaks, embeddings: { protocol: 'tei-embeddings', path: '/embed' } },
} satisfies Provider);

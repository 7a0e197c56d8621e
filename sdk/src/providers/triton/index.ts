import type { Provider, Speaks, Target } from '../../types/index.ts';
import { checkedUrl, templateUrl } from '../url.ts';

/*
 * NVIDIA's Triton (https://docs.nvidia.com/deeplearning/triton-inference-server/user-guide/docs/protocol/
 * extension_generate.html, read 2026-11-22). LiteLLM's users give the whole address of a call, which says what is called.
 */

const call = /\/(generate|generate_stream|infer|embeddings)\/*$/;

const url = (target: Target, speaks: Speaks, stream: boolean): string => {
  const given = target.baseUrl === undefined ? undefined : checkedUrl(target.baseUrl, target.provider);
  if (!given || !call.test(given.pathname)) return templateUrl(target, speaks, stream);
  const { origin, pathname, search } = given;
  if (speaks.protocol !== 'triton-generate')
    return origin + pathname.replace(/\/+$/, '').replace(/\/generate(?:_stream)?$/, '/infer') + search;
  return origin + pathname.replace(call, stream ? '/generate_stream' : '/generate') + search;
};

const infer = '/v2/models/{model}/infer';

const common = {
  id: 'triton',
  label: 'Triton',
  baseUrlEnv: ['TRITON_API_BASE'],
  baseUrlRules: { strip: ['/v2'] },
  auth: { kind: 'bearer' },
  keyOptional: true,
  keyEnv: ['TRITON_API_KEY'],
  url,
  variant: ({ baseUrl }) => (baseUrl !== undefined && /\/infer\/*$/.test(baseUrl) ? inferring : triton),
  source: 'https://docs.nvidia.com/deeplearning/triton-inference-server/user-guide/docs/protocol/extension_generate.html, 2026-11-22',
} as const satisfies Partial<Provider>;

const embeddings = { protocol: 'triton-embeddings', path: infer } as const;

export const triton: Provider = Object.freeze({
  ...common,
  speaks: {
    chat: { protocol: 'triton-generate', path: '/v2/models/{model}/generate', streamPath: '/v2/models/{model}/generate_stream' },
    embeddings,
  },
} satisfies Provider);

/** A model of one's own that takes tensors, where the address says so. */
const inferring: Provider = Object.freeze({
  ...common,
  speaks: { chat: { protocol: 'triton-infer', path: infer }, embeddings },
} satisfies Provider);

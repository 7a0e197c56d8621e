import { lazily } from '../lazily.ts';
import {
  anthropicMessages,
  betaResponses,
  jinaReranks,
  openaiAudio,
  openaiFormats,
  openaiImages,
  openaiMedia,
  responsesTaking,
} from '../speaks.ts';
import { fromLitellm, fromModelsDev, functionsOnly, local, maxTokens, plain, type Rows } from './row.ts';

export const rows: Rows = {
  'umans-ai': { label: 'Umans AI', baseUrl: 'https://api.code.umans.ai/v1', keyEnv: ['UMANS_AI_API_KEY'], source: fromModelsDev },
  upstage: { label: 'Upstage', baseUrl: 'https://api.upstage.ai/v1/solar', keyEnv: ['UPSTAGE_API_KEY'], source: fromModelsDev },
  v0: {
    label: 'v0 (Vercel)',
    baseUrl: 'https://api.v0.dev/v1',
    keyEnv: ['V0_API_KEY'],
    speaks: openaiFormats('chat', 'completions'),
    source: fromLitellm('v0'),
  },
  veniceai: {
    label: 'Venice AI',
    baseUrl: 'https://api.venice.ai/api/v1',
    keyEnv: ['VENICE_AI_API_KEY'],
    speaks: openaiFormats('chat', 'embeddings'),
    // As recorded traffic has it, thoughts of earlier turns included.
    quirks: { ...plain, reasoningField: 'reasoning_content' },
    source: fromLitellm(),
  },
  vercel_ai_gateway: {
    label: 'Vercel AI Gateway',
    baseUrl: 'https://ai-gateway.vercel.sh/v1',
    keyEnv: ['VERCEL_AI_GATEWAY_API_KEY', 'AI_GATEWAY_API_KEY', 'VERCEL_OIDC_TOKEN'],
    speaks: { ...openaiFormats('chat', 'embeddings'), ...betaResponses, ...anthropicMessages() },
    quirks: { lacks: functionsOnly, cacheMarks: true, reasoningField: 'reasoning_details' },
    source: fromLitellm('vercel_ai_gateway'),
  },
  volcengine: {
    label: 'Volcengine Ark',
    baseUrl: 'https://ark.cn-beijing.volces.com/api/v3',
    baseUrlEnv: ['VOLCENGINE_API_BASE', 'ARK_API_BASE'],
    keyEnv: ['VOLCENGINE_API_KEY', 'ARK_API_KEY'],
    speaks: { ...openaiFormats('chat', 'embeddings'), ...betaResponses },
    quirks: { ...plain, reasoningField: 'reasoning_content' },
    source: fromLitellm('volcengine'),
  },
  'volcengine-coding-plan': {
    label: 'Volcengine Ark Coding Plan',
    baseUrl: 'https://ark.cn-beijing.volces.com/api/coding/v3',
    keyEnv: ['ARK_CODING_PLAN_API_KEY'],
    quirks: { ...plain, reasoningField: 'reasoning_content' },
    source: fromModelsDev,
  },
  vultr: { label: 'Vultr', baseUrl: 'https://api.vultrinference.com/v1', keyEnv: ['VULTR_API_KEY'], source: fromModelsDev },
  'wafer.ai': { label: 'Wafer', baseUrl: 'https://pass.wafer.ai/v1', keyEnv: ['WAFER_API_KEY'], source: fromModelsDev },
  wandb: {
    label: 'Weights & Biases Inference',
    baseUrl: 'https://api.inference.wandb.ai/v1',
    keyEnv: ['WANDB_API_KEY'],
    speaks: openaiFormats('chat', 'completions'),
    quirks: { ...plain, reasoningField: 'reasoning_content' },
    source: fromLitellm('wandb'),
  },
  xai: {
    // https://docs.x.ai/docs/guides/voice/agent, 2026-11-22
    realtime: { protocol: 'openai', path: '/realtime' },
    label: 'xAI',
    baseUrl: 'https://api.x.ai/v1',
    keyEnv: ['XAI_API_KEY'],
    // docs.x.ai/developers/tools/overview and docs.rs/xai-openapi (`ModelTool`), 2026-11-22: any other kind is no tool of theirs.
    speaks: {
      ...openaiFormats('chat'),
      ...responsesTaking({
        tools: ['function', 'web_search*', 'x_search', 'file_search', 'collections_search', 'code_interpreter', 'code_execution', 'mcp'],
      }),
    },
    operations: {
      ...openaiMedia('image-generation', 'image-edit'),
      search: lazily(() => import('../search/xai.ts').then(({ xaiSearch }) => xaiSearch)),
    },
    resources: {
      files: () => import('../xai/resources.ts').then(({ xaiFiles }) => xaiFiles),
      batches: () => import('../xai/resources.ts').then(({ xaiBatches }) => xaiBatches),
    },
    relay: { ownKinds: ['files', 'batches'] },
    quirks: { lacks: functionsOnly, reasoningField: 'reasoning_content' },
    // Its encrypted thoughts are its own, whatever format they travel in.
    traits: () => ({ origin: 'xai' }),
    source: 'https://docs.x.ai/docs/api-reference, 2026-11-21',
  },
  xiaomi_mimo: {
    label: 'Xiaomi MiMo',
    baseUrl: 'https://api.xiaomimimo.com/v1',
    keyEnv: ['XIAOMI_MIMO_API_KEY', 'XIAOMI_API_KEY'],
    // It wants the thoughts of earlier turns back.
    quirks: { ...plain, ...maxTokens, reasoningField: 'reasoning_content' },
    source: fromLitellm(),
  },
  xinference: {
    label: 'Xinference',
    baseUrl: 'http://127.0.0.1:9997/v1',
    ...local,
    keyEnv: ['XINFERENCE_API_KEY'],
    speaks: { ...openaiFormats('chat', 'completions', 'embeddings'), ...jinaReranks() },
    operations: openaiMedia(...openaiImages, ...openaiAudio),
    quirks: { ...plain, reasoningField: 'reasoning_content' },
    source: 'https://docs.litellm.ai/docs/providers/xinference, 2026-11-22',
  },
  zai: {
    label: 'Z.ai',
    baseUrl: 'https://api.z.ai/api',
    // The coding plan's address differs before these paths, and stays.
    baseUrlRules: { append: '/api', strip: ['/paas/v4', '/anthropic/v1', '/anthropic'] },
    keyEnv: ['ZAI_API_KEY', 'ZHIPU_API_KEY'],
    speaks: {
      chat: { protocol: 'openai-chat', path: '/paas/v4/chat/completions' },
      ...anthropicMessages('/anthropic/v1/messages'),
    },
    quirks: { ...plain, ...maxTokens, reasoningField: 'reasoning_content', structuredOutput: 'json' },
    // Its signatures of thoughts are its own, also in Anthropic's format.
    traits: () => ({ origin: 'zhipu' }),
    source: fromLitellm('zai'),
  },
  'zai-coding-plan': {
    label: 'Z.ai Coding Plan',
    baseUrl: 'https://api.z.ai/api/coding/paas/v4',
    keyEnv: ['ZHIPU_API_KEY', 'ZAI_API_KEY'],
    quirks: { ...plain, ...maxTokens, reasoningField: 'reasoning_content', structuredOutput: 'json' },
    source: fromModelsDev,
  },
  zenmux: { label: 'ZenMux', baseUrl: 'https://zenmux.ai/api/v1', keyEnv: ['ZENMUX_API_KEY'], source: fromModelsDev },
  zerogpu: {
    label: 'ZeroGPU',
    baseUrl: 'https://api.zerogpu.ai/v1',
    keyEnv: ['ZEROGPU_API_KEY'],
    speaks: openaiFormats('chat', 'responses'),
    source: fromLitellm(),
  },
};

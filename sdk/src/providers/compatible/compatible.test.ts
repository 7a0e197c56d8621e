import { describe, expect, test } from 'bun:test';
import { SluiceError, type Endpoint, type Speaks } from '../../types/index.ts';
import { credentialHeaders } from '../credentials.ts';
import { providers } from '../index.ts';
import { targetOf } from '../target.ts';
import { upstreamUrl } from '../url.ts';
import { anthropicMessages } from '../speaks.ts';
import { compatible } from './index.ts';
import { providerOf } from './row.ts';

const target = (model: string, baseUrl?: string, env: Record<string, string> = {}) =>
  targetOf({ model, apiKey: 'k', ...(baseUrl !== undefined && { baseUrl }) }, { providers, env });
const url = (model: string, endpoint: Endpoint, baseUrl?: string, env?: Record<string, string>): string => {
  const made = target(model, baseUrl, env);
  return upstreamUrl(made, made.provider.speaks[endpoint]!, false);
};

describe('where calls go', () => {
  test.each<[model: string, endpoint: Endpoint, baseUrl: string | undefined, url: string]>([
    ['minimax/m', 'chat', undefined, 'https://api.minimax.io/v1/chat/completions'],
    ['minimax/m', 'messages', undefined, 'https://api.minimax.io/anthropic/v1/messages'],
    ['minimax/m', 'chat', 'https://api.minimaxi.com/v1', 'https://api.minimaxi.com/v1/chat/completions'],
    ['minimax/m', 'messages', 'https://api.minimaxi.com/anthropic', 'https://api.minimaxi.com/anthropic/v1/messages'],
    ['moonshot/m', 'chat', 'https://api.moonshot.cn/v1', 'https://api.moonshot.cn/v1/chat/completions'],
    ['moonshot/m', 'messages', undefined, 'https://api.moonshot.ai/anthropic/v1/messages'],
    ['zai/m', 'chat', undefined, 'https://api.z.ai/api/paas/v4/chat/completions'],
    ['zai/m', 'chat', 'https://api.z.ai/api/coding/paas/v4', 'https://api.z.ai/api/coding/paas/v4/chat/completions'],
    ['zai/m', 'messages', 'https://api.z.ai/api/paas/v4', 'https://api.z.ai/api/anthropic/v1/messages'],
    ['bigmodel/m', 'chat', 'https://open.bigmodel.cn', 'https://open.bigmodel.cn/api/paas/v4/chat/completions'],
    ['bigmodel/m', 'responses', undefined, 'https://open.bigmodel.cn/api/v1/responses'],
    ['dashscope/m', 'chat', undefined, 'https://dashscope.aliyuncs.com/compatible-mode/v1/chat/completions'],
    [
      'dashscope/m',
      'rerank',
      'https://dashscope-intl.aliyuncs.com/compatible-mode/v1',
      'https://dashscope-intl.aliyuncs.com/compatible-api/v1/reranks',
    ],
    ['qwencloud/m', 'messages', undefined, 'https://dashscope-intl.aliyuncs.com/apps/anthropic/v1/messages'],
    ['deepinfra/m', 'chat', 'https://api.deepinfra.com/v1/openai', 'https://api.deepinfra.com/v1/openai/chat/completions'],
    ['deepinfra/Qwen/R', 'rerank', undefined, 'https://api.deepinfra.com/v1/inference/Qwen/R'],
    [
      'docker_model_runner/m',
      'chat',
      'http://localhost:22088/engines/llama.cpp',
      'http://localhost:22088/engines/llama.cpp/v1/chat/completions',
    ],
    ['docker_model_runner/m', 'chat', 'http://localhost:12434/engines/v1', 'http://localhost:12434/engines/v1/chat/completions'],
    ['gradient_ai/m', 'chat', undefined, 'https://inference.do-ai.run/v1/chat/completions'],
    ['gradient_ai/m', 'chat', 'https://x.agents.do-ai.run', 'https://x.agents.do-ai.run/api/v1/chat/completions'],
    ['datarobot/m', 'chat', undefined, 'https://app.datarobot.com/api/v2/genai/llmgw/chat/completions'],
    ['datarobot/m', 'chat', 'https://eu.datarobot.com', 'https://eu.datarobot.com/api/v2/genai/llmgw/chat/completions'],
    [
      'datarobot/m',
      'chat',
      'https://app.datarobot.com/api/v2/deployments/7f/',
      'https://app.datarobot.com/api/v2/deployments/7f/chat/completions',
    ],
    ['baseten/deepseek-ai/V4', 'chat', undefined, 'https://inference.baseten.co/v1/chat/completions'],
    ['baseten/Abcd1234', 'chat', undefined, 'https://model-abcd1234.api.baseten.co/environments/production/sync/v1/chat/completions'],
    ['baseten/abcd1234', 'chat', 'https://proxy.test/v1', 'https://proxy.test/v1/chat/completions'],
    ['ragflow/chat/3f2a/m', 'chat', 'http://rag:9380', 'http://rag:9380/api/v1/chats_openai/3f2a/chat/completions'],
    ['ragflow/agent/3f%2F/m', 'chat', undefined, 'http://127.0.0.1:9380/api/v1/agents_openai/3f%252F/chat/completions'],
    ['text-completion-inception/m', 'completions', undefined, 'https://api.inceptionlabs.ai/v1/fim/completions'],
    ['upstage/m', 'chat', undefined, 'https://api.upstage.ai/v1/solar/chat/completions'],
  ])('%s, %s at %s', (model, endpoint, baseUrl, expected) => {
    expect(url(model, endpoint, baseUrl)).toBe(expected);
  });

  test('a product stands in the path, and its absence is said', () => {
    expect(url('infomaniak/m', 'chat', undefined, { INFOMANIAK_PRODUCT_ID: '42' })).toBe(
      'https://api.infomaniak.com/2/ai/42/openai/v1/chat/completions',
    );
    expect(() => url('infomaniak/m', 'chat')).toThrow('Infomaniak needs product_id: give it, or set INFOMANIAK_PRODUCT_ID.');
  });

  test('a job of a video keeps its place for the id', () => {
    const made = target('openai/sora-2');
    expect(upstreamUrl(made, made.provider.operations!['video-content'] as Speaks, false)).toContain('{id}/content');
    const azure = target('azure/sora', 'https://res.openai.azure.com');
    expect(upstreamUrl(azure, azure.provider.operations!['video-create'] as Speaks, false)).toBe(
      'https://res.openai.azure.com/openai/v1/videos',
    );
    expect(upstreamUrl(azure, azure.provider.operations!.speech as Speaks, false)).toStartWith(
      'https://res.openai.azure.com/openai/deployments/sora/audio/speech?api-version=',
    );
  });

  test('a name of RAGFlow that says too little is refused', () => {
    for (const model of ['ragflow/m', 'ragflow/chat/3f2a', 'ragflow/other/3f2a/m']) {
      expect(() => target(model)).toThrow(SluiceError);
    }
    expect(target('ragflow/chat/3f2a/org/m').model).toBe('org/m');
  });
});

test('a vendor with a header of its own gets the key there', async () => {
  const made = target('sarvam/m');
  expect(await credentialHeaders(made, { method: 'POST', url: 'https://api.sarvam.ai', body: '' })).toEqual({
    'api-subscription-key': 'k',
  });
});

describe('what follows from a row', () => {
  const source = 'https://docs.acme.test, 2026-11-22';

  test('is the usual', () => {
    expect(providerOf('acme-ai', { label: 'Acme', baseUrl: 'https://api.acme.test/x/v1', keyEnv: ['ACME_KEY'], source })).toEqual({
      id: 'acme-ai',
      label: 'Acme',
      baseUrl: 'https://api.acme.test/x/v1',
      baseUrlEnv: ['ACME_AI_API_BASE'],
      baseUrlRules: { append: '/x/v1' },
      auth: { kind: 'bearer' },
      keyEnv: ['ACME_KEY'],
      speaks: { chat: { protocol: 'openai-chat', path: '/chat/completions' } },
      quirks: { lacks: ['allowed_tools', 'custom_tools'], developerRole: 'system' },
      source,
    });
  });

  test("gives Anthropic's version to those who speak its format", () => {
    const own = providerOf('acme', { label: 'Acme', keyEnv: [], speaks: anthropicMessages(), headers: { 'x-team': 'blue' }, source });
    for (const { id, headers } of [own, ...compatible.filter(({ speaks }) => speaks.messages)])
      expect([id, headers?.['anthropic-version']]).toEqual([id, '2023-06-01']);
    expect(own.headers?.['x-team']).toBe('blue');
  });
});

import { describe, expect, test } from 'bun:test';
import { Secret, SluiceError, type Endpoint, type Target } from '../../types/index.ts';
import { createAzure } from '../azure/index.ts';
import { chooseSpeaks } from '../choose.ts';
import { credentialHeaders } from '../credentials.ts';
import { createProviders } from '../registry.ts';
import { targetOf, type TargetOptions } from '../target.ts';
import { upstreamUrl } from '../url.ts';
import { createAzureAi } from './index.ts';

const azureAi = createAzureAi({ fetch: () => Promise.reject(new Error('no network in this test')) });
const base = 'https://res.services.ai.azure.com';
const target = (model: string, more: Partial<TargetOptions> = {}): Target =>
  targetOf({ model, provider: 'azure_ai', baseUrl: base, ...more }, { providers: createProviders([azureAi]), env: {} });
const url = (
  baseUrl: string | undefined,
  { model = 'grok-4', endpoint, apiVersion }: { model?: string; endpoint?: Endpoint; apiVersion?: string } = {},
) => {
  const made: Target = { ...target(model, { ...(baseUrl !== undefined && { baseUrl }), ...(apiVersion !== undefined && { apiVersion }) }) };
  if (baseUrl === undefined) delete made.baseUrl;
  const speaks = endpoint ? made.provider.speaks[endpoint]! : chooseSpeaks(made.provider, made.model, 'openai-chat').speaks;
  return upstreamUrl(made, speaks, false);
};

describe('addresses of Foundry', () => {
  test.each([
    base,
    `${base}/`,
    `${base}/models`,
    `${base}/models/chat/completions`,
    `${base}/models/chat/completions?api-version=2024-05-01-preview`,
    `${base}/api/projects/p1`,
  ])('%p is the same resource', (each) => {
    expect(url(each)).toBe(`${base}/models/chat/completions?api-version=2024-05-01-preview`);
    expect(url(each, { endpoint: 'embeddings' })).toBe(`${base}/models/embeddings?api-version=2024-05-01-preview`);
    expect(url(each, { endpoint: 'responses' })).toBe(`${base}/openai/v1/responses`);
    expect(url(each, { model: 'claude-opus-4-6' })).toBe(`${base}/anthropic/v1/messages`);
    expect(url(each, { model: 'claude-opus-4-6', endpoint: 'count-tokens' })).toBe(`${base}/anthropic/v1/messages/count_tokens`);
  });

  test.each([
    [`${base}/openai/v1`, `${base}/openai/v1/chat/completions`],
    [`${base}/openai/v1/chat/completions`, `${base}/openai/v1/chat/completions`],
    ['https://res.openai.azure.com/openai/v1/', 'https://res.openai.azure.com/openai/v1/chat/completions'],
    [
      'https://res.openai.azure.com',
      'https://res.openai.azure.com/openai/deployments/grok-4/chat/completions?api-version=2025-04-01-preview',
    ],
    ['https://name.eastus2.models.ai.azure.com', 'https://name.eastus2.models.ai.azure.com/v1/chat/completions'],
    ['https://name.eastus2.models.ai.azure.com/v1/chat/completions', 'https://name.eastus2.models.ai.azure.com/v1/chat/completions'],
    ['https://name.eastus2.inference.ml.azure.com/v1', 'https://name.eastus2.inference.ml.azure.com/v1/chat/completions'],
    ['https://apim.test/ai/models', 'https://apim.test/ai/models/chat/completions?api-version=2024-05-01-preview'],
    ['https://proxy.test/v1?team=a', 'https://proxy.test/v1/chat/completions?team=a'],
  ])('%p', (given, expected) => expect(url(given)).toBe(expected));

  test('versions: the pasted one holds, names of versions are none here', () => {
    expect(url(`${base}/models?api-version=2025-05-01`, { apiVersion: '2025-01-01' })).toEndWith('?api-version=2025-05-01');
    expect(url(base, { apiVersion: '2025-01-01' })).toEndWith('?api-version=2025-01-01');
    expect(url(base, { apiVersion: 'latest' })).toEndWith('?api-version=2024-05-01-preview');
  });

  test('what is missing or wrong is said', () => {
    expect(() => url(undefined)).toThrow(/AZURE_AI_API_BASE/);
    expect(() => url('https://u:p@res.services.ai.azure.com')).toThrow(SluiceError);
  });
});

describe('models of Foundry', () => {
  test('Claude speaks its own format, whatever its deployment is called', () => {
    const anthropic = { endpoint: 'messages' };
    const chosen = (made: Target) => chooseSpeaks(made.provider, made.model, 'openai-chat');
    expect(chosen(target('claude-sonnet-4-5'))).toMatchObject(anthropic);
    expect(chosen(target('my-dep', { baseModel: 'azure_ai/claude-sonnet-4-5' }))).toMatchObject(anthropic);
    expect(chosen(target('my-dep', { baseUrl: `${base}/anthropic` }))).toMatchObject(anthropic);
    expect(target('claude-sonnet-4-5').provider.headers).toEqual({ 'anthropic-version': '2023-06-01' });
    expect(chosen(target('my-dep', { baseUrl: 'https://anthropic.proxy.test/v1' }))).toMatchObject({ endpoint: 'chat' });
  });

  test('others speak that of OpenAI, and a router is a deployment', () => {
    expect(chooseSpeaks(azureAi, 'Llama-3.3-70B-Instruct', 'anthropic-messages').endpoint).toBe('chat');
    expect(target('model_router/my-router').model).toBe('my-router');
    expect(target('model-router').model).toBe('model-router');
    expect(target('grok-4').provider).toBe(azureAi);
    expect(azureAi.headers).toEqual({ 'extra-parameters': 'pass-through' });
  });
});

describe('credentials of Foundry', () => {
  const headers = (made: Target, at: string) => credentialHeaders(made, { method: 'POST', url: at, body: '{}' });

  test('a key, as each address wants it', async () => {
    const key = { apiKey: 'k' };
    expect(await headers(target('grok-4', key), `${base}/models/chat/completions`)).toEqual({ 'api-key': 'k' });
    expect(await headers(target('grok-4', key), 'https://n.eastus2.models.ai.azure.com/v1')).toEqual({ authorization: 'Bearer k' });
    expect(await headers(target('claude-opus-4-6', key), `${base}/anthropic/v1/messages`)).toEqual({ 'x-api-key': 'k' });
    // A name that merely looks like it is not the resource.
    expect(await headers(target('grok-4', key), 'https://services.ai.azure.com.evil.test/')).toEqual({ authorization: 'Bearer k' });
  });

  test('a token of Entra', async () => {
    const options = { azure_ad_token: new Secret('t') };
    for (const model of ['grok-4', 'claude-opus-4-6']) {
      expect(await headers(target(model, { options }), base)).toEqual({ authorization: 'Bearer t' });
    }
  });

  test('a client that signs in', async () => {
    const asked: string[] = [];
    const own = createAzureAi({
      fetch: async (_, init) => {
        asked.push(String(init.body));
        return Response.json({ access_token: 'fetched', expires_in: 3600 });
      },
    });
    const options = { tenant_id: 't', client_id: 'c', client_secret: 's', azure_scope: 'https://ai.azure.com/.default' };
    expect(await headers({ provider: own, model: 'grok-4', options }, base)).toEqual({ authorization: 'Bearer fetched' });
    expect(new URLSearchParams(asked[0]).get('scope')).toBe('https://ai.azure.com/.default');
  });

  test('without any, all are named', () => {
    expect(() => headers(target('grok-4'), base)).toThrow(/AZURE_AI_API_KEY.*AZURE_TENANT_ID/);
  });
});

test('LiteLLM’s `azure/claude-...` is the same model at the same address, with the variables of Azure', async () => {
  const all = createProviders([createAzure(), createAzureAi()]);
  const env = { AZURE_API_BASE: 'https://res.services.ai.azure.com/anthropic', AZURE_API_KEY: 'k' };
  const made = targetOf({ model: 'azure/claude-sonnet-4-5' }, { providers: all, env });
  const { endpoint, speaks } = chooseSpeaks(made.provider, made.model, 'openai-chat');
  expect([made.provider.id, endpoint, made.provider.url!(made, speaks, false)]).toEqual([
    'azure',
    'messages',
    'https://res.services.ai.azure.com/anthropic/v1/messages',
  ]);
  expect(await credentialHeaders(made, { method: 'POST', url: env.AZURE_API_BASE, body: '{}' })).toEqual({ 'x-api-key': 'k' });
  const openai = targetOf({ model: 'azure/gpt-4o' }, { providers: all, env: { ...env, AZURE_API_BASE: 'https://res.openai.azure.com' } });
  expect(chooseSpeaks(openai.provider, openai.model, 'anthropic-messages').endpoint).toBe('chat');
});

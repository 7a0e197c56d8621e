import { describe, expect, test } from 'bun:test';
import { Secret, SluiceError, type Target } from '../types/index.ts';
import { aliases } from './aliases.ts';
import { anthropic } from './anthropic/index.ts';
import { createAzure } from './azure/index.ts';
import { compatible } from './compatible/index.ts';
import { credentialHeaders } from './credentials.ts';
import { gemini } from './gemini/index.ts';
import { ollama } from './ollama/index.ts';
import { openai } from './openai/index.ts';
import { createProviders } from './registry.ts';
import { targetOf, type TargetOptions } from './target.ts';

const providers = createProviders([anthropic, createAzure(), gemini, ollama, openai, ...compatible], aliases);
const make = (given: TargetOptions | string, env: Record<string, string> = {}): Target =>
  targetOf(typeof given === 'string' ? { model: given } : given, { providers, env });
const where = (given: TargetOptions | string): [string, string, string | undefined] => {
  const { provider, model, prefer } = make(given);
  return [provider.id, model, prefer];
};

describe('targetOf', () => {
  test.each([
    ['groq/llama-3.3-70b-versatile', 'groq', 'llama-3.3-70b-versatile', undefined],
    ['gpt-4o', 'openai', 'gpt-4o', undefined],
    ['openai/responses/gpt-5', 'openai', 'gpt-5', 'responses'],
    ['openrouter/responses/openai/gpt-5', 'openrouter', 'openai/gpt-5', 'responses'],
    ['text-completion-openai/davinci-002', 'openai', 'davinci-002', 'completions'],
    ['azure_text/my-dep', 'azure', 'my-dep', 'completions'],
    ['azure/o_series/my-dep', 'azure', 'my-dep', undefined],
    ['ollama_chat/llama3.2:3b', 'ollama', 'llama3.2:3b', undefined],
    ['together/meta-llama/Llama-3.3-70B-Instruct-Turbo', 'together_ai', 'meta-llama/Llama-3.3-70B-Instruct-Turbo', undefined],
    ['fireworks_ai/llama-v3p3-70b-instruct', 'fireworks_ai', 'accounts/fireworks/models/llama-v3p3-70b-instruct', undefined],
    ['fireworks_ai/accounts/me/models/x', 'fireworks_ai', 'accounts/me/models/x', undefined],
    ['gemini/models/gemini-2.5-pro', 'gemini', 'gemini-2.5-pro', undefined],
    ['perplexity/sonar-pro', 'perplexity', 'perplexity/sonar', undefined],
  ] as const)('%p', (name, provider, model, prefer) => {
    expect(where(name)).toEqual([provider, model, prefer]);
  });

  test('an address says what a name does not', () => {
    expect(where({ model: 'my-model', baseUrl: 'http://gpu:8000/v1' })).toEqual(['custom_openai', 'my-model', undefined]);
    expect(where({ model: 'my-model', baseUrl: 'https://api.groq.com/openai/v1' })[0]).toBe('groq');
    expect(where({ model: 'org/model', baseUrl: 'http://gpu:8000/v1' })).toEqual(['custom_openai', 'org/model', undefined]);
    // A name or a prefix that is known holds.
    for (const model of ['gpt-4o', 'whisper-1', 'tts-1-hd', 'dall-e-3', 'sora-2', 'omni-moderation-latest', 'text-embedding-3-small'])
      expect(where({ model, baseUrl: 'https://proxy.test/v1' })).toEqual(['openai', model, undefined]);
    for (const model of ['gpt-oss-120b', 'whisper-large-v3', 'whisper-1-local', 'tts-own'])
      expect(where({ model, baseUrl: 'http://10.0.0.5:8000/v1' })[0]).toBe('custom_openai');
    expect(where({ model: 'custom_openai/whisper-1', baseUrl: 'http://10.0.0.5:8000/v1' })[0]).toBe('custom_openai');
    expect(where({ model: 'ollama/x', baseUrl: 'https://proxy.test/v1' })[0]).toBe('ollama');
    expect(where({ model: 'x', provider: 'hosted_vllm', baseUrl: 'https://proxy.test/v1' })).toEqual(['hosted_vllm', 'x', undefined]);
    expect(where({ model: 'command-r', baseUrl: 'https://proxy.test/v1' })[0]).toBe('custom_openai');
  });

  test('a preset of the vendor comes with the name, and what the user sets wins', () => {
    expect(make('perplexity/sonar-pro').extraBody).toEqual({ preset: 'low' });
    expect(make({ model: 'perplexity/sonar-pro', extraBody: { preset: 'high', x: 1 } }).extraBody).toEqual({ preset: 'high', x: 1 });
    expect(make('azure/o_series/d').traits?.fixedSampling).toBe(true);
    expect(make({ model: 'azure/o_series/d', traits: { fixedSampling: false } }).traits?.fixedSampling).toBe(false);
  });

  test('keys, addresses and versions come from the call, else from the environment', () => {
    const env = {
      GROQ_API_KEY: ' gsk_env\n',
      AZURE_API_KEY: 'az',
      AZURE_API_BASE: 'https://res.openai.azure.com',
      AZURE_API_VERSION: '2024-10-21',
    };
    expect(make('groq/x', env).apiKey?.reveal()).toBe('gsk_env');
    expect(make({ model: 'groq/x', apiKey: 'gsk_mine' }, env).apiKey?.reveal()).toBe('gsk_mine');
    const secret = new Secret('s');
    expect(make({ model: 'groq/x', apiKey: secret }, env).apiKey).toBe(secret);
    expect(make('groq/x').apiKey).toBeUndefined();
    expect(make('azure/d', env)).toMatchObject({ baseUrl: 'https://res.openai.azure.com', apiVersion: '2024-10-21' });
    expect(make({ model: 'azure/d', baseUrl: 'https://other.openai.azure.com' }, env).baseUrl).toBe('https://other.openai.azure.com');
  });

  test('another credential that is configured is not overruled by a key in the environment', async () => {
    const env = { AZURE_API_KEY: 'env-key', AZURE_AD_TOKEN: 'env-token' };
    const target = make({ model: 'azure/d', baseUrl: 'https://r.openai.azure.com', options: { azure_ad_token: 'mine' } }, env);
    expect(await credentialHeaders(target, { method: 'POST', url: '', body: '' })).toEqual({ authorization: 'Bearer mine' });
    expect(await credentialHeaders(make('azure/d', env), { method: 'POST', url: '', body: '' })).toEqual({ 'api-key': 'env-key' });
    expect(await credentialHeaders(make('azure/d', { AZURE_AD_TOKEN: 'env-token' }), { method: 'POST', url: '', body: '' })).toEqual({
      authorization: 'Bearer env-token',
    });
    expect(await credentialHeaders(make('claude-opus-5', { ANTHROPIC_AUTH_TOKEN: 'tok' }), { method: 'POST', url: '', body: '' })).toEqual({
      authorization: 'Bearer tok',
    });
  });

  test('nothing secret can be printed (FP-26)', () => {
    const target = make(
      { model: 'azure/d', apiKey: 'CANARY1', options: { client_secret: 'CANARY2', azure_password: 'CANARY3', tenant_id: 't' } },
      { AZURE_AD_TOKEN: 'CANARY4' },
    );
    expect(target.options?.['tenant_id']).toBe('t');
    for (const text of [JSON.stringify(target), Bun.inspect(target, { depth: 9 })]) expect(text).not.toContain('CANARY');
  });

  test('the model behind a private name says what the deployment takes', () => {
    const of = (baseModel: string) => make({ model: 'azure/my-dep', baseModel });
    expect(of('gpt-5').traits).toMatchObject({ fixedSampling: true, maxCompletionTokens: true });
    expect(of('azure/gpt-4o')).toMatchObject({ model: 'my-dep', traits: { reasoning: 'none' } });
    expect(of('gpt-5-codex').prefer).toBe('responses');
    expect(of('gpt-4o').prefer).toBeUndefined();
    expect(make({ model: 'azure/my-dep', baseModel: 'gpt-5', traits: { fixedSampling: false } }).traits?.fixedSampling).toBe(false);
    expect(make({ model: 'azure/my-dep' }).traits).toBeUndefined();
  });

  test('headers are one whatever their case', () => {
    expect(make({ model: 'groq/x', headers: { 'X-Team': 'a', Authorization: 'Basic b' } }).headers).toEqual({
      'x-team': 'a',
      authorization: 'Basic b',
    });
  });

  test('other settings are kept as they are', () => {
    const deadlines = { timeoutMs: 5 };
    expect(make({ model: 'groq/x', dropParams: true, deadlines, defaults: { temperature: 0 }, prefer: 'responses' })).toMatchObject({
      dropParams: true,
      deadlines,
      defaults: { temperature: 0 },
      prefer: 'responses',
    });
  });

  test.each(['nobody/x', 'llama-3', 'command-r'])('%p means no provider here', (name) => {
    let error: unknown;
    try {
      make(name);
    } catch (cause) {
      error = cause;
    }
    expect(SluiceError.is(error) && error.code).toBe('not_found');
  });
});

describe('createProviders', () => {
  test('finds by id, by other names and by host', () => {
    expect(providers.find('openai')).toBe(openai);
    expect(providers.find('vllm')?.id).toBe('hosted_vllm');
    expect(providers.find('constructor')).toBeUndefined();
    expect(() => providers.get('gorq')).toThrow(/'groq'/);
    expect(providers.findByBaseUrl('https://api.anthropic.com/v1')).toBe(anthropic);
    expect(providers.findByBaseUrl('http://127.0.0.1:8080/v1')).toBeUndefined();
    expect(providers.findByBaseUrl('nonsense')).toBeUndefined();
  });

  test("a provider of one's own takes the place of a built-in one", () => {
    const own = { ...openai, label: 'mine' };
    expect(createProviders([openai, own]).get('openai')).toBe(own);
    expect(createProviders([openai, own]).list).toHaveLength(1);
  });
});

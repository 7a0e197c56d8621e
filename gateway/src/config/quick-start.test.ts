import { describe, expect, test } from 'bun:test';
import { Secret } from 'sluice/kit';
import { findProviders, quickStartSnapshot, singleModelSnapshot, type ProviderFacts } from './quick-start.ts';

const provider = (id: string, facts: Partial<ProviderFacts>): ProviderFacts => ({ id, label: id, keyEnv: [], ...facts });
const table = [
  provider('openai', { keyEnv: ['OPENAI_API_KEY'], baseUrl: 'https://o' }),
  provider('gemini', { keyEnv: ['GEMINI_API_KEY', 'GOOGLE_API_KEY'], baseUrl: 'https://g' }),
  provider('azure', { keyEnv: ['AZURE_API_KEY'], baseUrlEnv: ['AZURE_API_BASE'] }),
  provider('hosted_vllm', { keyEnv: ['HOSTED_VLLM_API_KEY'], keyOptional: true, baseUrlEnv: ['HOSTED_VLLM_API_BASE'] }),
  provider('lm_studio', { keyOptional: true, baseUrl: 'http://localhost:1234/v1', baseUrlEnv: ['LM_STUDIO_API_BASE'] }),
  provider('cloudflare', { keyEnv: ['CF_KEY'], servedWith: [['CF_KEY'], ['CF_ACCOUNT', 'CF_BASE']] }),
  provider('mock', { baseUrl: 'https://mock.invalid' }),
];
const found = (env: Record<string, string>) => findProviders(table, env).map(({ provider, variables }) => [provider.id, ...variables]);

describe('providers in the environment', () => {
  test.each([
    [{}, []],
    [{ OPENAI_API_KEY: '' }, []],
    [{ OPENAI_API_KEY: 'x' }, [['openai', 'OPENAI_API_KEY']]],
    [{ GOOGLE_API_KEY: 'x' }, [['gemini', 'GOOGLE_API_KEY']]],
    [{ AZURE_API_KEY: 'x' }, []],
    [{ AZURE_API_KEY: 'x', AZURE_API_BASE: 'y' }, [['azure', 'AZURE_API_KEY', 'AZURE_API_BASE']]],
    [{ HOSTED_VLLM_API_BASE: 'y' }, [['hosted_vllm', 'HOSTED_VLLM_API_BASE']]],
    [{ CF_KEY: 'x' }, []],
    [{ CF_ACCOUNT: 'y' }, []],
    [{ CF_KEY: 'x', CF_ACCOUNT: 'y' }, [['cloudflare', 'CF_KEY', 'CF_ACCOUNT']]],
    [{ LM_STUDIO_API_BASE: 'y' }, [['lm_studio', 'LM_STUDIO_API_BASE']]],
  ])('%j', (env, expected) => {
    expect(found(env as Record<string, string>)).toEqual(expected as string[][]);
  });
});

describe('quick start', () => {
  test('nothing found: the mock', () => {
    const snapshot = quickStartSnapshot({ providers: [] });
    expect(snapshot.deployments.map(({ modelName, provider, model }) => [modelName, provider, model])).toEqual([['mock/*', 'mock', '*']]);
    expect(snapshot.file).toBeUndefined();
    expect(Object.isFrozen(snapshot.deployments)).toBe(true);
  });
  test('a wildcard each, names without a prefix, the mock', () => {
    const snapshot = quickStartSnapshot(
      { providers: ['openai'], ollama: { url: 'http://127.0.0.1:11434', models: ['llama3.2:latest', 'qwen3:8b'] } },
      { dropParams: true, requestTimeoutMs: 5 },
    );
    expect(snapshot.deployments.map(({ modelName, provider, apiBase }) => [modelName, provider, apiBase])).toEqual([
      ['openai/*', 'openai', undefined],
      ['ollama/*', 'ollama', 'http://127.0.0.1:11434'],
      ['llama3.2:latest', 'ollama', 'http://127.0.0.1:11434'],
      ['qwen3:8b', 'ollama', 'http://127.0.0.1:11434'],
      ['*', undefined, undefined],
      ['mock/*', 'mock', undefined],
    ]);
    expect(snapshot.deployments.every(({ dropParams }) => dropParams)).toBe(true);
    expect(snapshot.router.timeoutMs).toBe(5);
    expect(new Set(snapshot.deployments.map(({ id }) => id)).size).toBe(6);
    expect(snapshot.aliases).toEqual({ 'llama3.2': { model: 'llama3.2:latest', hidden: true } });
  });
});

test('one model: under its name and every other', () => {
  const snapshot = singleModelSnapshot(
    { model: 'ollama/llama3.2', apiBase: 'http://h:1', apiKey: new Secret('k'), defaults: { temperature: 0 } },
    new Set(['ollama']),
  );
  expect(
    snapshot.deployments.map(({ modelName, provider, model, apiBase, defaults }) => [modelName, provider, model, apiBase, defaults]),
  ).toEqual([
    ['ollama/llama3.2', 'ollama', 'llama3.2', 'http://h:1', { temperature: 0 }],
    ['*', 'ollama', 'llama3.2', 'http://h:1', { temperature: 0 }],
  ]);
  expect(singleModelSnapshot({ model: 'gpt', alias: 'mine' }, new Set()).deployments[0]!.modelName).toBe('mine');
});

test('a Redis of the environment is shared over, too', () => {
  const redis = { host: 'r', port: 6379, db: 0, tls: false };
  expect(quickStartSnapshot({ providers: [] }, {}, redis).redis).toEqual(redis);
  expect(singleModelSnapshot({ model: 'm' }, new Set(), {}, redis).redis).toEqual(redis);
  expect(quickStartSnapshot({ providers: [] })).not.toHaveProperty('redis');
});

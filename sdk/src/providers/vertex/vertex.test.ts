import { describe, expect, test } from 'bun:test';
import { Secret, SluiceError, type Endpoint, type Target } from '../../types/index.ts';
import { chooseSpeaks } from '../choose.ts';
import { credentialHeaders } from '../credentials.ts';
import { createProviders } from '../registry.ts';
import { targetOf, type TargetOptions } from '../target.ts';
import { upstreamUrl } from '../url.ts';
import { createVertex } from './index.ts';

const vertex = createVertex({
  fetch: () => Promise.reject(new Error('no network in this test')),
  env: () => ({}),
  readText: () => Promise.reject(new Error('no files in this test')),
});
const place = { vertex_project: 'p1', vertex_location: 'us-east5', vertex_access_token: 'token' };
const target = (model: string, more: Partial<TargetOptions> = {}, env: Record<string, string> = {}): Target =>
  targetOf({ model, provider: 'vertex_ai', options: place, ...more }, { providers: createProviders([vertex]), env });
const url = (
  model: string,
  more: Partial<TargetOptions> = {},
  { stream = false, endpoint }: { stream?: boolean; endpoint?: Endpoint } = {},
) => {
  const made = target(model, more);
  const speaks = endpoint ? made.provider.speaks[endpoint]! : chooseSpeaks(made.provider, made.model, 'openai-chat').speaks;
  return upstreamUrl(made, speaks, stream);
};

const root = 'https://us-east5-aiplatform.googleapis.com';
const inProject = 'projects/p1/locations/us-east5';

describe('addresses of Vertex AI', () => {
  test.each([
    ['gemini-2.5-flash', `v1beta1/${inProject}/publishers/google/models/gemini-2.5-flash:generateContent`],
    ['google/gemini-2.5-flash', `v1beta1/${inProject}/publishers/google/models/gemini-2.5-flash:generateContent`],
    ['publishers/google/models/gemini-2.5-flash', `v1beta1/${inProject}/publishers/google/models/gemini-2.5-flash:generateContent`],
    ['4965075652664360960', `v1beta1/${inProject}/endpoints/4965075652664360960:generateContent`],
    ['gemini/4965075652664360960', `v1beta1/${inProject}/endpoints/4965075652664360960:generateContent`],
    ['claude-sonnet-4-5@20250929', `v1/${inProject}/publishers/anthropic/models/claude-sonnet-4-5@20250929:rawPredict`],
    ['anthropic/claude-opus-4-6', `v1/${inProject}/publishers/anthropic/models/claude-opus-4-6:rawPredict`],
    ['meta/llama-4-scout-17b-16e-instruct-maas', `v1/${inProject}/endpoints/openapi/chat/completions`],
    ['openai/gpt-oss-120b-maas', `v1/${inProject}/endpoints/openapi/chat/completions`],
    ['openai/5464397967697903616', `v1/${inProject}/endpoints/5464397967697903616/chat/completions`],
    ['google/gemma-4-26b-a4b-it-maas', `v1/${inProject}/endpoints/openapi/chat/completions`],
    ['mistral-large-2411@001', `v1/${inProject}/publishers/mistralai/models/mistral-large-2411@001:rawPredict`],
    ['mistralai/codestral-2@001', `v1/${inProject}/publishers/mistralai/models/codestral-2@001:rawPredict`],
    ['jamba-1.5-large@001', `v1/${inProject}/publishers/ai21/models/jamba-1.5-large@001:rawPredict`],
  ])('%p', (model, path) => {
    expect(url(model)).toBe(`${root}/${path}`);
    const streamed = path.replace(':generateContent', ':streamGenerateContent?alt=sse').replace(':rawPredict', ':streamRawPredict');
    expect(url(model, {}, { stream: true })).toBe(`${root}/${streamed}`);
  });

  test.each([
    ['gemini-2.5-flash', 'count-tokens', 'v1beta1', 'publishers/google/models/gemini-2.5-flash:countTokens'],
    ['claude-opus-4-6', 'count-tokens', 'v1', 'publishers/anthropic/models/count-tokens:rawPredict'],
    ['text-embedding-005', 'embeddings', 'v1beta1', 'publishers/google/models/text-embedding-005:predict'],
    ['gemini-embedding-001', 'embeddings', 'v1beta1', 'publishers/google/models/gemini-embedding-001:predict'],
    ['gemini-embedding-2', 'embeddings', 'v1beta1', 'publishers/google/models/gemini-embedding-2:embedContent'],
    ['multimodalembedding@001', 'embeddings', 'v1beta1', 'publishers/google/models/multimodalembedding@001:predict'],
  ] as const)('%p: %s', (model, endpoint, version, path) => {
    expect(url(model, {}, { endpoint })).toBe(`${root}/${version}/${inProject}/${path}`);
  });

  const located = (location: string | undefined, model = 'gemini-2.5-flash') =>
    new URL(url(model, { options: { vertex_project: 'p1', vertex_access_token: 't', ...(location && { vertex_location: location }) } }));
  test.each([
    ['global', 'aiplatform.googleapis.com'],
    ['us', 'aiplatform.us.rep.googleapis.com'],
    ['eu', 'aiplatform.eu.rep.googleapis.com'],
    ['europe-west4', 'europe-west4-aiplatform.googleapis.com'],
  ])('location %p', (location, host) => {
    expect(located(location).host).toBe(host);
    expect(located(location).pathname).toContain(`/locations/${location}/`);
  });

  test('without a location, the one that has the model', () => {
    expect(located(undefined).pathname).toContain('/locations/us-central1/');
    expect(located(undefined, 'gemini-3-pro-preview').pathname).toContain('/locations/global/');
    expect(located(undefined, 'zai-org/glm-5-maas').host).toBe('aiplatform.googleapis.com');
  });

  test.each([
    ['meta/llama-4-maverick-17b-128e-instruct-maas', 'us-east5'],
    ['deepseek-ai/deepseek-v3.1-maas', 'us-west2'],
    ['deepseek-ai/deepseek-v3.2-maas', 'global'],
    ['minimaxai/minimax-m2-maas', 'global'],
    ['kimi-k2-thinking-maas', 'global'],
    ['openai/gpt-oss-120b-maas', 'us-central1'],
  ])('%s is in %s', (model, location) => expect(located(undefined, model).pathname).toContain(`/locations/${location}/`));

  test.each([
    ['llama-3.3-70b-instruct-maas', 'meta/llama-3.3-70b-instruct-maas'],
    ['gpt-oss-20b-maas', 'openai/gpt-oss-20b-maas'],
    ['qwen3-coder-480b-a35b-instruct-maas', 'qwen/qwen3-coder-480b-a35b-instruct-maas'],
    ['glm-4.7-maas', 'zai-org/glm-4.7-maas'],
    ['something-maas', 'something-maas'],
  ])('%s is %s', (short, whole) => expect(target(short).model).toBe(whole));

  test("endpoints of the user's own, by their address", () => {
    const options = { vertex_access_token: 't' };
    const own =
      'https://mg-endpoint-77.us-central1-7.prediction.vertexai.goog/v1/projects/p1/locations/us-central1/endpoints/mg-endpoint-77';
    expect(url('gemma/gemma-3-12b-it', { baseUrl: `${own}:predict`, options })).toBe(`${own}:predict`);
    expect(url('gemma/gemma-3-12b-it', { baseUrl: `${own}:predict`, options }, { stream: true })).toBe(`${own}:predict`);
    expect(url('openai/gemma', { baseUrl: `${own}/chat/completions`, options })).toBe(`${own}/chat/completions`);
    expect(url('openai/77')).toEndWith('/endpoints/77/chat/completions');
    expect(url('bge/77', {}, { endpoint: 'embeddings' })).toBe(`${root}/v1/${inProject}/endpoints/77:predict`);
  });

  test('the ranking API is elsewhere, and asks who pays', async () => {
    const ranker = target('semantic-ranker-default@latest', { options: { vertex_project: 'p1', vertex_access_token: 't' } });
    const at = ranker.provider.url!(ranker, ranker.provider.speaks.rerank!, false);
    expect(at).toBe('https://discoveryengine.googleapis.com/v1/projects/p1/locations/global/rankingConfigs/default_ranking_config:rank');
    const behind = (baseUrl: string) => new URL(url('semantic-ranker-default@latest', { baseUrl }, { endpoint: 'rerank' })).host;
    expect(behind('https://us-central1-aiplatform.googleapis.com')).toBe('discoveryengine.googleapis.com');
    expect(behind('https://proxy.test/google')).toBe('proxy.test');
    expect(await credentialHeaders(ranker, { method: 'POST', url: at, body: '{}' })).toEqual({
      authorization: 'Bearer t',
      'x-goog-user-project': 'p1',
    });
  });

  test('a location cannot lead to another host', () => {
    for (const location of ['evil.test/', 'evil.test#', 'a.b', 'A', 'x@y', '..']) {
      expect(() => located(location)).toThrow('location for Vertex AI');
    }
  });

  test('a name cannot leave its place', () => {
    expect(url('a:b?c#d')).toContain('/models/a%3Ab%3Fc%23d:generateContent');
    expect(() => url('..')).toThrow(SluiceError);
  });

  test('pasted addresses', () => {
    const bases = [
      'https://gateway.test/team',
      'https://gateway.test/team/v1beta1/',
      'https://gateway.test/team/v1beta1/projects/p1/locations/us-east5',
      'https://gateway.test/team/v1beta1/projects/p1/locations/us-east5/publishers/google/models/gemini-2.0:generateContent',
    ];
    for (const baseUrl of bases) {
      expect(url('gemini-2.5-flash', { baseUrl })).toBe(
        `https://gateway.test/team/v1beta1/${inProject}/publishers/google/models/gemini-2.5-flash:generateContent`,
      );
    }
    expect(url('gemini-2.5-flash', { baseUrl: bases[2]!, options: { vertex_access_token: 't' } })).toContain(inProject);
    expect(url('gemini-2.5-flash', { baseUrl: 'https://gateway.test/v1?team=a' }, { stream: true })).toEndWith('?alt=sse&team=a');
    expect(() => url('gemini-2.5-flash', { baseUrl: 'https://u:p@gateway.test' })).toThrow(SluiceError);
  });

  test('a version that is asked for, if it is one of Google', () => {
    expect(url('gemini-2.5-flash', { apiVersion: 'v1' })).toStartWith(`${root}/v1/projects`);
    expect(url('gemini-2.5-flash', { apiVersion: '2024-10-21' })).toStartWith(`${root}/v1beta1/projects`);
  });

  test("the resource's whole name says where it is", () => {
    const options = { vertex_access_token: 't' };
    expect(url('projects/p2/locations/europe-west1/publishers/google/models/gemini-2.5-pro', { options })).toBe(
      'https://europe-west1-aiplatform.googleapis.com/v1beta1/projects/p2/locations/europe-west1/publishers/google/models/gemini-2.5-pro:generateContent',
    );
    expect(url('projects/p2/locations/europe-west1/endpoints/77', { options })).toEndWith(
      '/projects/p2/locations/europe-west1/endpoints/77:generateContent',
    );
  });

  test('an API key alone is express mode, which has models of Google', () => {
    const express = { apiKey: 'key', options: {} };
    expect(url('gemini-2.5-flash', express)).toBe(
      'https://aiplatform.googleapis.com/v1beta1/publishers/google/models/gemini-2.5-flash:generateContent',
    );
    expect(() => url('claude-opus-4-6', express)).toThrow(/vertex_project/);
    // Somebody who names the place wants the data there.
    expect(url('gemini-2.5-flash', { apiKey: 'key', options: place })).toContain(inProject);
  });
});

describe('Claude on Vertex AI', () => {
  const made = target('claude-sonnet-4-5@20250929');
  const { messages, 'count-tokens': count } = made.provider.speaks;

  test('the model is in the address, the version in the body', () => {
    const call = { model: made.model, stream: false, headers: {}, body: {} };
    expect(messages!.dialect!(call)).toEqual({
      members: { model: undefined, anthropic_version: 'vertex-2023-10-16' },
      withoutHeaders: ['anthropic-version'],
    });
    expect(count!.dialect!(call).members).toEqual({ model: 'claude-sonnet-4-5', anthropic_version: 'vertex-2023-10-16' });
  });

  test('clients of all formats are answered by it, and it thinks as it does elsewhere', () => {
    for (const format of ['openai-chat', 'anthropic-messages', 'gemini', 'openai-responses']) {
      expect(chooseSpeaks(made.provider, made.model, format).endpoint).toBe('messages');
    }
    expect(made.provider.traits!(made.model)).toMatchObject({ reasoning: 'budget' });
  });

  test('flags that it answers with a 400 are known (FP-20)', () => {
    const refused = ['effort-2025-11-24', 'prompt-caching-scope-2026-01-05', 'structured-outputs-2025-11-13', 'code-execution-2025-08-25'];
    for (const flag of refused) expect(messages!.takes!.betas).not.toContain(flag);
    expect(messages!.takes!.betas).toContain('web-search-2025-03-05');
    expect(count!.takes!.betas).not.toContain('web-search-2025-03-05');
    expect(messages!.takes!.betaNames).toEqual({ 'advanced-tool-use-2025-11-20': 'tool-search-tool-2025-10-19' });
    expect(Object.values(messages!.takes!.betaNames!).every((each) => messages!.takes!.betas!.includes(each))).toBe(true);
  });
});

test('an own endpoint and versioned names of others name the model as they want it', () => {
  const named = (model: string) => {
    const made = target(model);
    return made.provider.speaks.chat!.dialect!({ model: made.model, stream: false, headers: {}, body: {} }).members['model'];
  };
  expect([named('openai/77'), named('mistral-large-2411@001'), named('jamba-1.5-mini')]).toEqual([
    '',
    'mistral-large-2411',
    'jamba-1.5-mini',
  ]);
});

describe('what is given for a target', () => {
  const request = { method: 'POST', url: 'https://aiplatform.googleapis.com/', body: '{}' };

  test('a key, a token, a token in the place of a key', async () => {
    expect(await credentialHeaders(target('gemini-2.5-flash', { apiKey: 'AIza' }), request)).toEqual({ 'x-goog-api-key': 'AIza' });
    expect(await credentialHeaders(target('gemini-2.5-flash', { apiKey: 'ya29.x' }), request)).toEqual({ authorization: 'Bearer ya29.x' });
    expect(await credentialHeaders(target('gemini-2.5-flash'), request)).toEqual({ authorization: 'Bearer token' });
  });

  test('FP-26: credentials are secrets in whatever form they are given', () => {
    for (const vertex_credentials of ['{"private_key":"CANARY"}', { private_key: 'CANARY' }]) {
      const { options } = target('gemini-2.5-flash', { options: { vertex_credentials } });
      expect(options!['vertex_credentials']).toBeInstanceOf(Secret);
      expect(JSON.stringify(options)).not.toContain('CANARY');
      expect((options!['vertex_credentials'] as Secret).reveal()).toBe('{"private_key":"CANARY"}');
    }
  });

  test('variables that people have set for other clients', () => {
    const env = { GOOGLE_CLOUD_LOCATION: 'europe-west4', VERTEXAI_PROJECT: 'p9', VERTEXAI_CREDENTIALS: '/a.json' };
    const { options } = target('gemini-2.5-flash', { options: {} }, env);
    expect(options).toMatchObject({ vertex_project: 'p9', vertex_location: 'europe-west4' });
  });

  test('one variant of each kind, with one id', () => {
    const { provider } = target('claude-opus-4-6');
    expect(target('claude-sonnet-4-6').provider).toBe(provider);
    expect(target('gemini-2.5-flash').provider).toBe(vertex);
    expect([provider.id, provider.label]).toEqual(['vertex_ai', 'Vertex AI']);
    // A private name is what its base model is.
    expect(target('my-endpoint', { baseModel: 'vertex_ai/claude-opus-4-6' }).provider).toBe(provider);
  });
});

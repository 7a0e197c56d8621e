import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { Secret, type Target } from '../types/index.ts';
import { assemblyai } from './assemblyai/index.ts';
import { providers, realtimeUrl, relayUrl, targetOf } from './index.ts';

type TargetOptions = Parameters<typeof targetOf>[0];

const target = (model: string, more: Partial<TargetOptions> = {}, env: Record<string, string> = {}): Target =>
  targetOf({ model, apiKey: new Secret('k'), ...more }, { providers, env });

describe('a path that a client worded for the vendor', () => {
  test.each([
    ['openai/m', {}, '/v1/files', 'https://api.openai.com/v1/files'],
    ['openai/m', {}, '/files/file-1/content', 'https://api.openai.com/v1/files/file-1/content'],
    ['openai/m', { baseUrl: 'https://proxy.corp/openai/v1' }, '/v1/files', 'https://proxy.corp/openai/v1/files'],
    ['openai/m', { baseUrl: 'https://proxy.corp/llm/v1?tenant=7' }, '/v1/files', 'https://proxy.corp/llm/v1/files?tenant=7'],
    ['anthropic/m', {}, '/v1/messages/batches', 'https://api.anthropic.com/v1/messages/batches'],
    ['gemini/m', {}, '/v1beta/models', 'https://generativelanguage.googleapis.com/v1beta/models'],
    ['gemini/m', {}, '/v1alpha/models/x:predict', 'https://generativelanguage.googleapis.com/v1alpha/models/x:predict'],
    ['gemini/m', {}, '/upload/v1beta/files', 'https://generativelanguage.googleapis.com/upload/v1beta/files'],
    ['gemini/m', {}, '/cachedContents', 'https://generativelanguage.googleapis.com/v1beta/cachedContents'],
    ['groq/m', {}, '/openai/v1/models', 'https://api.groq.com/openai/v1/models'],
    ['groq/m', {}, '/v1/models', 'https://api.groq.com/openai/v1/models'],
    ['openrouter/m', {}, '/api/v1/credits', 'https://openrouter.ai/api/v1/credits'],
    ['openrouter/m', {}, '/credits', 'https://openrouter.ai/api/v1/credits'],
    ['cohere/m', {}, '/v1/tokenize', 'https://api.cohere.com/v1/tokenize'],
    ['mistral/m', {}, '/v1/ocr', 'https://api.mistral.ai/v1/ocr'],
    ['hosted_vllm/m', { baseUrl: 'http://127.0.0.1:8000/v1' }, '/metrics', 'http://127.0.0.1:8000/v1/metrics'],
    [
      'azure/m',
      { baseUrl: 'https://r.openai.azure.com' },
      '/openai/deployments/d/x',
      'https://r.openai.azure.com/openai/deployments/d/x?api-version=2025-04-01-preview',
    ],
    ['azure/m', { baseUrl: 'https://r.openai.azure.com/openai/v1' }, '/openai/v1/files', 'https://r.openai.azure.com/openai/v1/files'],
    ['bedrock/m', {}, '/model/a/invoke', 'https://bedrock-runtime.us-west-2.amazonaws.com/model/a/invoke'],
    [
      'bedrock/m',
      {},
      '/agents/a/agentAliases/b/sessions/c/text',
      'https://bedrock-agent-runtime.us-west-2.amazonaws.com/agents/a/agentAliases/b/sessions/c/text',
    ],
    ['bedrock/m', {}, '/guardrails', 'https://bedrock.us-west-2.amazonaws.com/guardrails'],
    ['bedrock/m', { baseUrl: 'https://vpce.corp' }, '/agents/a', 'https://vpce.corp/agents/a'],
    [
      'vertex_ai/m',
      {},
      '/v1/projects/q/locations/europe-west4/datasets',
      'https://europe-west4-aiplatform.googleapis.com/v1/projects/q/locations/europe-west4/datasets',
    ],
    [
      'vertex_ai/m',
      {},
      '/v1/projects/q/locations/global/cachedContents',
      'https://aiplatform.googleapis.com/v1/projects/q/locations/global/cachedContents',
    ],
    ['vertex_ai/m', {}, '/v1/cachedContents', 'https://us-east5-aiplatform.googleapis.com/v1/projects/p/locations/us-east5/cachedContents'],
    ['vertex_ai/m', {}, '/discovery/v1/projects/q/x', 'https://discoveryengine.googleapis.com/v1/projects/q/x'],
  ] as const)('%s %j %s', (model, more, path, url) => {
    const env = { AWS_REGION_NAME: 'us-west-2', AWS_REGION: 'us-west-2', VERTEXAI_PROJECT: 'p', VERTEXAI_LOCATION: 'us-east5' };
    expect(relayUrl(target(model, more, env), path)).toBe(url);
  });

  test("AssemblyAI's own API stands beside its gateway of models", () => {
    expect(relayUrl({ provider: assemblyai, model: '' }, '/v2/transcript')).toBe('https://api.assemblyai.com/v2/transcript');
    expect(relayUrl({ provider: assemblyai, model: '', baseUrl: 'https://own.example' }, '/v2/x')).toBe('https://own.example/v2/x');
  });

  test.each([
    '',
    'files',
    '//evil.example/v1',
    '/\\evil.example',
    '/v1\\..\\admin',
    '/..',
    '/v1/../admin',
    '/v1/./files',
    '/v1/%2e%2e/admin',
    '/v1/%2E./admin',
    '/v1/..%2fadmin',
    '/v1/x%2f..%2fadmin',
    '/v1/%252e%252e/admin',
    '/v1/..%5cadmin',
    '/v1/a b',
    '/v1/a?b',
    '/v1/a#b',
    '/v1/%zz',
    '/v1/%00',
    '/v1/%0d%0ahost:evil',
    '/v1/\n',
  ])('%j is refused', (path) => {
    for (const model of ['openai/m', 'anthropic/m', 'hosted_vllm/m'])
      expect(() => relayUrl(target(model, { baseUrl: 'https://own.example/x/v1' }), path)).toThrow('none that can be relayed');
    expect(() => relayUrl(target('vertex_ai/m', { options: { vertex_project: 'p', vertex_location: 'eu' } }), path)).toThrow();
  });

  test.each([
    '/@evil.example',
    '/https://evil.example/',
    '/v1/http:%2f%2fevil.example',
    '/:443@evil.example',
    '/v1/a;b',
    '/v1/arn%3Aaws%3Ax%2Fy',
  ])('%s is only a path', (path) => expect(new URL(relayUrl(target('openai/m'), path)).host).toBe('api.openai.com'));

  test('a place of Vertex AI is one, and no host of anybody else', () => {
    for (const location of ['evil.example', 'a@evil', 'a%2eevil', 'x.evil.example%2f', 'A', '..'])
      expect(() =>
        relayUrl(target('vertex_ai/m', { options: { vertex_project: 'p' } }), `/v1/projects/p/locations/${location}/x`),
      ).toThrow();
  });

  test('no path leads to another host, or out of what the base has in front', () => {
    const piece = fc.constantFrom(
      '..',
      '.',
      '%2e',
      '%2f',
      '%5c',
      '\\',
      '/',
      '//',
      '@',
      ':',
      'evil.example',
      'v1',
      'files',
      '?',
      '#',
      '%25',
      ' ',
      'a',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        let url: string;
        try {
          url = relayUrl(target('openai/m', { baseUrl: 'https://own.example/team/v1' }), `/${pieces.join('')}`);
        } catch {
          return;
        }
        const { host, pathname, search, hash } = new URL(url);
        expect([host, pathname.startsWith('/team/'), search, hash]).toEqual(['own.example', true, '', '']);
        expect(decodeURIComponent(pathname).split(/[\\/]/)).not.toContain('..');
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a conversation', () => {
  test.each([
    ['openai/gpt-realtime', {}, 'wss://api.openai.com/v1/realtime?model=gpt-realtime'],
    ['openai/gpt-realtime', { baseUrl: 'http://127.0.0.1:9/v1' }, 'ws://127.0.0.1:9/v1/realtime?model=gpt-realtime'],
    ['xai/grok-voice', {}, 'wss://api.x.ai/v1/realtime?model=grok-voice'],
    ['azure/rt', { baseUrl: 'https://r.openai.azure.com' }, 'wss://r.openai.azure.com/openai/v1/realtime?model=rt'],
    [
      'azure/rt',
      { baseUrl: 'https://r.openai.azure.com', apiVersion: '2024-10-01-preview' },
      'wss://r.openai.azure.com/openai/realtime?api-version=2024-10-01-preview&deployment=rt',
    ],
    [
      'gemini/live',
      {},
      'wss://generativelanguage.googleapis.com/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent',
    ],
    [
      'gemini/live',
      { baseUrl: 'http://127.0.0.1:9/p/v1beta' },
      'ws://127.0.0.1:9/p/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent',
    ],
    [
      'vertex_ai/live',
      { options: { vertex_location: 'europe-west4' } },
      'wss://europe-west4-aiplatform.googleapis.com/ws/google.cloud.aiplatform.v1beta1.LlmBidiService/BidiGenerateContent',
    ],
  ] as const)('%s %j', (model, more, url) => expect(realtimeUrl(target(model, more))).toBe(url));

  test('is not to be had everywhere', () => expect(() => realtimeUrl(target('anthropic/claude'))).toThrow('no realtime API'));
});

describe('a path that a server could read as one that leads out', () => {
  test.each([
    '/..;/admin',
    '/v1/..;a=b/admin',
    '/v1/%2e%2e;x/admin',
    '/v1/..%20/admin',
    '/v1/%252e%252e/admin',
    '/v1/%25252e%25252e/admin',
    '/v1/%2525252525252e/admin',
    '/v1/%EF%BC%8E%EF%BC%8E/admin',
    '/v1/%E2%80%A5/admin',
    '/v1/a%5c..%5cadmin',
    '/v1/a%EF%BC%8F..%EF%BC%8Fadmin',
  ])('%s is refused', (path) => {
    expect(() => relayUrl(target('openai/m'), path)).toThrow('none that can be relayed');
  });

  test.each([
    '/v1/files/a..b',
    '/v1/files/a;b',
    '/v1/files/...',
    '/v1/files/100%25',
    '/v1/files/50%25%20off',
    '/v1/@evil.com/x',
    '/v1/files/%E2%80%A6',
  ])('%s is none', (path) => expect(relayUrl(target('openai/m'), path)).toBe(`https://api.openai.com${path}`));
});

import { describe, expect, test } from 'bun:test';
import { SluiceError, type Provider, type Target } from '../types/index.ts';
import { anthropic } from './anthropic/index.ts';
import { compatible } from './compatible/index.ts';
import { gemini } from './gemini/index.ts';
import { ollama } from './ollama/index.ts';
import { openai } from './openai/index.ts';
import { upstreamUrl } from './url.ts';

const row = (id: string): Provider => [anthropic, gemini, ollama, openai, ...compatible].find((each) => each.id === id)!;
const url = (
  provider: Provider,
  baseUrl: string | undefined,
  { model = 'm', stream = false, endpoint }: { model?: string; stream?: boolean; endpoint?: keyof Provider['speaks'] } = {},
) => {
  const target: Target = { provider, model, ...(baseUrl !== undefined && { baseUrl }) };
  return upstreamUrl(
    target,
    provider.speaks[endpoint ?? (provider.id === 'anthropic' ? 'messages' : provider.id === 'perplexity' ? 'responses' : 'chat')]!,
    stream,
  );
};

describe('upstreamUrl', () => {
  test.each([
    ['openai', undefined, 'https://api.openai.com/v1/chat/completions'],
    ['openai', 'https://eu.api.openai.com', 'https://eu.api.openai.com/v1/chat/completions'],
    ['openai', 'https://proxy.test/v1', 'https://proxy.test/v1/chat/completions'],
    ['openai', ' https://proxy.test/v1/// ', 'https://proxy.test/v1/chat/completions'],
    ['openai', 'https://proxy.test/v1/chat/completions', 'https://proxy.test/v1/chat/completions'],
    ['openai', 'https://proxy.test/v1/responses/', 'https://proxy.test/v1/chat/completions'],
    ['openai', 'http://127.0.0.1:9000/llm?tenant=7', 'http://127.0.0.1:9000/llm/chat/completions?tenant=7'],
    ['anthropic', undefined, 'https://api.anthropic.com/v1/messages'],
    ['anthropic', 'https://proxy.test', 'https://proxy.test/v1/messages'],
    ['anthropic', 'https://proxy.test/v1/', 'https://proxy.test/v1/messages'],
    ['anthropic', 'https://proxy.test/v1/messages', 'https://proxy.test/v1/messages'],
    ['anthropic', 'https://api.deepseek.com/anthropic', 'https://api.deepseek.com/anthropic/v1/messages'],
    ['gemini', undefined, 'https://generativelanguage.googleapis.com/v1beta/models/m:generateContent'],
    ['gemini', 'https://generativelanguage.googleapis.com', 'https://generativelanguage.googleapis.com/v1beta/models/m:generateContent'],
    [
      'gemini',
      'https://generativelanguage.googleapis.com/v1beta/openai/',
      'https://generativelanguage.googleapis.com/v1beta/models/m:generateContent',
    ],
    [
      'gemini',
      'https://proxy.test/v1beta/models/gemini-2.5-pro:streamGenerateContent?alt=sse',
      'https://proxy.test/v1beta/models/m:generateContent?alt=sse',
    ],
    ['ollama', undefined, 'http://127.0.0.1:11434/api/chat'],
    ['ollama', 'http://gpu:11434/v1', 'http://gpu:11434/api/chat'],
    ['ollama', 'http://gpu:11434/api/generate', 'http://gpu:11434/api/chat'],
    ['groq', 'https://api.groq.com', 'https://api.groq.com/openai/v1/chat/completions'],
    ['mistral', 'https://api.mistral.ai', 'https://api.mistral.ai/v1/chat/completions'],
    ['deepseek', undefined, 'https://api.deepseek.com/chat/completions'],
    ['deepseek', 'https://api.deepseek.com/v1', 'https://api.deepseek.com/v1/chat/completions'],
    ['hosted_vllm', 'http://gpu:8000', 'http://gpu:8000/v1/chat/completions'],
    ['custom_openai', 'http://gpu:8000', 'http://gpu:8000/chat/completions'],
    ['perplexity', undefined, 'https://api.perplexity.ai/v1/responses'],
    ['perplexity', 'https://api.perplexity.ai/chat/completions', 'https://api.perplexity.ai/v1/responses'],
  ])('%s at %s', (id, base, expected) => {
    const provider = row(id);
    expect(url(provider, base)).toBe(expected);
    expect(url(provider, expected.split('?')[0])).toBe(expected.split('?')[0]!);
  });

  test('Gemini streams elsewhere, and its keys are never in the URL (FP-26)', () => {
    expect(url(gemini, undefined, { model: 'gemini-2.5-pro', stream: true })).toBe(
      'https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-pro:streamGenerateContent?alt=sse',
    );
    expect(() => url(gemini, 'https://proxy.test/v1beta?key=AIzaCANARY')).toThrow(/api_key/);
  });

  test('what a pasted URL and the path both say is said once', () => {
    const pasted = 'https://proxy.test/v1beta/models/gemini-2.5-pro:streamGenerateContent?alt=sse&tenant=7';
    expect(url(gemini, pasted, { stream: true })).toBe('https://proxy.test/v1beta/models/m:streamGenerateContent?alt=sse&tenant=7');
  });

  test('a model name is one path segment', () => {
    expect(url(gemini, undefined, { model: 'a/b?c#d:e' })).toEndWith('/models/a%2Fb%3Fc%23d%3Ae:generateContent');
    expect(url(gemini, undefined, { model: '\ud800' })).toContain('%EF%BF%BD');
    for (const model of ['', '.', '..']) expect(() => url(gemini, undefined, { model })).toThrow(SluiceError);
  });

  test.each([
    ['ftp://host.test/v1', /https:\/\//],
    ['file:///etc/passwd', /https:\/\//],
    ['localhost:8000/v1', /https:\/\//],
    ['api.host.test/v1', /scheme/],
    ['not a url', /not a URL/],
    ['', /not a URL/],
    ['https://user:CANARY@host.test/v1', /user name or password/],
    ['https://host.test/v1?api_key=CANARY', /key in its query/],
    ['https://host.test/v1#CANARY', /fragment/],
  ])('refuses %p and does not repeat it', (base, why) => {
    let message = '';
    try {
      url(openai, base);
    } catch (error) {
      message = String(error);
      expect(SluiceError.is(error) && error.code).toBe('invalid_request');
    }
    expect(message).toMatch(why);
    expect(message).not.toContain('CANARY');
  });

  test('without an address it says what to set', () => {
    expect(() => url(row('hosted_vllm'), undefined)).toThrow(/HOSTED_VLLM_API_BASE/);
    expect(() => url(row('custom_openai'), undefined)).toThrow(/api_base/);
  });
});

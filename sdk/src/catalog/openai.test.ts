import { describe, expect, test } from 'bun:test';
import { openaiChatEndpoints, openaiTraits } from './openai.ts';

describe('openaiTraits', () => {
  test.each([
    'o1',
    'o3',
    'o3-mini',
    'o4-mini-2025-04-16',
    'gpt-5',
    'gpt-5-mini',
    'gpt-5-nano-2025-08-07',
    'gpt-5.2-pro',
    'gpt-5.3-codex',
    'gpt-6-astra',
  ])('%p reasons: no sampling, max_completion_tokens', (model) => {
    expect(openaiTraits(model)).toEqual({
      origin: 'openai',
      reasoning: 'effort',
      jsonSchema: true,
      fixedSampling: true,
      maxCompletionTokens: true,
    });
  });

  test.each([
    ['gpt-5.1', 'off'],
    ['gpt-5.2', 'off'],
    ['gpt-5.2_2025-12-11', 'off'],
    ['gpt-5.4-mini', 'off'],
    ['gpt-5.5', 'on'],
    ['gpt-5.6-sol', 'on'],
  ] as const)('%p samples freely while it does not reason; unasked, reasoning is %p', (model, thinkingDefault) => {
    const rest = { origin: 'openai', reasoning: 'effort', jsonSchema: true, maxCompletionTokens: true } as const;
    expect(openaiTraits(model)).toEqual({ ...rest, fixedSampling: 'reasoning', thinkingDefault });
  });

  test.each([
    ['gpt-4o', true],
    ['gpt-4o-mini', true],
    ['gpt-4.1-nano', true],
    ['gpt-4o-2024-05-13', false],
    ['gpt-4', false],
    ['gpt-4-turbo', false],
    ['gpt-3.5-turbo', false],
    ['gpt-35-turbo', false],
    ['ft:gpt-4o-mini-2024-07-18:acme::abc', true],
  ])('%p cannot think; a JSON schema: %p', (model, jsonSchema) => {
    expect(openaiTraits(model)).toEqual({ reasoning: 'none', jsonSchema });
  });

  test('models with rules of their own', () => {
    expect(openaiTraits('o1-mini').jsonSchema).toBe(false);
    expect(openaiTraits('gpt-5-chat-latest')).toEqual({ reasoning: 'none', jsonSchema: true, maxCompletionTokens: true });
    expect(openaiTraits('gpt-4o-search-preview').fixedSampling).toBe(true);
  });

  test('nothing is said of names that are not known', () => {
    expect(openaiTraits('my-deployment')).toEqual({});
    expect(openaiTraits('gpt-oss-120b')).toEqual({});
  });
});

describe('openaiChatEndpoints', () => {
  test.each([
    ['o1-pro', ['responses']],
    ['o3-pro-2025-06-10', ['responses']],
    ['o4-mini-deep-research', ['responses']],
    ['gpt-5-pro', ['responses']],
    ['gpt-5-codex', ['responses']],
    ['gpt-5.1-codex-max', ['responses']],
    ['codex-mini-latest', ['responses']],
    ['computer-use-preview', ['responses']],
    ['gpt-3.5-turbo-instruct', ['completions']],
    ['davinci-002', ['completions']],
    ['ft:babbage-002:acme::1', ['completions']],
    ['gpt-4o-audio-preview', ['chat']],
    ['gpt-audio-mini', ['chat']],
    ['gpt-4o-mini-search-preview', ['chat']],
    ['gpt-4o', ['chat', 'responses']],
    ['gpt-5', ['chat', 'responses']],
    ['gpt-5.2', ['chat', 'responses']],
    ['o3', ['chat', 'responses']],
    ['gpt-5.4', ['responses', 'chat']],
    ['gpt-5.6-luna', ['responses', 'chat']],
    ['gpt-6-astra', ['responses', 'chat']],
    ['llama-3', undefined],
    ['gpt-oss-20b', undefined],
  ] as const)('%p is served by %p', (model, endpoints) => {
    expect(openaiChatEndpoints(model)).toEqual(endpoints as never);
  });
});

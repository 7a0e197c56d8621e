import { describe, expect, test } from 'bun:test';
import { SluiceError } from '../types/index.ts';
import { nameRules, providerOfName } from './names.ts';
import { splitModel, type SplitOptions } from './split-model.ts';

const known: Record<string, ReturnType<SplitOptions['findProvider']>> = {
  openai: { id: 'openai', endpoints: ['chat', 'responses'] },
  groq: { id: 'groq', endpoints: ['chat'] },
  openrouter: { id: 'openrouter', endpoints: ['chat'] },
  'text-completion-openai': { id: 'openai', prefer: 'completions', endpoints: ['chat', 'completions'] },
};
const options: SplitOptions = { findProvider: (prefix) => known[prefix], prefixes: Object.keys(known) };
const failure = (name: string, more: Partial<SplitOptions> = {}): SluiceError => {
  try {
    splitModel(name, { ...options, ...more });
  } catch (error) {
    if (SluiceError.is(error)) return error;
  }
  throw new Error('did not throw');
};

describe('splitModel', () => {
  test.each([
    ['groq/llama-3.3-70b', { provider: 'groq', model: 'llama-3.3-70b' }],
    ['groq/openai/gpt-oss-120b', { provider: 'groq', model: 'openai/gpt-oss-120b' }],
    ['openrouter/anthropic/claude-sonnet-4.5', { provider: 'openrouter', model: 'anthropic/claude-sonnet-4.5' }],
    ['openai/responses/gpt-5', { provider: 'openai', model: 'gpt-5', prefer: 'responses' }],
    ['groq/responses/x', { provider: 'groq', model: 'responses/x' }],
    ['text-completion-openai/davinci-002', { provider: 'openai', model: 'davinci-002', prefer: 'completions' }],
    ['gpt-4o', { provider: 'openai', model: 'gpt-4o' }],
    ['ft:gpt-4o-mini-2024-07-18:acme::x', { provider: 'openai', model: 'ft:gpt-4o-mini-2024-07-18:acme::x' }],
  ])('%p', (name, expected) => {
    expect(splitModel(name, options)).toEqual(expected as never);
  });

  test('the provider may be said elsewhere', () => {
    expect(splitModel('my-model', { ...options, provider: 'groq' })).toEqual({ provider: 'groq', model: 'my-model' });
    expect(splitModel('groq/my-model', { ...options, provider: 'groq' })).toEqual({ provider: 'groq', model: 'my-model' });
    expect(failure('x', { provider: 'gorq' }).message).toContain("'groq'");
  });

  test('an unknown bare name is answered with the nearest', () => {
    const error = failure('gpt4o-mni');
    expect(error.code).toBe('not_found');
    expect(error.param).toBe('model');
    expect(error.message).toContain("'gpt-4o-mini'");
    expect(failure('claud-sonnet-4-6').message).toContain("'claude-sonnet-4-6'");
  });

  test('an unknown prefix is answered with the nearest provider', () => {
    expect(failure('gorq/llama-3.3-70b').message).toContain("'groq/llama-3.3-70b'");
    expect(failure('meta-llama/llama-3').code).toBe('not_found');
  });

  test('a name that ends after the provider says so, and a huge one is not echoed whole', () => {
    expect(failure('groq/').message).toContain("'groq/'");
    expect(failure('x'.repeat(1_000_000)).message.length).toBeLessThan(500);
  });
});

describe('providerOfName', () => {
  test.each([
    ['gpt-4o', 'openai'],
    ['o3', 'openai'],
    ['o4-mini', 'openai'],
    ['chatgpt-4o-latest', 'openai'],
    ['text-embedding-3-small', 'openai'],
    ['text-embedding-004', 'gemini'],
    ['claude-3-5-sonnet-20241022', 'anthropic'],
    ['gemini-2.5-pro', 'gemini'],
    ['deepseek-chat', 'deepseek'],
    ['mistral-large-latest', 'mistral'],
    ['open-mixtral-8x7b', 'mistral'],
    ['grok-4', 'xai'],
    ['command-r-plus', 'cohere'],
    ['sonar-pro', 'perplexity'],
  ])('%p is of %p', (name, provider) => {
    expect(providerOfName(name)).toBe(provider);
  });

  test.each(['gpt-oss-120b', 'llama-3.3-70b', 'deepseek-r1-distill-llama-70b', 'qwen3', 'opus', ''])("%p is nobody's alone", (name) => {
    expect(providerOfName(name)).toBeUndefined();
  });

  test('the table is sorted, sourced, and its own examples match', () => {
    expect(nameRules.map(({ provider }) => provider)).toEqual(nameRules.map(({ provider }) => provider).sort());
    for (const { provider, pattern, names, source } of nameRules) {
      expect(source).toMatch(/^https:\/\/\S+, \d{4}-\d{2}-\d{2}$/);
      expect(pattern.global || pattern.sticky).toBe(false);
      for (const name of names) expect([name, providerOfName(name)]).toEqual([name, provider]);
    }
  });
});

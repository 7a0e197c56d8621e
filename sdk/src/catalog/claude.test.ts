import { describe, expect, test } from 'bun:test';
import { claudeTraits, parseClaude } from './claude.ts';

describe('parseClaude', () => {
  test.each([
    ['claude-opus-4-6', 'opus', 406],
    ['claude-opus-4-20250514', 'opus', 400],
    ['claude-sonnet-4-5-20250929', 'sonnet', 405],
    ['claude-3-5-sonnet-20241022', 'sonnet', 305],
    ['claude-3-7-sonnet-latest', 'sonnet', 307],
    ['claude-3-opus-20240229', 'opus', 300],
    ['claude-haiku-4.5', 'haiku', 405],
    ['anthropic/claude-opus-5-5', 'opus', 505],
    ['us.anthropic.claude-haiku-4-5-20251001-v1:0', 'haiku', 405],
    ['claude-haiku-4-5@20251001', 'haiku', 405],
    ['claude-fable-5', 'fable', 500],
    ['claude-mythos-preview', 'mythos', 407],
    ['claude-2.1', undefined, 201],
    ['claude-instant-1.2', 'instant', 102],
  ] as const)('%p', (model, family, version) => {
    expect(parseClaude(model)).toEqual({ family, version });
  });

  test('other names are not Claude', () => {
    expect(parseClaude('gpt-4o')).toBeUndefined();
    expect(claudeTraits('my-proxy-model')).toEqual({});
  });
});

describe('claudeTraits', () => {
  test('the first generations cannot think', () => {
    expect(claudeTraits('claude-3-haiku-20240307')).toEqual({
      origin: 'anthropic',
      maxOutputTokens: 4096,
      reasoning: 'none',
      prefill: true,
      jsonSchema: false,
    });
    expect(claudeTraits('claude-3-5-haiku-latest').maxOutputTokens).toBe(8192);
  });

  test('3.7 to 4.5 think within a budget', () => {
    expect(claudeTraits('claude-3-7-sonnet-20250219')).toMatchObject({
      reasoning: 'budget',
      thinkingDefault: 'off',
      maxOutputTokens: 64_000,
    });
    expect(claudeTraits('claude-opus-4-1-20250805')).toMatchObject({ reasoning: 'budget', maxOutputTokens: 32_000, jsonSchema: false });
    expect(claudeTraits('claude-haiku-4-5')).toMatchObject({ reasoning: 'budget', maxOutputTokens: 64_000, jsonSchema: true });
  });

  test('4.6 decides itself and still takes a temperature', () => {
    const traits = claudeTraits('claude-sonnet-4-6');
    expect(traits).toMatchObject({ reasoning: 'adaptive', maxOutputTokens: 128_000, jsonSchema: true, thinkingDefault: 'off' });
    expect(traits.fixedSampling).toBeUndefined();
  });

  test('from 4.7 on sampling is fixed, from 4.8 on system messages may stand anywhere', () => {
    expect(claudeTraits('claude-opus-4-7')).toMatchObject({ fixedSampling: true, thinkingDefault: 'off' });
    expect(claudeTraits('claude-opus-4-7').systemAnywhere).toBeUndefined();
    expect(claudeTraits('claude-opus-4-8').systemAnywhere).toBe(true);
  });

  test.each([
    ['claude-opus-5', 'on'],
    ['claude-sonnet-5', 'on'],
    ['claude-haiku-5-5', 'on'],
    ['claude-opus-5-5', 'always'],
    ['claude-sonnet-5-5', 'always'],
    ['claude-fable-5-2', 'always'],
    ['claude-mythos-preview', 'always'],
  ] as const)('%p thinks %p', (model, thinkingDefault) => {
    expect(claudeTraits(model)).toMatchObject({ thinkingDefault, fixedSampling: true, reasoning: 'adaptive', maxOutputTokens: 128_000 });
  });

  test('a model of a known line that is not out yet is taken for the newest', () => {
    expect(claudeTraits('claude-opus-6')).toEqual(claudeTraits('claude-opus-5-5'));
  });
});

import { expect, test } from 'bun:test';
import { geminiTraits } from './gemini.ts';

test.each([
  ['gemini-1.5-pro', 'none', 8192],
  ['gemini-2.0-flash-001', 'none', 8192],
  ['gemini-2.5-flash', 'budget', 65_536],
  ['gemini-2.5-pro-preview-03-25', 'budget', 65_536],
  ['gemini-2.5-flash-image', 'none', 65_536],
  ['gemini-2.5-flash-preview-tts', 'none', 65_536],
  ['gemini-3-pro-preview', 'level', 65_536],
  ['gemini-3-pro-image-preview', 'level', 65_536],
  ['gemini-3.6-flash', 'level', 65_536],
  ['gemini-flash-latest', 'level', 65_536],
] as const)('%p: reasoning by %p, at most %p tokens', (model, reasoning, maxOutputTokens) => {
  expect(geminiTraits(model)).toEqual({ reasoning, jsonSchema: true, maxOutputTokens });
});

test('Gemma has no schemas; unknown names have no traits', () => {
  expect(geminiTraits('gemma-3-27b-it')).toMatchObject({ jsonSchema: false, reasoning: 'none' });
  expect(geminiTraits('gemini-embedding-001')).toEqual({});
  expect(geminiTraits('my-tuned-model')).toEqual({});
});

import { describe, expect, test } from 'bun:test';
import { readFinishReason, writeFinishReason } from './openai-finish.ts';

describe('finish reasons', () => {
  test('none is none', () => {
    for (const nothing of [undefined, null, '']) expect(readFinishReason(nothing)).toBeUndefined();
  });

  test("OpenAI's own words come back the same", () => {
    for (const word of ['stop', 'length', 'tool_calls', 'content_filter']) expect(writeFinishReason(readFinishReason(word)!)).toBe(word);
  });

  test('an answer that broke off is not called complete', () => {
    expect(writeFinishReason('error')).toBe('length');
    expect(writeFinishReason('context-window')).toBe('length');
    expect(writeFinishReason('refusal')).toBe('content_filter');
  });
});

import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { estimateInput } from './estimate-input.ts';

const words = 'word '.repeat(800);

describe('estimateInput', () => {
  test.each<[string, Record<string, unknown>]>([
    ['chat', { messages: [{ role: 'user', content: words }] }],
    ['Responses', { input: words }],
    ['Responses, as items', { instructions: '', input: [{ role: 'user', content: [{ type: 'input_text', text: words }] }] }],
    ['Anthropic', { system: [{ type: 'text', text: words }], messages: [] }],
    ['Gemini', { contents: [{ role: 'user', parts: [{ text: words }] }] }],
    ['Bedrock', { messages: [{ role: 'user', content: [{ text: words }] }] }],
    ['Ollama', { prompt: words }],
    ['embeddings', { input: [words] }],
    ['a query and documents', { query: 'x', documents: [words] }],
  ])('%s: about 1000 tokens', (_, body) => {
    expect(estimateInput(body, 0)).toBeWithin(1000, 1020);
  });

  test('what is not the prompt does not count', () => {
    expect(estimateInput({ model: words, metadata: { a: words }, stop: [words], user: words }, 0)).toBe(0);
  });

  test('schemas of tools count, with their names', () => {
    const tools = [
      { type: 'function', function: { name: 'f', parameters: { properties: { [`p${'x'.repeat(399)}`]: { type: 'string' } } } } },
    ];
    expect(estimateInput({ tools }, 0)).toBeGreaterThan(100);
  });

  test.each<[string, unknown]>([
    ['chat', { type: 'image_url', image_url: { url: 'data:image/png;base64,DATA' } }],
    ['chat: a file', { type: 'file', file: { file_data: 'data:application/pdf;base64,DATA' } }],
    ['chat: sound', { type: 'input_audio', input_audio: { data: 'DATA', format: 'wav' } }],
    ['Responses', { type: 'input_image', image_url: 'data:image/png;base64,DATA' }],
    ['Anthropic', { type: 'image', source: { type: 'base64', data: 'DATA' } }],
    ['Anthropic: what was thought', { type: 'thinking', thinking: '', signature: 'DATA' }],
    ['Bedrock', { image: { format: 'png', source: { bytes: 'DATA' } } }],
  ])('base64 is no text: %s', (_, part) => {
    const text = JSON.stringify({ messages: [{ role: 'user', content: [part] }] }).replace('DATA', 'A'.repeat(1_000_000));
    expect(estimateInput(JSON.parse(text) as Record<string, unknown>, 1)).toBeWithin(1500, 1520);
  });

  test("nor are Gemini's and Ollama's", () => {
    const data = 'A'.repeat(100_000);
    expect(estimateInput({ contents: [{ parts: [{ inlineData: { mimeType: 'image/png', data } }] }] }, 0)).toBeLessThan(20);
    expect(estimateInput({ messages: [{ role: 'user', content: 'x', images: [data] }] }, 0)).toBeLessThan(20);
  });

  test('any JSON has a count, however deep', () => {
    let deep: unknown = 'x';
    for (let level = 0; level < 10_000; level++) deep = [deep];
    expect(estimateInput({ messages: deep }, 0)).toBe(0);
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const tokens = estimateInput({ messages: value, tools: value }, 0);
        expect(Number.isSafeInteger(tokens) && tokens >= 0).toBe(true);
      }),
    );
  });
});

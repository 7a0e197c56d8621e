import { expect, test } from 'bun:test';
import { thrown } from './fixtures/context.ts';
import { gemini } from './index.ts';

const { toWire, respond, fromWire } = gemini.countTokens!;

test('the whole request is counted, with its model', () => {
  const body = { contents: [], systemInstruction: { parts: [] } };
  expect(toWire(body, { model: 'gemini-x', quirks: {} })).toEqual({ generateContentRequest: { ...body, model: 'models/gemini-x' } });
  expect(
    toWire({ generateContentRequest: { ...body, model: 'models/alias' }, model: 'gemini-x' }, { model: 'gemini-x', quirks: {} }),
  ).toEqual({
    generateContentRequest: { ...body, model: 'models/gemini-x' },
  });
});

test('Vertex AI takes the members by themselves, and no others', () => {
  const counted = { contents: [], systemInstruction: { parts: [] }, tools: [{ googleSearch: {} }], generationConfig: {} };
  const more = { safetySettings: [], toolConfig: {}, model: 'models/x' };
  const vertex = { model: 'gemini-x', quirks: { plainCount: true } };
  expect(toWire({ ...counted, ...more }, vertex)).toEqual(counted);
  expect(toWire({ generate_content_request: { contents: [], system_instruction: { parts: [] }, ...more } }, vertex)).toEqual({
    contents: [],
    systemInstruction: { parts: [] },
  });
});

test('answers', () => {
  expect(respond(7)).toEqual({ totalTokens: 7 });
  expect(fromWire({ totalTokens: 8, promptTokensDetails: [] })).toBe(8);
  expect(thrown(() => fromWire({})).code).toBe('invalid_response');
});

test('the protocol cannot be changed', () => {
  expect(Object.isFrozen(gemini)).toBe(true);
});

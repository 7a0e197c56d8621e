import { describe, expect, test } from 'bun:test';
import { imageTokens } from './image-tokens.ts';

describe('tokens of a picture', () => {
  const of = (quality?: string, size?: string, { model = 'gpt-image-2', partials = 0 } = {}) =>
    imageTokens(model, { quality, size, partials });

  test('are what OpenAI bills, or more: gpt-image-2 and those before it', () => {
    // Square: the newer model has more. Upright: the older ones have.
    expect(of('high', '1024x1024')).toBe(7024);
    expect(of('high', '1024x1536')).toBe(6240);
    expect(of('high', '3840x2160')).toBe(13_342);
    expect(of('high', '2160x3840')).toBe(13_342);
    expect(of('medium', '1024x1024')).toBe(1756);
    expect(of('low', '1024x1024')).toBe(408);
  });
  test('without a size, or with one that the model chooses, those of the largest square', () => {
    expect([of('low'), of('medium'), of('high'), of('high', 'auto'), of('high', '2880x2880')]).toEqual([659, 5930, 23_719, 23_719, 23_719]);
    expect(of('low', '0x0')).toBe(659);
    expect(of('low', '99999x99999')).toBe(659);
  });
  test('without a quality, or with one that is not known, those of the best', () => {
    for (const quality of [undefined, 'auto', 'hd', 'xhigh', 'max', 'constructor', '__proto__']) expect(of(quality)).toBe(23_719);
  });
  test('each partial image is 100 more, and there are three at most', () => {
    expect([1, 3, 1000].map((partials) => of('low', '1024x1024', { partials }))).toEqual([508, 708, 708]);
  });
  test("others do not go by OpenAI's qualities", () => {
    expect(of('low', '1024x1024', { model: 'gemini-3-pro-image' })).toBe(4096);
    expect(of('high', '1024x1024', { model: 'gemini-3-pro-image' })).toBe(7024);
    expect(of('low', '1024x1024', { model: 'openai/gpt-image-1.5' })).toBe(408);
  });
});

import { describe, expect, test } from 'bun:test';
import { fakeWire } from '../../../../test/kit/fake-wire.ts';
import { somePng, somePngBase64 } from '../../../../test/kit/run-adapter.ts';
import { imagesResult, isHostOf, summed } from './result.ts';
import { exactShape, shapeOf, sizeOf } from './size.ts';
import { oneImage, readWish } from './wish.ts';

const wishOf = (more: object, takes: Parameters<typeof readWish>[2] = []) =>
  readWish({ model: 'm', prompt: 'p', ...more }, fakeWire([]).wire, takes);

describe('what is asked for', () => {
  test('sizes', () => {
    expect(sizeOf('1024x768')).toEqual({ width: 1024, height: 768 });
    expect(sizeOf('auto')).toBeUndefined();
    for (const odd of ['big', '0x1', '1024', '1x2x3', 7]) expect(() => sizeOf(odd)).toThrow(/size/);
    expect(exactShape({ width: 1792, height: 1024 })).toBe('7:4');
  });

  test('the nearest shape stands for a size, and says so', () => {
    const { wire, dropped } = fakeWire([]);
    expect(shapeOf({ width: 1792, height: 1024 }, ['1:1', '16:9', '3:2'], wire)).toBe('16:9');
    expect(shapeOf({ width: 512, height: 768 }, ['1:1', '2:3', '3:4'], wire)).toBe('2:3');
    expect(shapeOf(undefined, ['1:1'], wire)).toBeUndefined();
    expect(dropped.map(({ what }) => what)).toEqual(['size', 'size']);
  });

  test('members that a vendor cannot be told are refused by name, where they ask for something', () => {
    expect(() => wishOf({ quality: 'high' })).toThrow('no quality');
    expect(wishOf({ quality: 'auto', background: 'auto', style: null })).toEqual({ prompt: 'p', n: 1, images: [], others: {} });
    expect(wishOf({ quality: 'high', output_format: 'jpg' }, ['quality', 'output_format'])).toMatchObject({
      quality: 'high',
      outputFormat: 'jpeg',
    });
    expect(wishOf({ seed: 7, user: 'u' }).others).toEqual({ seed: 7 });
  });

  test.each([0, 11, 1.5, '2'])('n: %p', (n) => expect(() => wishOf({ n })).toThrow("'n'"));

  test('one image where several came is named', () => {
    const { wire, lacking } = fakeWire([], { dropParams: true });
    expect(oneImage({ prompt: '', n: 1, others: {}, images: [somePng, somePng] }, wire)).toBe(somePng);
    expect(lacking).toEqual(['image']);
    expect(() => oneImage({ prompt: '', n: 1, others: {}, images: [] }, wire)).toThrow("'image' is missing.");
  });
});

describe('what is given', () => {
  const wish = { prompt: 'p', n: 1, images: [], others: {} } as const;
  const bytes = { bytes: [new TextEncoder().encode('PNG')], headers: { 'content-type': 'image/png' } };

  test('a link stays one, unless its bytes were asked for', async () => {
    const made = [{ url: 'https://v3.cdn.test/a.png' }];
    const cdn = ['*.cdn.test'];
    const link = await imagesResult(made, { wish, cdn }, fakeWire([]).wire);
    expect(link).toEqual({
      body: { created: 1_700_000_000, data: [{ url: 'https://v3.cdn.test/a.png' }] },
      usage: { inputTokens: 0, outputTokens: 0, units: { images: 1 } },
    });
    const fake = fakeWire([bytes]);
    const inline = await imagesResult(made, { wish: { ...wish, responseFormat: 'b64_json' }, cdn }, fake.wire);
    expect(inline.body.data).toEqual([{ b64_json: somePngBase64 }]);
    expect(fake.calls).toEqual([{ url: 'https://v3.cdn.test/a.png' }]);
  });

  test.each(['https://169.254.169.254/latest', 'http://v3.cdn.test/a.png', 'https://cdn.test.evil.test/a', 'https://cdn.test/a'])(
    'a link to another host is not followed: %s',
    async (url) => {
      const fake = fakeWire([]);
      const result = await imagesResult([{ url }], { wish: { ...wish, responseFormat: 'b64_json' }, cdn: ['*.cdn.test'] }, fake.wire);
      expect(result.body.data).toEqual([{ url }]);
      expect([fake.calls.length, fake.dropped.map(({ what }) => what)]).toEqual([0, ['response_format']]);
    },
  );

  test('a data URL is what it holds; bytes where a link was asked for are noted', async () => {
    const fake = fakeWire([]);
    const result = await imagesResult([{ url: 'data:image/png;base64,UE5H' }], { wish: { ...wish, responseFormat: 'url' } }, fake.wire);
    expect(result.body.data).toEqual([{ b64_json: 'UE5H' }]);
    expect(fake.dropped.map(({ what }) => what)).toEqual(['response_format']);
  });

  test('tokens are told as OpenAI tells them, and units for their price', async () => {
    const usage = summed([
      { inputTokens: 3, inputImageTokens: 5, outputTokens: 1, outputImageTokens: 100 },
      { inputTokens: 2, outputTokens: 0 },
      undefined,
    ]);
    const priced = { ...wish, size: { width: 1024, height: 1536 }, quality: 'high' };
    const result = await imagesResult([{ base64: 'AA==' }], { wish: priced, usage }, fakeWire([]).wire);
    expect(result.body['usage']).toEqual({
      input_tokens: 10,
      input_tokens_details: { text_tokens: 5, image_tokens: 5 },
      output_tokens: 101,
      total_tokens: 111,
    });
    expect(result.usage).toMatchObject({ outputImageTokens: 100, units: { images: 1, imageSize: '1024x1536', imageQuality: 'high' } });
  });

  test('nothing is no answer', async () => {
    await expect(imagesResult([], { wish }, fakeWire([]).wire)).rejects.toMatchObject({ code: 'invalid_response' });
    expect(isHostOf('not a url', ['*'])).toBe(false);
  });
});

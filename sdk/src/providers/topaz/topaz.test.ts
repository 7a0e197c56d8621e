import { expect, test } from 'bun:test';
import { runAdapter, somePng, somePngBase64 } from '../../../../test/kit/run-adapter.ts';
import { topaz } from './index.ts';

const sharpen = (type: string, more: object = {}) =>
  runAdapter(
    topaz,
    'image-variation',
    { image: somePng, ...more },
    [{ bytes: [new TextEncoder().encode('PNG')], headers: { 'content-type': type } }],
    {
      model: 'Standard V2',
    },
  );

test('an image is sent and a sharper one comes back', async () => {
  const { result, fake } = await sharpen('image/png', { size: '2048x1024', face_enhancement: true });
  expect(fake.calls).toEqual([
    {
      url: '/image/v1/enhance',
      form: [
        ['image', somePng],
        ['model', 'Standard V2'],
        ['output_width', '2048'],
        ['output_height', '1024'],
        ['face_enhancement', 'true'],
      ],
    },
  ]);
  expect(result.body.data).toEqual([{ b64_json: somePngBase64 }]);
  expect(result.usage?.units).toEqual({ images: 1, imageSize: '2048x1024' });
});

test('a page instead of an image is no answer', async () => {
  await expect(sharpen('text/html')).rejects.toMatchObject({ code: 'invalid_response' });
});

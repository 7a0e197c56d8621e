import { expect, test } from 'bun:test';
import type { MediaFile } from 'sluice/kit';
import { filesFromData } from './data-files.ts';
import { cpuMs } from '../../../../test/kit/cpu.ts';

test('a data URL is a file', async () => {
  const { image } = filesFromData({ image: 'data:image/png;x=1;base64,QUJD' }, 'image-edit') as { image: MediaFile[] };
  expect(image).toMatchObject([{ name: 'image.png', type: 'image/png' }]);
  expect(await image[0]!.bytes.text()).toBe('ABC');
});

test.each<[string, string]>([
  ['another URL', 'http://169.254.169.254/'],
  ['a path', 'file:///etc/passwd'],
  ['parameters without end', `data:a/b${';a'.repeat(2_000_000)}`],
  ['a type without end', `data:a/${'b'.repeat(4_000_000)}`],
])('%s is none, and that costs nothing', (_, image) => {
  const begun = cpuMs();
  expect(() => filesFromData({ image }, 'image-edit')).toThrow('must be a file');
  // Looked through to its end, the longest took more than half a second.
  expect(cpuMs() - begun).toBeLessThan(100);
});

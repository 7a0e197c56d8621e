import { describe, expect, test } from 'bun:test';
import { parseDataUrl, toDataUrl } from './data-url.ts';

describe('data URLs', () => {
  test('are read and written back byte for byte', () => {
    const url = 'data:image/png;base64,iVBORw0KGgo=';
    expect(parseDataUrl(url)).toEqual({ mediaType: 'image/png', data: 'iVBORw0KGgo=' });
    expect(toDataUrl(parseDataUrl(url)!)).toBe(url);
  });

  test('what could not be written back is left as a URL', () => {
    for (const url of [
      'https://a.test/x.png',
      'data:,hi',
      'data:text/plain;charset=utf-8;base64,aGk=',
      'data:image/png,abc',
      'data:;base64,aGk=',
    ]) {
      expect(parseDataUrl(url)).toBeUndefined();
    }
  });
});

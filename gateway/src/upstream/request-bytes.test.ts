import { describe, expect, test } from 'bun:test';
import { SluiceError } from 'sluice/kit';
import { createPlaces } from './origin.ts';
import { requestBytes } from './request-bytes.ts';

const placeOf = createPlaces({});
const post = (headers: Record<string, string>, body?: string | Uint8Array<ArrayBuffer>): string =>
  requestBytes(
    { method: 'POST', url: '', headers, ...(body !== undefined && { body }) },
    placeOf('https://api.example.com/v1/chat?a=1'),
  ).toString();

describe('a request on the wire', () => {
  test('is a head with what the caller said and what the client decides', () => {
    expect(post({ 'Content-Type': 'application/json', Authorization: 'Bearer k' }, '{"é":1}')).toBe(
      'POST /v1/chat?a=1 HTTP/1.1\r\nhost: api.example.com\r\ncontent-type: application/json\r\nauthorization: Bearer k\r\n' +
        'user-agent: sluice\r\naccept-encoding: identity\r\ncontent-length: 8\r\n\r\n{"é":1}',
    );
  });

  test("headers of one connection, and those that would contradict the body, are not the caller's", () => {
    const text = post(
      {
        Host: 'evil',
        'Content-Length': '1',
        'Transfer-Encoding': 'chunked',
        Connection: 'close',
        Expect: '100-continue',
        'Accept-Encoding': 'br',
        'User-Agent': 'me',
      },
      'ab',
    );
    expect(text).toBe(
      'POST /v1/chat?a=1 HTTP/1.1\r\nhost: api.example.com\r\nuser-agent: me\r\naccept-encoding: identity\r\ncontent-length: 2\r\n\r\nab',
    );
  });

  test('large texts and bytes are the same on the wire', () => {
    const body = 'ü'.repeat(40_000);
    const large = post({}, body);
    expect(large).toContain('\r\ncontent-length: 80000\r\n\r\nüü');
    expect(large.endsWith('ü')).toBe(true);
    expect(post({}, new TextEncoder().encode(body))).toBe(large);
    expect(post({})).toContain('content-length: 0\r\n\r\n');
    expect(requestBytes({ method: 'GET', url: '', headers: {} }, placeOf('http://localhost:8080/')).toString()).toBe(
      'GET / HTTP/1.1\r\nhost: localhost:8080\r\nuser-agent: sluice\r\naccept-encoding: identity\r\n\r\n',
    );
  });

  test.each([['a\r\nx-evil: 1'], ['a\nb'], ['a\0b'], ['a\r']])('a value that would break out is refused: %j', (value) => {
    expect(() => post({ 'x-header': value }, '')).toThrow(SluiceError);
  });

  test.each([['bad name'], ['x:'], ['x\r\ny'], ['']])('a name that is none is refused: %j', (name) => {
    expect(() => post({ [name]: '1' }, '')).toThrow(SluiceError);
  });

  test('an address that is none is refused, and not repeated', () => {
    for (const url of ['ftp://x/', 'nonsense', 'http://', 'https://user name@/']) {
      expect(() => placeOf(url)).toThrow('The address of the provider is no http or https URL.');
    }
  });
});

import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { keepAliveMs, readHead, type ResponseHead } from './head.ts';

const read = (text: string): ResponseHead | string | undefined => readHead(Buffer.from(text, 'latin1'));
const head = (text: string): ResponseHead => {
  const result = read(text);
  if (typeof result !== 'object') throw new Error(`no head: ${result}`);
  return result;
};

describe('the head of an answer', () => {
  test('status, headers and where the body begins', () => {
    const text = 'HTTP/1.1 429 Too Many Requests\r\nContent-Type: application/json\r\nContent-Length: 2\r\nRetry-After:  7 \r\n\r\n';
    const { status, headers, framing, keepAlive, bodyAt } = head(`${text}{}`);
    expect({ status, framing, keepAlive, bodyAt }).toEqual({
      status: 429,
      framing: { kind: 'length', bytes: 2 },
      keepAlive: true,
      bodyAt: text.length,
    });
    expect(headers.get('content-type')).toBe('application/json');
    expect(headers.get('RETRY-AFTER')).toBe('7');
  });

  const framings: [string, string, ResponseHead['framing'], boolean][] = [
    ['a length', 'HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n', { kind: 'length', bytes: 12 }, true],
    ['the same length twice', 'HTTP/1.1 200 OK\r\nContent-Length: 12\r\nContent-Length: 12\r\n\r\n', { kind: 'length', bytes: 12 }, true],
    ['length zero', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', { kind: 'none' }, true],
    ['chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n', { kind: 'chunked' }, true],
    [
      'both: chunks win, and the connection ends',
      'HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n',
      { kind: 'chunked' },
      false,
    ],
    ['neither: to the end of the connection', 'HTTP/1.1 200 OK\r\n\r\n', { kind: 'close' }, false],
    ['204 has none', 'HTTP/1.1 204 No Content\r\n\r\n', { kind: 'none' }, true],
    ['304 has none, whatever its length says', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n', { kind: 'none' }, true],
    ['connection: close', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: Close\r\n\r\n', { kind: 'length', bytes: 1 }, false],
    ['HTTP/1.0', 'HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\n', { kind: 'length', bytes: 1 }, false],
    ['HTTP/1.0 keep-alive', 'HTTP/1.0 200 OK\r\nContent-Length: 1\r\nConnection: keep-alive\r\n\r\n', { kind: 'length', bytes: 1 }, true],
    ['no reason phrase', 'HTTP/1.1 200\r\nContent-Length: 1\r\n\r\n', { kind: 'length', bytes: 1 }, true],
    ['line feeds alone', 'HTTP/1.1 200 OK\nContent-Length: 1\nX: y\n\n', { kind: 'length', bytes: 1 }, true],
  ];
  test.each(framings)('%s', (_name, text, framing, keepAlive) => {
    expect(head(text).framing).toEqual(framing);
    expect(head(text).keepAlive).toBe(keepAlive);
    expect(head(`${text}\r\n\r\nbody\n\n`).bodyAt).toBe(text.length);
  });

  test.each([
    ['HTTP/2 200\r\n\r\n'],
    ['HTTP/1.1 OK\r\n\r\n'],
    ['HTTP/1.1 0200 OK\r\n\r\n'],
    ['<html>\r\n\r\n'],
    ['\x16\x03\x01 tls\r\n\r\n'],
    ['HTTP/1.1 200 OK\r\nContent-Length: twelve\r\n\r\n'],
    ['HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n'],
    ['HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n'],
    ['HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n'],
  ])('refused: %j', (text) => {
    expect(read(text)).toBeString();
  });

  test('an incomplete head is none yet, wherever it is cut', () => {
    const text = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Name: value\r\n\r\n';
    fc.assert(
      fc.property(fc.integer({ min: 0, max: text.length - 1 }), (cut) => {
        expect(read(text.slice(0, cut))).toBeUndefined();
      }),
    );
  });

  test('how long the server keeps the connection', () => {
    expect(keepAliveMs(head('HTTP/1.1 200 OK\r\nKeep-Alive: timeout=5, max=100\r\n\r\n').headers)).toBe(5000);
    expect(keepAliveMs(head('HTTP/1.1 200 OK\r\nKeep-Alive: max=100\r\n\r\n').headers)).toBeUndefined();
    expect(keepAliveMs(head('HTTP/1.1 200 OK\r\n\r\n').headers)).toBeUndefined();
  });
});

import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { createSseParser, formatSse, type SseEvent } from './sse.ts';
import { cpuMs } from '../../../test/kit/cpu.ts';

const encode = (text: string) => new TextEncoder().encode(text);

const parse = (...chunks: (string | Uint8Array)[]): SseEvent[] => {
  const events: SseEvent[] = [];
  const parser = createSseParser((event) => events.push(event));
  for (const chunk of chunks) parser.push(typeof chunk === 'string' ? encode(chunk) : chunk);
  parser.close();
  return events;
};

describe('createSseParser', () => {
  test('reads data, event names, comments and all line ends', () => {
    expect(parse(': hello\n\ndata: a\n\nevent: x\r\ndata:b\r\n\r\ndata: c\rdata: d\r\r')).toEqual([
      { data: 'a' },
      { event: 'x', data: 'b' },
      { data: 'c\nd' },
    ]);
  });

  test('removes one leading space only, and takes an empty data field', () => {
    expect(parse('data:  two\n\ndata\n\ndata:\n\n')).toEqual([{ data: ' two' }, { data: '' }, { data: '' }]);
  });

  test('ignores fields it does not know and names that only begin alike', () => {
    expect(parse('id: 7\nretry: 10\ndatabase: no\neventual: no\ndata: yes\n\n')).toEqual([{ data: 'yes' }]);
  });

  test('an event name without data is no event, and does not stick to the next one', () => {
    expect(parse('event: ping\n\ndata: a\n\n')).toEqual([{ data: 'a' }]);
  });

  test('a CR at the end of one chunk and its LF in the next are one line end', () => {
    expect(parse('data: a\r', '\ndata: b\r', '\n\r', '\n')).toEqual([{ data: 'a\nb' }]);
  });

  test('skips the byte order mark', () => {
    expect(parse(new Uint8Array([0xef, 0xbb, 0xbf]), 'data: a\n\n')).toEqual([{ data: 'a' }]);
  });

  test('hands over the last event where its blank line is missing', () => {
    expect(parse('data: a\n\ndata: b')).toEqual([{ data: 'a' }, { data: 'b' }]);
  });

  test('throws on invalid UTF-8, also where it is torn at the end', () => {
    const parser = createSseParser(() => {});
    expect(() => parser.push(new Uint8Array([0x64, 0xff]))).toThrow(TypeError);
    const torn = createSseParser(() => {});
    torn.push(new Uint8Array([0x64, 0xc3]));
    expect(() => torn.close()).toThrow(TypeError);
  });

  test('a line of many megabytes in small chunks takes time in proportion', () => {
    const piece = encode('x'.repeat(1024));
    const events: SseEvent[] = [];
    const parser = createSseParser((event) => events.push(event));
    parser.push(encode('data: '));
    const begin = cpuMs();
    for (let at = 0; at < 20_000; at++) parser.push(piece);
    parser.push(encode('\n\n'));
    expect(events[0]!.data.length).toBe(20_000 * 1024);
    // Quadratic joining takes minutes here.
    expect(cpuMs() - begin).toBeLessThan(5000);
  });

  test('refuses an event beyond the limit', () => {
    const parser = createSseParser(() => {});
    const big = encode('x'.repeat(16 * 1024 * 1024));
    parser.push(encode('data: '));
    expect(() => {
      for (let at = 0; at < 5; at++) parser.push(big);
    }).toThrow(RangeError);
  });

  test('FP-19: any cut of the bytes, inside a character too, gives the same events', () => {
    const event = fc.record({
      event: fc.option(fc.stringMatching(/^[a-z_.]{1,12}$/), { nil: undefined }),
      data: fc.string({ unit: 'grapheme' }),
    });
    const lineEnd = fc.constantFrom('\n', '\r\n', '\r');
    fc.assert(
      fc.property(fc.array(event), lineEnd, fc.array(fc.nat(9)), (events, end, cuts) => {
        const clean = events.map((each) => ({
          ...(each.event !== undefined && { event: each.event }),
          data: each.data.replaceAll(/[\r\n]+/g, ' '),
        }));
        const bytes = encode(clean.map((each) => formatSse(each).replaceAll('\n', end)).join(''));
        const chunks: Uint8Array[] = [];
        let at = 0;
        for (const cut of cuts) {
          chunks.push(bytes.subarray(at, at + cut));
          at += cut;
        }
        chunks.push(bytes.subarray(Math.min(at, bytes.length)));
        expect(parse(...chunks)).toEqual(clean);
        expect(parse(...Array.from(bytes, (byte) => new Uint8Array([byte])))).toEqual(clean);
      }),
      { numRuns: 100 },
    );
  });
});

describe('formatSse', () => {
  test('writes one data line a line', () => {
    expect(formatSse({ data: 'a' })).toBe('data: a\n\n');
    expect(formatSse({ event: 'x', data: 'a\nb' })).toBe('event: x\ndata: a\ndata: b\n\n');
  });
});

import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { createEventStreamParser, formatEventStream, formatEventStreamChunk, minMessageBytes, type AwsEvent } from './aws-event-stream.ts';
import { crc32 } from './crc32.ts';
import { concatBytes, createBoundaryCutter } from './event-boundary.ts';
import { cpuMs } from '../../../test/kit/cpu.ts';

const hex = (text: string): Uint8Array =>
  Uint8Array.from(text.replaceAll(/\s/g, '').match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

const parse = (...chunks: Uint8Array[]): AwsEvent[] => {
  const events: AwsEvent[] = [];
  const parser = createEventStreamParser((event) => void events.push(event));
  for (const chunk of chunks) parser.push(chunk);
  parser.close();
  return events;
};

/** A message put together by hand, with checksums that hold. */
const message = (headers: Uint8Array, payload: Uint8Array): Uint8Array => {
  const bytes = new Uint8Array(minMessageBytes + headers.length + payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, bytes.length);
  view.setUint32(4, headers.length);
  view.setUint32(8, crc32(bytes, 0, 8));
  bytes.set(headers, 12);
  bytes.set(payload, 12 + headers.length);
  view.setUint32(bytes.length - 4, crc32(bytes, 0, bytes.length - 4));
  return bytes;
};

const header = (name: string, type: number, value: Uint8Array): Uint8Array =>
  concatBytes([Uint8Array.of(name.length), utf8(name), Uint8Array.of(type), value]);
const stringHeader = (name: string, value: string): Uint8Array =>
  header(name, 7, concatBytes([Uint8Array.of(value.length >> 8, value.length & 255), utf8(value)]));

describe('messages that others made', () => {
  test('the checksum is that of gzip', () => {
    expect(crc32(utf8('123456789'))).toBe(0xcbf43926);
    expect(crc32(utf8('6789'), 0, 4, crc32(utf8('12345')))).toBe(0xcbf43926);
  });

  // The vectors of AWS's own implementations, by their bytes.
  test('without headers and payload', () => {
    expect(parse(hex('00000010 00000000 05c248eb 7d98c8ff'))).toEqual([{ data: '' }]);
  });

  test('with a payload and no headers', () => {
    const bytes = hex('0000001d 00000000 fd528c5a 7b27666f6f273a27626172277d c3653936');
    expect(parse(bytes)).toEqual([{ data: `{'foo':'bar'}` }]);
  });

  test('with one header', () => {
    const bytes = hex(
      '0000003d 00000020 07fd8396 0c 636f6e74656e742d74797065 07 0010 6170706c69636174696f6e2f6a736f6e 7b27666f6f273a27626172277d 8d9c08b1',
    );
    expect(parse(bytes)).toEqual([{ data: `{'foo':'bar'}` }]);
  });
});

describe('what a message says', () => {
  test('headers of every type are stepped over', () => {
    const headers = concatBytes([
      header('true', 0, new Uint8Array()),
      header('false', 1, new Uint8Array()),
      header('byte', 2, new Uint8Array(1)),
      header('short', 3, new Uint8Array(2)),
      header('int', 4, new Uint8Array(4)),
      header('long', 5, new Uint8Array(8)),
      header('bytes', 6, hex('0003 010203')),
      header('time', 8, new Uint8Array(8)),
      header('uuid', 9, new Uint8Array(16)),
      stringHeader(':message-type', 'event'),
      stringHeader(':event-type', 'messageStop'),
    ]);
    expect(parse(message(headers, utf8('{}')))).toEqual([{ event: 'messageStop', data: '{}' }]);
  });

  test('an exception goes by its type, an error by its code and message', () => {
    const exception = concatBytes([stringHeader(':message-type', 'exception'), stringHeader(':exception-type', 'throttlingException')]);
    expect(parse(message(exception, utf8('{"message":"slow"}')))).toEqual([{ event: 'throttlingException', data: '{"message":"slow"}' }]);
    const error = concatBytes([
      stringHeader(':message-type', 'error'),
      stringHeader(':error-code', 'InternalError'),
      stringHeader(':error-message', 'broken'),
    ]);
    expect(parse(message(error, new Uint8Array()))).toEqual([{ event: 'error', data: '{"code":"InternalError","message":"broken"}' }]);
  });

  test('a chunk of InvokeModelWithResponseStream is opened', () => {
    const claude = '{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"grün 🌿"}}';
    expect(parse(formatEventStreamChunk(claude))).toEqual([{ event: 'content_block_delta', data: claude }]);
    expect(parse(formatEventStreamChunk('{"generation":"a"}'))).toEqual([{ data: '{"generation":"a"}' }]);
    const padded = concatBytes([stringHeader(':event-type', 'chunk'), stringHeader(':message-type', 'event')]);
    expect(parse(message(padded, utf8('{"bytes":"e30=","p":"abcd"}')))).toEqual([{ data: '{}' }]);
    expect(parse(message(padded, utf8('{"other":1}')))).toEqual([{ event: 'chunk', data: '{"other":1}' }]);
  });
});

describe('what cannot be', () => {
  const good = formatEventStream({ event: 'contentBlockDelta', data: '{"delta":{"text":"hi"},"contentBlockIndex":0}' });

  test('every change of any one byte is seen', () => {
    for (let at = 0; at < good.length; at++) {
      for (const change of [0x01, 0x80, 0xff]) {
        const bad = good.slice();
        bad[at]! ^= change;
        expect(() => parse(bad)).toThrow(/checksum/);
      }
    }
  });

  test('a message that is cut off anywhere', () => {
    for (let length = 1; length < good.length; length++)
      expect(() => parse(good.subarray(0, length))).toThrow(`event stream ended ${length} bytes into a message`);
  });

  const prelude = (total: number, headers: number): Uint8Array => {
    const bytes = new Uint8Array(12);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, total);
    view.setUint32(4, headers);
    view.setUint32(8, crc32(bytes, 0, 8));
    return bytes;
  };

  test('lengths beyond the bounds, before anything is kept for them', () => {
    expect(() => parse(prelude(15, 0))).toThrow('cannot hold');
    expect(() => parse(prelude(20, 8))).toThrow('cannot hold');
    expect(() => parse(prelude(300_000, 131_073))).toThrow('more than 128 KiB');
    expect(() => parse(prelude(24 * 1024 * 1024 + 17, 0))).toThrow('more than 24 MiB');
    expect(() => parse(prelude(0xffffffff, 0))).toThrow('more than 24 MiB');
  });

  test('headers that do not add up', () => {
    const unreadable = 'headers that cannot be read';
    expect(() => parse(message(header('x', 10, new Uint8Array()), new Uint8Array()))).toThrow(unreadable);
    expect(() => parse(message(header('x', 7, hex('00ff 61')), new Uint8Array()))).toThrow(unreadable);
    expect(() => parse(message(header('x', 7, hex('00')), new Uint8Array()))).toThrow(unreadable);
    expect(() => parse(message(header('', 0, new Uint8Array()), new Uint8Array()))).toThrow(unreadable);
    expect(() => parse(message(hex('05 6161'), new Uint8Array()))).toThrow(unreadable);
    expect(() => parse(message(header('x', 5, hex('0000')), new Uint8Array()))).toThrow(unreadable);
  });

  test('payloads that are not UTF-8', () => {
    expect(() => parse(message(new Uint8Array(), hex('ff')))).toThrow(TypeError);
  });
});

const event = fc.oneof(
  fc.record({ event: fc.constantFrom('messageStart', 'contentBlockDelta', 'validationException'), data: fc.json() }),
  fc.record({ data: fc.json() }),
  fc.record({ event: fc.constant('metadata'), data: fc.string({ unit: 'grapheme', maxLength: 3000 }) }),
);

const cut = (bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] => {
  const chunks: Uint8Array[] = [];
  for (let at = 0, next = 0; at < bytes.length; at += sizes[next++ % sizes.length]!)
    chunks.push(bytes.subarray(at, at + sizes[next % sizes.length]!));
  return chunks;
};

describe('whatever the chunks', () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 600 }), { minLength: 1, maxLength: 8 });

  test('what was written is read', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 6 }), sizes, (events, at) => {
        const bytes = concatBytes(events.map(formatEventStream));
        expect(parse(...cut(bytes, at))).toEqual(events);
      }),
      { numRuns: 200 },
    );
  });

  test('an error is written as one', () => {
    const error = { event: 'error', data: '{"code":"Odd","message":"grün"}' };
    expect(parse(formatEventStream(error))).toEqual([error]);
  });

  test('the cutter hands out whole messages only, and loses nothing', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 6 }), sizes, fc.integer({ min: 0, max: 11 }), (events, at, torn) => {
        const whole = concatBytes(events.map(formatEventStream));
        const bytes = concatBytes([whole, formatEventStream({ event: 'x', data: '' }).subarray(0, torn)]);
        const cutter = createBoundaryCutter('aws-event-stream');
        const chunks = cut(bytes, at).flatMap((chunk) => cutter.push(chunk) ?? []);
        expect(chunks.flatMap((chunk) => parse(chunk))).toEqual(events);
        expect(concatBytes(chunks)).toEqual(whole);
        expect(cutter.rest() ?? new Uint8Array()).toEqual(bytes.subarray(whole.length));
      }),
      { numRuns: 200 },
    );
  });

  test('a large message that drips in is not joined again and again', () => {
    const data = 'x'.repeat(2_000_000);
    const bytes = formatEventStream({ event: 'e', data });
    const started = cpuMs();
    const lengths: number[] = [];
    const parser = createEventStreamParser((read) => void lengths.push(read.data.length));
    for (const byte of bytes) parser.push(Uint8Array.of(byte));
    parser.close();
    expect(lengths).toEqual([data.length]);
    expect(cpuMs() - started).toBeLessThan(3000);
  });
});

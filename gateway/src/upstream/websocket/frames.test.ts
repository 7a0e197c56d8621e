import { expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { encodeFrame, FrameReader, opcodes, type Received, type Wrong } from './frames.ts';

const maxBytes = 200_000;

/** As a server writes it: bare. */
const bare = (first: number, data: Uint8Array): Buffer => {
  const { length } = data;
  const head = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10);
  head[0] = first;
  head[1] = length < 126 ? length : length < 65_536 ? 126 : 127;
  if (head.length === 4) head.writeUInt16BE(length, 2);
  if (head.length === 10) head.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([head, data]);
};

const read = (pieces: Uint8Array[]): { received: Received[]; wrong?: Wrong } => {
  const reader = new FrameReader(maxBytes);
  const received: Received[] = [];
  for (const piece of pieces) {
    // One buffer, used again: as the runtime does.
    const lent = Buffer.from(piece);
    const wrong = reader.push(
      lent,
      (one) => void received.push('data' in one && Buffer.isBuffer(one.data) ? ({ ...one, data: Buffer.from(one.data) } as Received) : one),
    );
    lent.fill(0);
    if (wrong) return { received, wrong };
  }
  return { received };
};

const cut = (bytes: Buffer, cuts: number[]): Buffer[] => {
  const at = [0, ...cuts.map((one) => one % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return at.slice(1).map((end, index) => bytes.subarray(at[index], end));
};

const message = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  fc.constantFrom(125, 126, 65_535, 65_536).map((length) => Buffer.alloc(length, 7)),
);

test('messages come out as they went in, however they are cut and interleaved', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ data: message, parts: fc.integer({ min: 1, max: 4 }), ping: fc.boolean() }), { maxLength: 8 }),
      fc.array(fc.nat(), { maxLength: 20 }),
      (all, cuts) => {
        const wire: Buffer[] = [];
        const expected: Received[] = [];
        for (const { data, parts, ping } of all) {
          const bytes = Buffer.from(data as string);
          const size = Math.ceil(bytes.length / parts);
          for (let part = 0; part < parts; part++) {
            const opcode = part > 0 ? 0 : typeof data === 'string' ? opcodes.text : opcodes.binary;
            wire.push(bare((part === parts - 1 ? 0x80 : 0) | opcode, bytes.subarray(part * size, (part + 1) * size)));
            if (ping && part < parts - 1) {
              wire.push(bare(0x80 | opcodes.ping, Buffer.from('p')));
              expected.push({ kind: 'ping', data: Buffer.from('p') });
            }
          }
          expected.push({ kind: 'message', data });
        }
        expect(read(cut(Buffer.concat(wire), cuts))).toEqual({ received: expected });
      },
    ),
    { numRuns: 150 },
  );
});

test('what is sent is masked, and says its length', () => {
  fc.assert(
    fc.property(message, (data) => {
      const bytes = Buffer.from(data as string);
      const frame = encodeFrame(opcodes.binary, data);
      const at = bytes.length < 126 ? 2 : bytes.length < 65_536 ? 4 : 10;
      expect([frame[0], frame[1]! & 0x80, frame.length]).toEqual([0x82, 0x80, at + 4 + bytes.length]);
      const plain = frame.subarray(at + 4).map((byte, index) => byte ^ frame[at + (index & 3)]!);
      expect(Buffer.from(plain).equals(bytes)).toBe(true);
    }),
    { numRuns: 100 },
  );
});

test.each([
  ['a masked frame', encodeFrame(opcodes.text, 'x'), 1002],
  ['an extension', bare(0xc1, Buffer.from('x')), 1002],
  ['an unknown kind', bare(0x83, Buffer.from('x')), 1002],
  ['a part of nothing', bare(0x80, Buffer.from('x')), 1002],
  ['a message within a message', Buffer.concat([bare(1, Buffer.from('x')), bare(0x81, Buffer.from('x'))]), 1002],
  ['a long ping', bare(0x89, Buffer.alloc(126)), 1002],
  ['half a code', bare(0x88, Buffer.alloc(1)), 1002],
  ['no UTF-8', bare(0x81, Buffer.from([0xff])), 1007],
  ['more than may be', bare(0x82, Buffer.alloc(maxBytes + 1)).subarray(0, 10), 1009],
  ['more than may be, in parts', Buffer.concat([bare(2, Buffer.alloc(maxBytes)), bare(0x80, Buffer.alloc(1))]), 1009],
])('%s is refused', (_, bytes, code) => {
  expect(read([bytes])).toEqual({ received: [], wrong: { code } as Wrong });
});

test('a close says why, or does not', () => {
  expect(read([bare(0x88, Buffer.alloc(0))]).received).toEqual([{ kind: 'close', code: 1005, reason: '' }]);
  expect(read([bare(0x88, Buffer.from([0x0f, 0xa1, 0x62]))]).received).toEqual([{ kind: 'close', code: 4001, reason: 'b' }]);
});

import { isUtf8 } from 'node:buffer';

/** A message: text as a string. */
export type Frame = string | Buffer;

/** What came: a message, complete, or one of the frames that steer (RFC 6455, section 5.5). */
export type Received = { kind: 'message'; data: Frame } | { kind: 'ping'; data: Buffer } | { kind: 'close'; code: number; reason: string };

export const opcodes = { text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** A frame as a client sends it: whole, and masked, so that nothing between can take it for a request of its own making. */
export const encodeFrame = (opcode: number, data: Frame): Buffer => {
  const length = typeof data === 'string' ? Buffer.byteLength(data) : data.length;
  const lengthBytes = length < 126 ? 0 : length < 65_536 ? 2 : 8;
  const start = 2 + lengthBytes + 4;
  const frame = Buffer.allocUnsafeSlow(start + length);
  frame[0] = 0x80 | opcode;
  frame[1] = 0x80 | (lengthBytes === 0 ? length : lengthBytes === 2 ? 126 : 127);
  if (lengthBytes === 2) frame.writeUInt16BE(length, 2);
  else if (lengthBytes === 8) frame.writeBigUInt64BE(BigInt(length), 2);
  const mask = crypto.getRandomValues(frame.subarray(start - 4, start));
  if (typeof data === 'string') frame.write(data, start, 'utf8');
  else frame.set(data, start);
  for (let at = 0; at < length; at++) frame[start + at]! ^= mask[at & 3]!;
  return frame;
};

/** The payload of a close frame: `code` 1005 stands for none. */
export const closePayload = (code: number, reason: string): Buffer => {
  if (code === 1005) return Buffer.alloc(0);
  const bytes = Buffer.from(`\0\0${reason}`);
  bytes.writeUInt16BE(code, 0);
  return bytes;
};

/** What a server sent that is no WebSocket, and the code to leave with. */
export interface Wrong {
  code: 1002 | 1007 | 1009;
}

/** Reads a server's frames, whatever the boundaries of the reads. */
export class FrameReader {
  readonly #maxBytes: number;
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  /** What must be there before there is anything to do. */
  #wanted = 2;
  #parts: Buffer[] = [];
  #partBytes = 0;
  /** Of the message whose parts these are; 0: none. */
  #opcode = 0;

  /** @param maxBytes of one message */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Calls for each thing that is complete. @returns what is wrong, if something is: nothing after it can be read */
  push(bytes: Buffer, take: (received: Received) => void): Wrong | undefined {
    this.#pendingBytes += bytes.length;
    if (this.#pendingBytes < this.#wanted) {
      // The runtime uses its buffers again.
      this.#pending.push(Buffer.from(bytes));
      return undefined;
    }
    const all = this.#pending.length === 0 ? bytes : Buffer.concat([...this.#pending, bytes]);
    let at = 0;
    for (;;) {
      const left = all.length - at;
      const second = left < 2 ? 0 : all[at + 1]!;
      const short = second & 127;
      const headBytes = short === 126 ? 4 : short === 127 ? 10 : 2;
      if (left < headBytes) {
        this.#keep(all, at, headBytes);
        return undefined;
      }
      const length = short === 126 ? all.readUInt16BE(at + 2) : short === 127 ? Number(all.readBigUInt64BE(at + 2)) : short;
      const problem = this.#problemOf(all[at]!, second, length);
      if (problem) return problem;
      if (left < headBytes + length) {
        this.#keep(all, at, headBytes + length);
        return undefined;
      }
      const wrong = this.#frame(all[at]!, all.subarray(at + headBytes, at + headBytes + length), take);
      if (wrong) return wrong;
      at += headBytes + length;
    }
  }

  #keep(all: Buffer, at: number, wanted: number): void {
    this.#pending = at === all.length ? [] : [Buffer.from(all.subarray(at))];
    this.#pendingBytes = all.length - at;
    this.#wanted = wanted;
  }

  #problemOf(first: number, second: number, length: number): Wrong | undefined {
    const opcode = first & 15;
    // No extension was agreed on, and servers do not mask.
    if ((first & 0x70) !== 0 || (second & 0x80) !== 0) return { code: 1002 };
    if (opcode >= 8) return (first & 0x80) === 0 || length > 125 || opcode > opcodes.pong ? { code: 1002 } : undefined;
    if (opcode > opcodes.binary || (opcode === 0) !== (this.#opcode !== 0)) return { code: 1002 };
    return this.#partBytes + length > this.#maxBytes ? { code: 1009 } : undefined;
  }

  #frame(first: number, data: Buffer, take: (received: Received) => void): Wrong | undefined {
    const opcode = first & 15;
    if (opcode === opcodes.ping) take({ kind: 'ping', data });
    if (opcode === opcodes.close) {
      if (data.length === 1) return { code: 1002 };
      take({ kind: 'close', code: data.length === 0 ? 1005 : data.readUInt16BE(0), reason: data.toString('utf8', 2) });
    }
    if (opcode >= 8) return undefined;
    if (opcode !== 0) this.#opcode = opcode;
    const last = (first & 0x80) !== 0;
    if (!last) {
      // An empty part is none, so that no number of them grows anything.
      if (data.length > 0) this.#parts.push(Buffer.from(data));
      this.#partBytes += data.length;
      return undefined;
    }
    const whole = this.#parts.length === 0 ? data : Buffer.concat([...this.#parts, data]);
    const isText = this.#opcode === opcodes.text;
    this.#parts = [];
    this.#partBytes = 0;
    this.#opcode = 0;
    if (isText && !isUtf8(whole)) return { code: 1007 };
    take({ kind: 'message', data: isText ? whole.toString('utf8') : whole });
    return undefined;
  }
}

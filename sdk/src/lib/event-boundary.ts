import { minMessageBytes } from './aws-event-stream.ts';

const lf = 10;
const cr = 13;

/** Cuts a byte stream so that only whole events come out: nothing of ours may ever be written into the middle of one. */
export interface BoundaryCutter {
  /** The bytes up to the last event boundary seen so far, undefined if there is none in this chunk. */
  push(bytes: Uint8Array): Uint8Array | undefined;
  /** What is left when the stream has ended. */
  rest(): Uint8Array | undefined;
}

/** @param framing `sse`: events end with a blank line; `ndjson`: with a line break; `aws-...`: messages say their length */
export const createBoundaryCutter = (framing: 'sse' | 'ndjson' | 'aws-event-stream' | 'aws-payload'): BoundaryCutter => {
  const boundaryIn = framing === 'aws-event-stream' || framing === 'aws-payload' ? byLengths() : byLineBreaks(framing);
  let tail: Uint8Array[] = [];

  return {
    push(bytes) {
      if (bytes.length === 0) return undefined;
      const end = boundaryIn(bytes);
      if (end === 0) {
        tail.push(bytes);
        return undefined;
      }
      // The common case: vendors flush whole events.
      const head = end === bytes.length ? bytes : bytes.subarray(0, end);
      const whole = tail.length === 0 ? head : concatBytes([...tail, head]);
      tail = end === bytes.length ? [] : [bytes.subarray(end)];
      return whole;
    },
    rest() {
      const rest = tail.length === 0 ? undefined : concatBytes(tail);
      tail = [];
      return rest;
    },
  };
};

/** Where the last event that is whole ends in the next chunk; 0 if none does. */
type BoundaryFinder = (bytes: Uint8Array) => number;

const byLineBreaks = (framing: 'sse' | 'ndjson'): BoundaryFinder => {
  // The last two bytes before the current chunk: a boundary may lie across chunks.
  let before1 = 0;
  let before2 = 0;

  const isBoundary = (bytes: Uint8Array, at: number): boolean => {
    const last = bytes[at];
    if (framing === 'ndjson') return last === lf;
    if (last !== lf && last !== cr) return false;
    const previous = at > 0 ? bytes[at - 1] : before1;
    if (previous === last) return true;
    const earlier = at > 1 ? bytes[at - 2] : at === 1 ? before1 : before2;
    return last === lf && previous === cr && earlier === lf;
  };

  return (bytes) => {
    let end = bytes.length;
    while (end > 0 && !isBoundary(bytes, end - 1)) end--;
    before2 = bytes.length > 1 ? bytes[bytes.length - 2]! : before1;
    before1 = bytes[bytes.length - 1]!;
    return end;
  };
};

/** Every message begins with its own length, a big-endian u32, which may lie across chunks. Checking it is the parser's. */
const byLengths = (): BoundaryFinder => {
  const lengthBytes = 4;
  let length = 0;
  let lengthSeen = 0;
  /** Bytes of the message that are still to come, once its length is known. */
  let left = 0;
  return (bytes) => {
    let end = 0;
    let at = 0;
    while (at < bytes.length) {
      if (lengthSeen < lengthBytes) {
        length = ((length << 8) | bytes[at++]!) >>> 0;
        // A length that cannot be must not keep this from going on.
        if (++lengthSeen === lengthBytes) left = Math.max(length, minMessageBytes) - lengthBytes;
        continue;
      }
      const step = Math.min(left, bytes.length - at);
      at += step;
      left -= step;
      if (left > 0) break;
      end = at;
      length = 0;
      lengthSeen = 0;
    }
    return end;
  };
};

export const concatBytes = (pieces: Uint8Array[]): Uint8Array => {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
};

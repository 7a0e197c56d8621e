/** Longest size line of a chunk, extensions included. */
const maxLineBytes = 4096;
const cr = 13;
const lf = 10;

type State = 'size' | 'extension' | 'data' | 'data-end' | 'trailer';

/**
 * Takes the chunked transfer coding off a body (RFC 9112, section 7.1), whatever the boundaries of the reads.
 * The payload of all chunks in one read is moved together within its buffer, so that a read of many small chunks is
 * one piece for whoever follows.
 */
export class ChunkedDecoder {
  /** The last chunk and the trailers have been seen. */
  done = false;
  /** Where the body ended in the last buffer. Of use once `done`. */
  endAt = 0;
  /** What is wrong with the coding, once something is. */
  problem: string | undefined;
  #state: State = 'size';
  #remaining = 0;
  #digits = 0;
  /** Bytes of the line so far, carriage returns left out. */
  #lineBytes = 0;
  #trailerBytes = 0;
  readonly #maxTrailerBytes: number;

  constructor(maxTrailerBytes: number) {
    this.#maxTrailerBytes = maxTrailerBytes;
  }

  /** @returns the payload in this buffer, which is changed; undefined if there is none */
  push(buffer: Buffer, from: number): Buffer | undefined {
    let at = from;
    /** The payload so far: `[first, end)`. */
    let first = -1;
    let end = -1;
    while (at < buffer.length && !this.done && this.problem === undefined) {
      if (this.#state !== 'data') {
        at = this.#readLine(buffer, at);
        continue;
      }
      const stop = Math.min(buffer.length, at + this.#remaining);
      if (first === -1) {
        first = at;
        end = stop;
      } else {
        buffer.copyWithin(end, at, stop);
        end += stop - at;
      }
      this.#remaining -= stop - at;
      at = stop;
      if (this.#remaining === 0) this.#state = 'data-end';
    }
    this.endAt = at;
    return first === -1 ? undefined : buffer.subarray(first, end);
  }

  /** Reads on in what is not payload, to the end of the line or of the buffer. */
  #readLine(buffer: Buffer, from: number): number {
    let at = from;
    while (at < buffer.length && this.problem === undefined) {
      const byte = buffer[at++] as number;
      if (byte === lf) {
        this.#endLine();
        break;
      }
      if (byte !== cr) this.#lineBytes++;
      if (this.#state === 'size') this.#sizeByte(byte);
      else if (this.#state === 'extension' && this.#lineBytes > maxLineBytes) this.problem = 'a chunk size line is too long';
      else if (this.#state === 'data-end' && byte !== cr) this.problem = 'a chunk is longer than its size';
      else if (this.#state === 'trailer' && ++this.#trailerBytes > this.#maxTrailerBytes) this.problem = 'its trailers are too long';
    }
    return at;
  }

  #sizeByte(byte: number): void {
    const digit = hexDigit(byte);
    if (digit !== -1) {
      // 13 digits are 4 PiB, and stay exact.
      if (++this.#digits > 13) this.problem = 'a chunk size is too large';
      this.#remaining = this.#remaining * 16 + digit;
    } else if (this.#digits > 0 && (byte === cr || byte === 59 || byte === 32 || byte === 9)) this.#state = 'extension';
    else this.problem = 'a chunk size is no number';
  }

  #endLine(): void {
    const empty = this.#lineBytes === 0;
    this.#lineBytes = 0;
    if (this.#state === 'data-end') this.#state = 'size';
    else if (this.#state === 'trailer') this.done = empty;
    else if (this.#digits === 0) this.problem = 'a chunk has no size';
    else {
      this.#digits = 0;
      this.#state = this.#remaining === 0 ? 'trailer' : 'data';
    }
  }
}

const hexDigit = (byte: number): number => {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const lower = byte | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
};

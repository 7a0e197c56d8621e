import { SluiceError, type BodySource } from 'sluice/kit';

const chunkEnd = Buffer.from('\r\n');
const lastChunk = Buffer.from('0\r\n\r\n');

/**
 * A body on its way from its source to the wire: with a length as it is, else in chunks (RFC 9112, section 7.1). It belongs
 * to the request and not to a connection: bytes that were asked for while a connection died go out on the next one.
 */
export class RequestBody {
  readonly length: number | undefined;
  /** Something of it has been read: it cannot be sent again. */
  begun = false;
  /** All of it has been handed out. */
  done = false;
  readonly #source: BodySource;
  #taken = 0;
  #pending: Promise<void> | undefined;
  #piece: Uint8Array | undefined;

  constructor(source: BodySource) {
    this.#source = source;
    this.length = source.length;
  }

  /** Waits for bytes, or the end, to `take`. Whoever comes next waits for the same. @throws what the source throws */
  ready(): Promise<void> {
    this.#pending ??= this.#read();
    return this.#pending;
  }

  /** What is ready, for the wire; empty where the end needs no mark. @throws SluiceError if its length is another one than it said */
  take(): Uint8Array {
    const piece = this.#piece;
    this.#pending = undefined;
    this.#piece = undefined;
    if (!piece) return this.#end();
    if (this.length === undefined) return Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, chunkEnd]);
    this.#taken += piece.length;
    if (this.#taken > this.length) throw otherLength(this.length, 'more');
    return piece;
  }

  cancel(): void {
    this.#source.cancel();
  }

  async #read(): Promise<void> {
    do this.#piece = await this.#source.read();
    while (this.#piece?.length === 0);
    this.begun = true;
  }

  #end(): Uint8Array {
    if (this.length !== undefined && this.#taken < this.length) throw otherLength(this.length, 'less');
    this.done = true;
    return this.length === undefined ? lastChunk : new Uint8Array();
  }
}

const otherLength = (length: number, what: string): SluiceError =>
  new SluiceError('invalid_request', `The request's body is ${what} than the ${length} bytes that were announced.`);

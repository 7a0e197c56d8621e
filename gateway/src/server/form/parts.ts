import { readPartHead, type PartHead } from './part-head.ts';

/** One part of a form; its bytes are `[start, end)` of the form, what separates it from the one before begins at `from`. */
export interface FormPart extends PartHead {
  from: number;
  start: number;
  end: number;
}

const headEnd = Buffer.from('\r\n\r\n');
const lineEndBytes = 2;
const lineFeed = 10;
const carriageReturn = 13;

/** More than this of headers before a part's bytes is no form. */
const maxHeadBytes = 16 * 1024;
/** More parts than this are no request. */
const maxParts = 2000;

/** What says where a form goes: it stands once, as a text, or the gateway and the provider could each read another one. */
const routing: ReadonlySet<string> = new Set(['model', 'purpose', 'provider', 'custom_llm_provider', 'target_model_names']);

/** Some readers know no case, and take `model[]` for `model`. */
const bareName = (name: string): string => name.toLowerCase().split('[')[0]!.trim();

/**
 * Finds the parts of a form (RFC 7578) in bytes as they come. Only boundaries are looked for; what lies between them is
 * not decoded, and nothing of it is kept but what a boundary may begin with.
 */
export class FormScanner {
  readonly parts: FormPart[] = [];
  /** The closing boundary was seen. */
  done = false;
  readonly #marker: Buffer;
  readonly #routed = new Set<string>();
  /** What is not decided yet, and where in the form it begins. */
  #rest: Buffer = Buffer.alloc(0);
  #at = 0;
  /** Up to here all boundaries were found. */
  #searched = 0;
  #state: 'preamble' | 'boundary' | 'content' | 'over' = 'preamble';
  /** Where the current part's boundary begins. */
  #from = 0;
  #open: (PartHead & { from: number; start: number }) | undefined;

  constructor(boundary: string) {
    this.#marker = Buffer.from(`--${boundary}`);
  }

  /** A file has begun, and is not over. */
  get inFile(): boolean {
    return this.#open?.fileName !== undefined;
  }

  /**
   * @param bytes the next of the form
   * @throws RangeError where it is no form, or not the same one to every reader
   */
  scan(bytes: Uint8Array): void {
    const given = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const buffer = this.#rest.length === 0 ? given : Buffer.concat([this.#rest, given]);
    let from = 0;
    for (let next: number | undefined = 0; next !== undefined;) {
      from = next;
      next = this.#step(buffer, from);
    }
    from = Math.max(from, this.#settled(buffer, from));
    // Copied: whoever reads may use these bytes' memory again.
    this.#rest = Buffer.from(buffer.subarray(from));
    this.#searched = this.#at + buffer.length - this.#marker.length + 1;
    this.#at += from;
  }

  /** One step further. @returns where the next one begins, or undefined until there is more */
  #step(buffer: Buffer, from: number): number | undefined {
    if (this.#state === 'boundary') return this.#readHead(buffer, from);
    if (this.#state === 'over') {
      for (const byte of buffer.subarray(from))
        if (byte !== lineFeed && byte !== carriageReturn) throw new RangeError('something behind its last boundary');
      return undefined;
    }
    const found = this.#findBoundary(buffer, from);
    if (found === undefined) return undefined;
    const lineStart = this.#at + found === 0 ? 0 : this.#at + found - lineEndBytes;
    if (this.#open) {
      if (this.parts.length >= maxParts) throw new RangeError(`more than ${maxParts} parts`);
      this.parts.push({ ...this.#open, end: lineStart });
    }
    this.#open = undefined;
    this.#from = lineStart;
    this.#state = 'boundary';
    return found + this.#marker.length;
  }

  /** A marker that begins a line. */
  #findBoundary(buffer: Buffer, from: number): number | undefined {
    const searchFrom = Math.max(from, this.#searched - this.#at);
    for (let found = buffer.indexOf(this.#marker, searchFrom); found !== -1; found = buffer.indexOf(this.#marker, found + 1)) {
      if (this.#at + found === 0) return found;
      const last = found === from && this.#at + found === this.#open?.start ? lineFeed : buffer[found - 1];
      if (last !== lineFeed && last !== carriageReturn) continue;
      const ownLine = last === lineFeed && buffer[found - 2] === carriageReturn;
      // Readers differ in what they take for the end of a line, and for the end of headers.
      if (!ownLine || (this.#open && this.#at + found - lineEndBytes < this.#open.start))
        throw new RangeError('a boundary out of its place');
      return found;
    }
    return undefined;
  }

  #readHead(buffer: Buffer, from: number): number | undefined {
    if (buffer.length < from + 2) return undefined;
    const next = buffer.toString('latin1', from, from + 2);
    if (next === '--') {
      this.done = true;
      this.#state = 'over';
      return from + 2;
    }
    if (next !== '\r\n') throw new RangeError('a boundary that goes on');
    const end = buffer.indexOf(headEnd, from);
    if ((end === -1 ? buffer.length : end) - from > maxHeadBytes) throw new RangeError('a part without headers');
    if (end === -1) return undefined;
    const head = readPartHead(buffer.toString('utf8', from + lineEndBytes, end));
    this.#route(head);
    const start = end + headEnd.length;
    this.#open = { ...head, from: this.#from, start: this.#at + start };
    this.#state = 'content';
    return start;
  }

  #route({ name, fileName }: PartHead): void {
    const bare = bareName(name);
    if (!routing.has(bare)) return;
    if (this.#routed.has(bare) || fileName !== undefined || name !== bare) throw new RangeError(`'${bare}' must stand once, as a text`);
    this.#routed.add(bare);
  }

  /** Up to where nothing needs to be looked at again. */
  #settled(buffer: Buffer, from: number): number {
    if (this.#state === 'over') return buffer.length;
    if (this.#state === 'boundary') return from;
    if (this.#state === 'preamble' && this.#at + buffer.length > maxHeadBytes) throw new RangeError('no boundary');
    // The boundary may be cut, and the line end in front of it is asked for.
    return Math.max(from, buffer.length - this.#marker.length - lineEndBytes);
  }
}

/** One part of a form; its bytes are `[start, end)` of the buffer, what separates it from the one before begins at `from`. */
export interface FormPart {
  name: string;
  /** Present for files alone. */
  fileName?: string;
  type: string;
  from: number;
  start: number;
  end: number;
}

const lineEnd = Buffer.from('\r\n');
const headEnd = Buffer.from('\r\n\r\n');

/** More than this of headers before a part's bytes is no form. */
const maxHeadBytes = 16 * 1024;

/**
 * Finds the parts of a form (RFC 7578) in bytes as they come. Only boundaries are looked for; what lies between them is
 * neither copied nor decoded.
 */
export class FormScanner {
  readonly parts: FormPart[] = [];
  /** The closing boundary was seen. */
  done = false;
  readonly #boundary: Buffer;
  readonly #first: Buffer;
  /** Where the current part's boundary begins, and where the search for the next one goes on. */
  #from = -1;
  #search = 0;

  constructor(boundary: string) {
    this.#first = Buffer.from(`--${boundary}`);
    this.#boundary = Buffer.from(`\r\n--${boundary}`);
  }

  /**
   * @param buffer all of the form that is there by now
   * @throws RangeError where it is no form
   */
  scan(buffer: Buffer): void {
    if (this.#from === -1 && !this.#begin(buffer)) return;
    while (!this.done) {
      const next = buffer.indexOf(this.#boundary, this.#search);
      // The boundary itself may be cut.
      if (next === -1) return void (this.#search = Math.max(this.#search, buffer.length - this.#boundary.length));
      const after = next + this.#boundary.length;
      if (buffer.length < after + 2) return;
      const headFrom = this.#from === 0 ? this.#first.length : this.#from + this.#boundary.length;
      this.#add(buffer, headFrom, next);
      this.#from = next;
      this.#search = after;
      this.done = buffer.toString('latin1', after, after + 2) === '--';
    }
  }

  /** A form begins with its first boundary; a preamble is for readers of mail. */
  #begin(buffer: Buffer): boolean {
    if (buffer.length < this.#first.length) return false;
    if (buffer.indexOf(this.#first) === 0) this.#from = 0;
    else {
      const at = buffer.indexOf(this.#boundary);
      if (at === -1 && buffer.length > maxHeadBytes) throw new RangeError('no boundary');
      this.#from = at;
    }
    if (this.#from === -1) return false;
    this.#search = this.#from === 0 ? this.#first.length - 2 : this.#from + this.#boundary.length;
    // An empty form is its closing boundary alone.
    const after = this.#from === 0 ? this.#first.length : this.#search;
    if (buffer.toString('latin1', after, after + 2) === '--') this.done = true;
    return true;
  }

  #add(buffer: Buffer, headFrom: number, end: number): void {
    const headTo = buffer.indexOf(headEnd, headFrom);
    if (headTo === -1 || headTo > end || headTo - headFrom > maxHeadBytes) throw new RangeError('a part without headers');
    const head = buffer.toString('utf8', headFrom + lineEnd.length, headTo);
    const disposition = /^content-disposition:(.*)$/im.exec(head)?.[1] ?? '';
    const name = parameter(disposition, 'name');
    if (name === undefined) throw new RangeError('a part without a name');
    const fileName = parameter(disposition, 'filename');
    const type = /^content-type:\s*([^\r\n]*)/im.exec(head)?.[1]?.trim() ?? '';
    this.parts.push({ name, type, from: this.#from, start: headTo + headEnd.length, end, ...(fileName !== undefined && { fileName }) });
  }
}

/** As browsers and SDKs write it: in quotes, `"` as `%22` or `\"`; or in RFC 5987's own way. */
const parameter = (disposition: string, name: string): string | undefined => {
  const encoded = new RegExp(`;\\s*${name}\\*=UTF-8''([^;\\s]*)`, 'i').exec(disposition)?.[1];
  if (encoded !== undefined) return decoded(encoded);
  const quoted = new RegExp(`;\\s*${name}="((?:[^"\\\\]|\\\\.)*)"`, 'i').exec(disposition)?.[1];
  if (quoted !== undefined)
    return quoted
      .replaceAll(/\\(["\\])/g, '$1')
      .replaceAll('%22', '"')
      .replaceAll('%0D', '\r')
      .replaceAll('%0A', '\n');
  return new RegExp(`;\\s*${name}=([^;\\s"]*)`, 'i').exec(disposition)?.[1];
};

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

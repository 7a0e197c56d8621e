import { SluiceError, type BodySource, type FormField, type JsonObject } from 'sluice/kit';
import { FormScanner, type FormPart } from './parts.ts';

/** What has gone on is kept for another try up to this size. Bytes. */
export const maxReplayBytes = 8 * 1024 * 1024;
/** How long a client may send nothing of a form that it has begun. */
const bodyIdleSeconds = 60;
/** A text longer than this is no parameter. Bytes. */
const maxTextBytes = 1024 * 1024;

const lineEndBytes = 2;

/** What a form needs of its request. */
export interface FormInput {
  body: ReadableStream<Uint8Array> | null;
  contentType: string;
  contentLength: number | undefined;
  maxBytes: number;
  /** The client is waited for, for so long at most; 0: no more. */
  waiting?(seconds: number): void;
}

/**
 * A client's form on its way to a provider. It is read as far as it must be to know where it goes (SDKs put the model in
 * front of the file or behind it), and from there on goes through as it comes.
 */
export class ClientForm {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  readonly #input: FormInput;
  readonly #boundary: string;
  readonly #scanner: FormScanner;
  /** All that was read, until more has gone on than is kept. */
  #kept = Buffer.alloc(0);
  /** Of `#kept`, the bytes in use: it grows by doubling. */
  #length = 0;
  #ended = false;
  #gone = false;
  #total = 0;

  /** @throws SluiceError `invalid_request` */
  constructor(input: FormInput) {
    this.#input = input;
    const boundary = boundaryOf(input.contentType);
    if (boundary === undefined || !input.body)
      throw new SluiceError('invalid_request', 'The form is empty, or its content type names no boundary.');
    if (input.contentLength !== undefined && input.contentLength > input.maxBytes) throw tooLarge(input.maxBytes);
    this.#boundary = boundary;
    this.#scanner = new FormScanner(this.#boundary);
    this.#reader = input.body.getReader();
  }

  /** Whether it could be sent again after it was. */
  get replayable(): boolean {
    const { contentLength } = this.#input;
    return this.#ended ? !this.#gone : contentLength !== undefined && contentLength <= maxReplayBytes;
  }

  /** Nothing of it has gone on yet. */
  get untouched(): boolean {
    return !this.#gone;
  }

  /** The texts that were seen so far. */
  get texts(): JsonObject {
    const found: JsonObject = {};
    for (const part of this.#scanner.parts)
      if (part.fileName === undefined && !Object.hasOwn(found, part.name) && part.name !== '__proto__') found[part.name] = this.#text(part);
    return found;
  }

  /** Reads until a text is there, or to the end. @throws SluiceError */
  async find(name: string): Promise<string | undefined> {
    for (;;) {
      const part = this.#scanner.parts.find((each) => each.name === name && each.fileName === undefined);
      if (part) return this.#text(part);
      if (this.#ended || this.#scanner.done) return undefined;
      await this.#more();
    }
  }

  /**
   * Reads on until a file is on its way, or to the end: the texts of one form come in any number of pieces, and what is said
   * in front of a file must not hang on how they are cut. @throws SluiceError
   */
  async settle(): Promise<void> {
    while (!this.#ended && !this.#scanner.done && !this.#scanner.inFile) await this.#more();
  }

  /** Reads all of it. @throws SluiceError */
  async fields(): Promise<FormField[]> {
    while (!this.#ended) await this.#more();
    if (!this.#scanner.done) throw new SluiceError('invalid_request', 'The form ends in the middle: its last boundary is missing.');
    return this.#scanner.parts.map((part): FormField => {
      if (part.fileName === undefined) return [part.name, this.#text(part)];
      const bytes = this.#kept.subarray(part.start, part.end);
      return [part.name, { bytes: new Blob([bytes], { type: part.type }), name: part.fileName, type: part.type }];
    });
  }

  /**
   * The form as it goes on: texts set, or taken out where undefined; those that are not there are added. What was not read
   * yet goes through as it comes.
   * @throws SluiceError where it has gone on already and was too long to keep
   */
  relay(changes: Readonly<Record<string, string | undefined>>): { contentType: string; body: BodySource } {
    if (this.#gone) throw new SluiceError('connection', 'The form has been sent already, and was too long to be kept.', { retry: false });
    const { pieces, added } = this.#changed(changes);
    const { contentLength } = this.#input;
    const length = this.#ended ? this.#length + added : contentLength === undefined ? undefined : contentLength + added;
    let at = 0;
    let through = this.#length;
    const body: BodySource = {
      ...(length !== undefined && { length }),
      read: async () => {
        const piece = pieces[at++];
        if (piece) return piece;
        // What another try has read meanwhile.
        if (through < this.#length) {
          const more = this.#kept.subarray(through, this.#length);
          through = this.#length;
          return more;
        }
        const bytes = await this.#pull();
        if (!bytes) return undefined;
        // What comes behind a file may say once more, and otherwise, what was said before it.
        this.#scan(bytes);
        if (!this.#gone) this.#keep(bytes);
        through = this.#length;
        if (this.#length > maxReplayBytes) this.#forget();
        return bytes;
      },
      cancel: () => {},
    };
    return { contentType: this.#input.contentType, body };
  }

  /** Nobody wants the rest. */
  cancel(): void {
    if (!this.#ended) this.#reader?.cancel().catch(() => {});
    this.#ended = true;
  }

  /** What was read, with the changes made. */
  #changed(changes: Readonly<Record<string, string | undefined>>): { pieces: Uint8Array[]; added: number } {
    const { parts } = this.#scanner;
    const pieces: Uint8Array[] = [];
    const set = new Set(
      parts.filter(({ fileName, name }) => fileName === undefined && Object.hasOwn(changes, name)).map(({ name }) => name),
    );
    // In front of everything: what is new must not come behind a file that is still on its way.
    for (const [name, value] of Object.entries(changes))
      if (value !== undefined && !set.has(name)) pieces.push(Buffer.from(this.#part(name, value)));

    // What stands in front of the first boundary is for readers of mail.
    let at = parts[0] && parts[0].from > 0 ? parts[0].from + lineEndBytes : 0;
    let begun = false;
    const upTo = (end: number): void => {
      if (end <= at) return;
      begun = true;
      pieces.push(this.#kept.subarray(at, end));
    };
    for (const { fileName, name, from, start, end } of parts) {
      if (fileName !== undefined || !Object.hasOwn(changes, name)) continue;
      const value = changes[name];
      upTo(value === undefined ? from : start);
      if (value !== undefined) pieces.push(Buffer.from(value));
      // The next boundary stays; where it is now the first, the line end before it goes.
      at = begun ? end : end + lineEndBytes;
    }
    upTo(this.#length);
    return { pieces, added: pieces.reduce((sum, { length }) => sum + length, 0) - this.#length };
  }

  #part(name: string, value: string): string {
    return `--${this.#boundary}\r\ncontent-disposition: form-data; name="${name.replaceAll('"', '%22')}"\r\n\r\n${value}\r\n`;
  }

  #text({ start, end, name }: FormPart): string {
    if (end - start > maxTextBytes) throw new SluiceError('invalid_request', `'${name}' is too long.`, { param: name });
    return this.#kept.toString('utf8', start, end);
  }

  async #more(): Promise<void> {
    const bytes = await this.#pull();
    if (!bytes) return;
    this.#keep(bytes);
    this.#scan(bytes);
  }

  #scan(bytes: Uint8Array): void {
    try {
      this.#scanner.scan(bytes);
    } catch (cause) {
      throw new SluiceError('invalid_request', `The body is not a form: ${(cause as Error).message}.`, { cause });
    }
  }

  async #pull(): Promise<Uint8Array | undefined> {
    if (this.#ended) return undefined;
    // A client that stops in the middle of its body would keep its place for ever.
    this.#input.waiting?.(bodyIdleSeconds);
    const { done, value } = await this.#reader!.read();
    this.#input.waiting?.(0);
    if (done) {
      this.#ended = true;
      return undefined;
    }
    this.#total += value.length;
    if (this.#total > this.#input.maxBytes) throw tooLarge(this.#input.maxBytes);
    return value;
  }

  #keep(bytes: Uint8Array): void {
    const wanted = this.#length + bytes.length;
    if (wanted > this.#kept.length) {
      const grown = Buffer.allocUnsafe(Math.max(wanted, this.#kept.length * 2));
      this.#kept.copy(grown, 0, 0, this.#length);
      this.#kept = grown;
    }
    this.#kept.set(bytes, this.#length);
    this.#length = wanted;
  }

  /** More has gone on than is kept for another try. */
  #forget(): void {
    this.#gone = true;
    this.#kept = Buffer.alloc(0);
    this.#length = 0;
  }
}

const formType = /^multipart\/form-data[ \t]*((?:;[ \t]*[\w-]+=(?:"[^"\\]*"|[^\s;",]+)[ \t]*)+)(?:;[ \t]*)?$/i;
const boundaryParameter = /;\s*boundary=(?:"([^"]*)"|([^\s;"]+))/gi;
/** RFC 2046, section 5.1.1, and longer ones, which some clients make. */
const boundaryShape = /^[\w'()+,\-./:=? ]{0,199}[\w'()+,\-./:=?]$/;

/** @returns undefined where there is none, or where two readers could take two for it */
const boundaryOf = (contentType: string): string | undefined => {
  const parameters = formType.exec(contentType.trim())?.[1];
  const [found, ...others] = [...(parameters ?? '').matchAll(boundaryParameter)];
  const boundary = found?.[1] ?? found?.[2];
  return boundary !== undefined && others.length === 0 && boundaryShape.test(boundary) ? boundary : undefined;
};

const tooLarge = (maxBytes: number): SluiceError =>
  new SluiceError(
    'request_too_large',
    `The form is larger than ${maxBytes} bytes. The gateway's limit is general_settings.max_request_size_mb.`,
  );

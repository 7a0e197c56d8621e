import type { AudioPart, Emit } from '../../types/index.ts';
import type { PartWriter } from '../shared/part-writer.ts';

/**
 * Joins audio that comes in pieces into one part. The pieces are base64 each for itself: where one ends with padding,
 * its last bytes are held back for the next, so that the texts of all pieces joined are base64 as well.
 */
export class AudioJoiner {
  readonly #writer: PartWriter;
  #part: AudioPart | undefined;
  /** Bytes that did not fill a group of three. */
  #held = '';

  constructor(writer: PartWriter) {
    this.#writer = writer;
  }

  add(part: AudioPart, emit: Emit): void {
    const { source } = part;
    if (source?.kind !== 'base64') {
      this.flush(emit);
      this.#writer.whole(part, emit);
      return;
    }
    this.#part ??= { ...part, source: { ...source, data: '' } };
    this.#write(this.#align(source.data), emit);
  }

  /** Something else follows: what is held back goes out. */
  flush(emit: Emit): void {
    if (!this.#part) return;
    this.#write(btoa(this.#held), emit);
    this.#held = '';
    this.#part = undefined;
    this.#writer.endOpen(emit);
  }

  #write(data: string, emit: Emit): void {
    if (data !== '' && this.#part) this.#writer.audio(this.#part, { data }, emit);
  }

  #align(data: string): string {
    if (this.#held === '' && !data.endsWith('=')) return data;
    const decoded = decode(data);
    // Not base64 at all: as it came, whatever it is.
    if (decoded === undefined) return data;
    const bytes = this.#held + decoded;
    const whole = bytes.length - (bytes.length % 3);
    this.#held = bytes.slice(whole);
    return btoa(bytes.slice(0, whole));
  }
}

const decode = (data: string): string | undefined => {
  try {
    return atob(data);
  } catch {
    return undefined;
  }
};

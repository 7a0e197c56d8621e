/**
 * About how many tokens a stream has shown, for the time in which its provider has not said so: texts, thoughts and
 * arguments of calls by their length, as `lib/estimate-tokens.ts` has it. It looks at events as they are, in place, so that
 * a stream that is passed through is not parsed for it: nothing is allocated.
 */
export class OutputCount {
  readonly #names: readonly string[];
  /** The member that the last text stood in: nearly always the next one does too. */
  #last: string;
  #quarters = 0;

  /** @param names of members whose texts are output */
  constructor(names: readonly string[]) {
    this.#names = names.map((name) => `"${name}"`);
    this.#last = this.#names[0] ?? '';
  }

  /** @param data an event's JSON */
  see(data: string): void {
    if (this.#of(data, this.#last)) return;
    for (const name of this.#names) {
      if (name === this.#last || !this.#of(data, name)) continue;
      this.#last = name;
      return;
    }
  }

  /** A text that was read. */
  add(text: string): void {
    for (let at = 0; at < text.length; at++) this.#quarters += text.charCodeAt(at) < firstWide ? 1 : 4;
  }

  /** The provider has said what was used until now. */
  counted(): void {
    this.#quarters = 0;
  }

  /** Since `counted`. */
  get tokens(): number {
    return Math.ceil(this.#quarters / 4);
  }

  /** Whether there was text in it. A name inside a text has its quotes escaped, and one that is a value has no colon behind it. */
  #of(data: string, name: string): boolean {
    const before = this.#quarters;
    for (let at = data.indexOf(name); at !== -1; at = data.indexOf(name, at)) {
      at = spaceless(data, at + name.length);
      if (data.charCodeAt(at) !== colon) continue;
      at = spaceless(data, at + 1);
      const first = data.charCodeAt(at);
      if (first === quote) at = this.#text(data, at + 1);
      else if (first === brace) at = this.#object(data, at);
    }
    return this.#quarters !== before;
  }

  /** @returns the place of its closing quote */
  #text(data: string, from: number): number {
    let at = from;
    for (; at < data.length; at++) {
      const code = data.charCodeAt(at);
      if (code === quote) break;
      if (code === backslash) {
        const wide = data.charCodeAt(at + 1) === letterU;
        // `\u00e9` is of an alphabet.
        this.#quarters += wide && !data.startsWith('0', at + 2) ? 4 : 1;
        at += wide ? 5 : 1;
      } else this.#quarters += code < firstWide ? 1 : 4;
    }
    return at;
  }

  /** Arguments that come as an object count as they are written. @returns the place of its closing brace */
  #object(data: string, from: number): number {
    let depth = 0;
    let at = from;
    for (; at < data.length; at++) {
      const code = data.charCodeAt(at);
      if (code === quote) at = this.#text(data, at + 1);
      else if (code === brace) depth++;
      else if (code === closing && --depth === 0) break;
      this.#quarters++;
    }
    return at;
  }
}

/** Scripts that write a syllable or a word a character begin here. */
const firstWide = 0x2e80;
const [quote, backslash, colon, brace, closing, letterU] = [34, 92, 58, 123, 125, 117];

const spaceless = (data: string, from: number): number => {
  let at = from;
  while (data.charCodeAt(at) === 32) at++;
  return at;
};

/**
 * The header section of an answer, read where it lies: a lookup searches the text, and a real `Headers` is only made
 * for whoever walks through all of them. Making one costs several microseconds, a lookup a tenth of one.
 */
export class LazyHeaders implements Headers {
  readonly #text: string;
  readonly #lower: string;
  #full: Headers | undefined;

  /** @param text the lines of the section without the status line, each led by its line feed, carriage returns included or not */
  constructor(text: string) {
    this.#text = text;
    this.#lower = text.toLowerCase();
  }

  get(name: string): string | null {
    if (this.#full) return this.#full.get(name);
    const mark = `\n${name.toLowerCase()}:`;
    let at = this.#lower.indexOf(mark);
    if (at === -1) return null;
    let value = this.#valueAt(at + mark.length);
    for (at = this.#lower.indexOf(mark, at + 1); at !== -1; at = this.#lower.indexOf(mark, at + 1))
      value += `, ${this.#valueAt(at + mark.length)}`;
    return value;
  }

  has(name: string): boolean {
    return this.#full ? this.#full.has(name) : this.#lower.includes(`\n${name.toLowerCase()}:`);
  }

  /** The value that begins there, with the lines that continue it (obsolete, yet seen). */
  #valueAt(start: number): string {
    const text = this.#text;
    let end = lineEnd(text, start);
    let value = text.slice(start, end).trim();
    while (text.charCodeAt(end + 1) === 32 || text.charCodeAt(end + 1) === 9) {
      const next = lineEnd(text, end + 1);
      value = `${value} ${text.slice(end + 1, next).trim()}`;
      end = next;
    }
    return value;
  }

  #all(): Headers {
    if (this.#full) return this.#full;
    const all = new Headers();
    for (let at = 0; at !== -1; at = this.#text.indexOf('\n', at + 1)) {
      const colon = this.#text.indexOf(':', at);
      const end = lineEnd(this.#text, at + 1);
      const name = this.#text.slice(at + 1, colon);
      // Names and values that `Headers` does not take, continuation lines among them, are of no use to anyone.
      if (colon === -1 || colon > end || !/^[!#$%&'*+\-.^_`|~\w]+$/.test(name)) continue;
      const value = this.#valueAt(colon + 1);
      if (!value.includes('\0')) all.append(name, value);
    }
    this.#full = all;
    return all;
  }

  append(name: string, value: string): void {
    this.#all().append(name, value);
  }
  set(name: string, value: string): void {
    this.#all().set(name, value);
  }
  delete(name: string): void {
    this.#all().delete(name);
  }
  forEach(callback: (value: string, key: string, parent: Headers) => void): void {
    // oxlint-disable-next-line unicorn/no-array-for-each
    this.#all().forEach((value, key) => callback(value, key, this));
  }
  getAll(name: 'set-cookie' | 'Set-Cookie'): string[] {
    return this.#all().getAll(name);
  }
  getSetCookie(): string[] {
    return this.#all().getSetCookie();
  }
  entries(): HeadersIterator<[string, string]> {
    return this.#all().entries();
  }
  keys(): HeadersIterator<string> {
    return this.#all().keys();
  }
  values(): HeadersIterator<string> {
    return this.#all().values();
  }
  toJSON(): ReturnType<Headers['toJSON']> {
    return this.#all().toJSON();
  }
  get count(): number {
    return this.#all().count;
  }
  [Symbol.iterator](): HeadersIterator<[string, string]> {
    return this.#all()[Symbol.iterator]();
  }
}

const lineEnd = (text: string, from: number): number => {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
};

const nameShape = /^[!#$%&'*+\-.^_`|~\w]+$/;
const cr = 13;
const space = 32;
const tab = 9;

/**
 * The header section of an answer, read where it lies: a lookup searches the text, and a real `Headers` is only made
 * for whoever changes them or wants them sorted. Making one costs several microseconds, a lookup a fraction of one.
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
    return this.#full ? this.#full.get(name) : this.find(`\n${name.toLowerCase()}:`);
  }

  /** As the upstream sent it, by the mark that it begins with: `\nname:` in lower case. Spares a lookup the making of the mark. */
  find(mark: string): string | null {
    let at = this.#lower.indexOf(mark);
    if (at === -1) return null;
    let value = this.#value(at + mark.length, this.#end(at + mark.length));
    for (at = this.#lower.indexOf(mark, at + 1); at !== -1; at = this.#lower.indexOf(mark, at + 1)) {
      value += `, ${this.#value(at + mark.length, this.#end(at + mark.length))}`;
    }
    return value;
  }

  has(name: string): boolean {
    return this.#full ? this.#full.has(name) : this.#lower.includes(`\n${name.toLowerCase()}:`);
  }

  /** As the upstream ordered them, where `Headers` sorts them: sorting would be most of the work that is saved here. */
  forEach(callback: (value: string, key: string, parent: Headers) => void): void {
    for (const [name, value] of this.#full ?? this.#parse()) callback(value, name, this);
  }

  /** The end of the header that begins before `from`: of its line, and of the lines that continue it (obsolete, yet seen). */
  #end(from: number): number {
    const text = this.#text;
    let end = text.indexOf('\n', from);
    while (end !== -1 && (text.charCodeAt(end + 1) === space || text.charCodeAt(end + 1) === tab)) end = text.indexOf('\n', end + 1);
    return end === -1 ? text.length : end;
  }

  #value(from: number, to: number): string {
    const text = this.#text;
    let start = from;
    let end = text.charCodeAt(to - 1) === cr ? to - 1 : to;
    while (start < end && isBlank(text.charCodeAt(start))) start++;
    while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
    const value = text.slice(start, end);
    return value.includes('\n') ? value.replaceAll(/[ \t]*\r?\n[ \t]+/g, ' ') : value;
  }

  /** Names -> values. Lines that are no headers are of no use to anyone. */
  #parse(): Map<string, string> {
    const all = new Map<string, string>();
    for (let at = 0; at !== -1 && at < this.#text.length;) {
      const colon = this.#lower.indexOf(':', at);
      if (colon === -1) break;
      const name = this.#lower.slice(at + 1, colon);
      if (!nameShape.test(name)) {
        at = this.#lower.indexOf('\n', at + 1);
        continue;
      }
      const end = this.#end(colon);
      const value = this.#value(colon + 1, end);
      const before = all.get(name);
      if (!value.includes('\0')) all.set(name, before === undefined ? value : `${before}, ${value}`);
      at = end;
    }
    return all;
  }

  #all(): Headers {
    if (this.#full) return this.#full;
    const all = new Headers();
    for (const [name, value] of this.#parse()) {
      // The one header that must not be joined.
      if (name !== 'set-cookie') all.append(name, value);
    }
    for (const value of this.#cookies()) all.append('set-cookie', value);
    this.#full = all;
    return all;
  }

  #cookies(): string[] {
    const mark = '\nset-cookie:';
    const values: string[] = [];
    for (let at = this.#lower.indexOf(mark); at !== -1; at = this.#lower.indexOf(mark, at + 1)) {
      values.push(this.#value(at + mark.length, this.#end(at + mark.length)));
    }
    return values;
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

const isBlank = (code: number): boolean => code === space || code === tab;

/** How a model writes down what it thinks, in the midst of its text. */
export interface ThoughtTags {
  open: string;
  close: string;
  /** The prompt ends with the opening one, so that the answer begins with thoughts. */
  opened?: boolean;
}

interface Sinks {
  thought(text: string): void;
  text(text: string): void;
}

/**
 * Tells the thoughts at the beginning of a text from the rest, however the text is cut. Holds back no more than what may
 * be the beginning of a tag.
 */
export class ThoughtSplitter {
  readonly #tags: ThoughtTags;
  readonly #sinks: Sinks;
  #state: 'before' | 'opening' | 'inside' | 'behind' | 'after' = 'before';
  #held = '';

  constructor(tags: ThoughtTags, sinks: Sinks) {
    this.#tags = tags;
    this.#sinks = sinks;
  }

  push(text: string): void {
    if (this.#state === 'after') return this.#sinks.text(text);
    this.#held += text;
    if (this.#state === 'before') this.#readOpen(false);
    if (this.#state === 'opening') this.#readGap('inside');
    if (this.#state === 'inside') this.#readThoughts();
    if (this.#state === 'behind' && this.#readGap('after')) this.#release('text');
  }

  /** The text is complete. */
  end(): void {
    if (this.#state === 'before') this.#readOpen(true);
    if (this.#state === 'opening') this.#readGap('inside');
    if (this.#state === 'inside') this.#release('thought');
    else if (this.#state === 'after') this.#release('text');
    this.#held = '';
  }

  #readOpen(last: boolean): void {
    const { open, opened = false } = this.#tags;
    const begun = this.#held.trimStart();
    if (begun.startsWith(open)) {
      this.#held = begun.slice(open.length);
      this.#state = 'opening';
      return;
    }
    if (!last && open.startsWith(begun)) return;
    this.#state = opened ? 'opening' : 'after';
    if (this.#state === 'after') this.#release('text');
  }

  #readThoughts(): void {
    const { close } = this.#tags;
    const at = this.#held.indexOf(close);
    if (at !== -1) {
      const rest = this.#held.slice(at + close.length);
      this.#held = this.#held.slice(0, at);
      this.#release('thought');
      this.#held = rest;
      this.#state = 'behind';
      return;
    }
    const kept = beginningOf(close, this.#held);
    const rest = this.#held.slice(this.#held.length - kept);
    this.#held = this.#held.slice(0, this.#held.length - kept);
    this.#release('thought');
    this.#held = rest;
  }

  /** Around the thoughts stand line breaks, which are no part of anything. */
  #readGap(next: 'inside' | 'after'): boolean {
    this.#held = this.#held.trimStart();
    if (this.#held === '') return false;
    this.#state = next;
    return true;
  }

  #release(to: keyof Sinks): void {
    const text = this.#held;
    this.#held = '';
    if (text !== '') this.#sinks[to](text);
  }
}

/** How many characters at the end of a text may be the beginning of the tag. */
const beginningOf = (tag: string, text: string): number => {
  for (let length = Math.min(tag.length - 1, text.length); length > 0; length--) if (text.endsWith(tag.slice(0, length))) return length;
  return 0;
};

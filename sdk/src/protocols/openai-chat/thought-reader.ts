import type { Emit, JsonObject, ThinkingPart } from '../../types/index.ts';
import type { PartWriter } from '../shared/part-writer.ts';
import { asObjects, asString } from '../shared/read.ts';
import { readBlock, readCarried } from '../shared/thinking-blocks.ts';
import { detailsSignature, detailsText, isOpaque, thoughtsOf } from './thinking.ts';

/**
 * Reads streamed thoughts from the places where vendors put them: as plain text, as LiteLLM's blocks, as OpenRouter's
 * details. The words come twice where a vendor fills two places; the plain ones hold.
 */
export class ThoughtReader {
  readonly #writer: PartWriter;
  /** Plain thoughts have been seen, so those in blocks and details are the same again. */
  #plain = false;
  /** The words of the open thoughts. */
  #text = '';
  /** OpenRouter's details since the last signature, fragments of one joined. */
  #details: JsonObject[] = [];

  constructor(writer: PartWriter) {
    this.#writer = writer;
  }

  /** @returns whether the log probabilities were taken along */
  push(delta: JsonObject, logprobs: JsonObject | undefined, emit: Emit): boolean {
    const text = thoughtsOf(delta);
    if (text !== '') {
      this.#plain = true;
      this.#think(text, emit, logprobs);
    }
    const { thinking_blocks: blocks, reasoning_details: details } = delta;
    if (Array.isArray(blocks)) for (const block of asObjects(blocks)) this.#block(block, text !== '', emit);
    if (Array.isArray(details) && details.length > 0) this.#detail(asObjects(details), emit);
    return text !== '' && logprobs !== undefined;
  }

  /** Thoughts among the content. */
  chunk({ text, signature, redacted }: ThinkingPart, emit: Emit): void {
    if (redacted) this.#writer.whole({ type: 'thinking', text, redacted }, emit);
    else if (text !== '') this.#writer.thinking(text, emit);
    if (!signature || redacted) return;
    this.#writer.signature('thinking', signature, emit);
    this.#end(emit);
  }

  /** Something else begins: the thoughts so far are complete, and so are their details. */
  before(emit: Emit): void {
    // In the middle of a text they wait for its end: a text is not cut in two for them.
    if (this.#details.length > 0 && this.#writer.open !== 'text') this.finish(emit);
  }

  finish(emit: Emit): void {
    if (isOpaque(this.#details)) {
      // Encrypted thoughts may come behind the answer: they are thoughts of their own then, without words.
      this.#writer.signature('thinking', detailsSignature(this.#details), emit);
      this.#end(emit);
    }
    this.#details = [];
  }

  #think(text: string, emit: Emit, logprobs?: JsonObject): void {
    if (this.#writer.open !== 'thinking') this.#text = '';
    this.#text += text;
    this.#writer.thinking(text, emit, logprobs);
  }

  /** `beside`: plain thoughts came in the same delta, so a block without a signature is a fragment of them. */
  #block(block: JsonObject, beside: boolean, emit: Emit): void {
    const carried = readCarried(block);
    if (carried) return this.#writer.whole(carried.part, emit);
    const part = readBlock(block);
    if (part.redacted) {
      // A sealed block that hides its thoughts has its words beside it, if any.
      this.#writer.whole(part, emit);
      return;
    }
    if (part.text !== '' && !this.#plain) this.#think(part.text, emit);
    if (part.signature) {
      this.#writer.signature('thinking', part.signature, emit);
      this.#end(emit);
    } else if (this.#plain && !beside && part.text === this.#text && this.#writer.open === 'thinking') {
      this.#end(emit);
    }
  }

  #detail(details: JsonObject[], emit: Emit): void {
    if (!this.#plain) {
      const text = detailsText(details);
      if (text !== '') this.#think(text, emit);
    }
    for (const detail of details) this.#join(detail);
  }

  /** The next fragment of the last detail, or a new one. */
  #join(detail: JsonObject): void {
    const last = this.#details.at(-1);
    if (
      !last ||
      last['type'] !== detail['type'] ||
      last['index'] !== detail['index'] ||
      (last['id'] ?? detail['id']) !== (detail['id'] ?? last['id'])
    ) {
      this.#details.push({ ...detail });
      return;
    }
    for (const [name, value] of Object.entries(detail)) {
      if (name === 'text' || name === 'summary' || name === 'data') last[name] = (asString(last[name]) ?? '') + (asString(value) ?? '');
      else if (value !== null && value !== undefined) last[name] = value;
    }
  }

  #end(emit: Emit): void {
    this.#writer.endOpen(emit);
    this.#text = '';
  }
}

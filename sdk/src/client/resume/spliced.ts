import type { Emit, StreamPart, Usage } from '../../types/index.ts';
import { addUsage } from '../realtime-usage.ts';
import { createOverlapTrimmer, type OverlapTrimmer } from './overlap.ts';

/** More than this is not kept, and not gone on from. UTF-16 units. */
const maxText = 1024 * 1024;

type Kind = 'text' | 'thinking' | 'other';

/**
 * One stream of parts made of several, each of which goes on where the one before broke off: one start, indexes without a
 * gap, one finish. What the second says goes into the text that the first left open; what it thinks before that is left
 * out, for its place is behind what the client has read.
 */
export class Spliced {
  /** What the client has of the answer's text. */
  text = '';
  /** Something was sent that no other model can go on with: a tool call, a picture, a refusal, too long a text. */
  #fixed = false;
  finished = false;
  readonly #emit: Emit;
  #begun = false;
  #next = 0;
  /** Parts that are open, by their index for the client. */
  readonly #open = new Map<number, Kind>();
  /** Index in the present stream -> index for the client; undefined: left out. */
  #places = new Map<number, number | undefined>();
  /** The text that waits for more of it. */
  #left: number | undefined;
  /** The present stream goes on with a text, whose index in it this is, once it has begun. */
  #goesOn = false;
  #joined: number | undefined;
  #trimmer: OverlapTrimmer | undefined;
  #shift = 0;
  #earlier: Usage | undefined;
  #own: Usage | undefined;
  #told = true;
  #words = 0;

  constructor(emit: Emit) {
    this.#emit = emit;
  }

  /** Of the present stream: what its provider has counted so far. */
  get own(): Usage | undefined {
    return this.#own;
  }

  /** Of all. */
  get usage(): Usage | undefined {
    return this.#own && this.#earlier ? addUsage(this.#earlier, this.#own) : (this.#own ?? this.#earlier);
  }

  /** Characters that the present stream has sent, thoughts included. */
  get words(): number {
    return this.#words;
  }

  /** Whether another stream may take over. @param prose text may be gone on with */
  mayGoOn(prose: boolean): boolean {
    return !this.#fixed && !this.finished && (prose || this.text === '');
  }

  /**
   * The present stream broke off, and another one takes its place.
   * @param used what the broken one has used, as far as that is known
   */
  goOn(used: Usage, unseen: string): void {
    const last = [...this.#open].at(-1);
    this.#left = last?.[1] === 'text' ? last[0] : undefined;
    for (const index of this.#open.keys()) if (index !== this.#left) this.#end(index);
    this.#earlier = this.#earlier ? addUsage(this.#earlier, used) : used;
    this.#own = undefined;
    this.#told = false;
    this.#places = new Map();
    this.#goesOn = this.text !== '' || this.#left !== undefined;
    this.#joined = undefined;
    this.#trimmer = this.text === '' ? undefined : createOverlapTrimmer(this.text, unseen);
    this.#shift = this.text.length;
    this.#words = 0;
  }

  push(part: StreamPart): void {
    switch (part.type) {
      case 'start':
        return this.#start(part);
      case 'part-start':
        return this.#partStart(part);
      case 'finish':
        this.#release();
        this.#close();
        this.finished = true;
        return this.#emit(part);
      case 'usage':
        this.#own = part.usage;
        return this.#tellUsage();
      case 'end':
        if (!this.#told) this.#tellUsage();
        return this.#emit(part);
      case 'extra':
      case 'error':
        return this.#emit(part);
      default:
        return this.#inPart(part);
    }
  }

  #start(part: Extract<StreamPart, { type: 'start' }>): void {
    if (part.usage) this.#own = part.usage;
    if (this.#begun) return;
    this.#begun = true;
    this.#emit(part);
  }

  #partStart(part: Extract<StreamPart, { type: 'part-start' }>): void {
    const { type } = part.part;
    if (this.#goesOn && type === 'thinking') return void this.#places.set(part.index, undefined);
    if (type === 'text' && this.#left !== undefined) {
      this.#places.set(part.index, this.#left);
      this.#joined = part.index;
      this.#left = undefined;
      return;
    }
    this.#release();
    this.#close();
    if (type === 'text') this.#joined ??= this.#trimmer && part.index;
    else if (type !== 'thinking') this.#fixed = true;
    const index = this.#next++;
    this.#places.set(part.index, index);
    this.#open.set(index, type === 'text' || type === 'thinking' ? type : 'other');
    this.#emit({ ...part, index });
  }

  #inPart(part: Exclude<StreamPart, { type: 'start' | 'part-start' | 'finish' | 'usage' | 'end' | 'extra' | 'error' }>): void {
    const index = this.#places.get(part.index);
    if (index === undefined) return;
    const joined = part.index === this.#joined;
    switch (part.type) {
      case 'text-delta':
        this.#words += part.text.length;
        return this.#text(joined && this.#trimmer ? this.#trimmer.push(part.text) : part.text, { ...part, index });
      case 'thinking-delta':
        this.#words += part.text.length;
        return this.#emit({ ...part, index });
      case 'signature-delta':
        // It is for the text of one model alone.
        return joined ? undefined : this.#emit({ ...part, index });
      case 'citation-delta':
        return this.#emit({ ...part, index, citation: joined ? shifted(part.citation, this.#shift) : part.citation });
      case 'part-end':
        if (joined) this.#release();
        this.#open.delete(index);
        return this.#emit(joined ? { type: 'part-end', candidate: part.candidate, index } : { ...part, index });
      default:
        return this.#emit({ ...part, index });
    }
  }

  #text(text: string, part: Extract<StreamPart, { type: 'text-delta' }>): void {
    if (text === '') return;
    if (this.text.length + text.length > maxText) this.#fixed = true;
    else this.text += text;
    this.#emit(text === part.text ? part : { ...part, text });
  }

  /** What was kept back of the joined text. */
  #release(): void {
    const index = this.#joined === undefined ? undefined : this.#places.get(this.#joined);
    if (!this.#trimmer || index === undefined) return;
    const text = this.#trimmer.rest();
    this.#trimmer = undefined;
    this.#text(text, { type: 'text-delta', candidate: 0, index, text });
  }

  /** The text that was to be gone on with, and was not. */
  #close(): void {
    if (this.#left === undefined) return;
    this.#end(this.#left);
    this.#left = undefined;
  }

  #end(index: number): void {
    this.#open.delete(index);
    this.#emit({ type: 'part-end', candidate: 0, index });
  }

  #tellUsage(): void {
    const usage = this.usage;
    this.#told = true;
    if (usage) this.#emit({ type: 'usage', usage });
  }
}

/** Places in the text are counted from its beginning; the vendor's own word of them is of its half. */
const shifted = (
  { raw, startIndex, endIndex, ...citation }: Extract<StreamPart, { type: 'citation-delta' }>['citation'],
  by: number,
): Extract<StreamPart, { type: 'citation-delta' }>['citation'] => ({
  ...citation,
  ...(startIndex !== undefined && { startIndex: startIndex + by }),
  ...(endIndex !== undefined && { endIndex: endIndex + by }),
  ...(raw && startIndex === undefined && { raw }),
});

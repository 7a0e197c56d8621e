import type { AudioPart, Citation, Emit, JsonObject, Part, Signature, ThinkingPart, ToolCallPart } from '../../types/index.ts';

type OpenType = 'text' | 'thinking' | 'refusal' | 'audio';

/**
 * Turns deltas of a format without explicit blocks (OpenAI chat, Gemini, Ollama) into well-formed parts: it opens a
 * part when its first delta comes, closes it when another kind begins, and numbers them. One object a candidate.
 */
export class PartWriter {
  readonly candidate: number;
  #next = 0;
  /** The open part that is no tool call. */
  #open: { type: OpenType; index: number } | undefined;
  /** Open tool calls by the key the format gives them (an index, an id). */
  readonly #calls = new Map<string | number, number>();

  constructor(candidate: number) {
    this.candidate = candidate;
  }

  /** Whether any part was written. */
  get started(): boolean {
    return this.#next > 0;
  }

  /** What the one open part that is no tool call is; undefined if there is none. */
  get open(): OpenType | undefined {
    return this.#open?.type;
  }

  text(text: string, emit: Emit, logprobs?: JsonObject): void {
    const index = this.#opened('text', emit);
    emit({ type: 'text-delta', candidate: this.candidate, index, text, ...(logprobs && { logprobs }) });
  }

  refusal(text: string, emit: Emit, logprobs?: JsonObject): void {
    const index = this.#opened('refusal', emit);
    emit({ type: 'text-delta', candidate: this.candidate, index, text, ...(logprobs && { logprobs }) });
  }

  /** @param part what is known of the thoughts when they begin */
  thinking(text: string, emit: Emit, logprobs?: JsonObject, part?: ThinkingPart): void {
    const index = this.#opened('thinking', emit, part);
    emit({ type: 'thinking-delta', candidate: this.candidate, index, text, ...(logprobs && { logprobs }) });
  }

  citation(citation: Citation, emit: Emit): void {
    emit({ type: 'citation-delta', candidate: this.candidate, index: this.#opened('text', emit), citation });
  }

  /** A signature of the open part of that type, or of an empty new one. */
  signature(type: 'text' | 'thinking', signature: Signature, emit: Emit): void {
    emit({ type: 'signature-delta', candidate: this.candidate, index: this.#opened(type, emit), signature });
  }

  /** Opens a tool call. Calls stay open side by side until `closeCall` or `close`. */
  call(key: string | number, part: ToolCallPart, emit: Emit): void {
    this.#closeOpen(emit);
    const index = this.#next++;
    this.#calls.set(key, index);
    emit({ type: 'part-start', candidate: this.candidate, index, part: { ...part, arguments: '' } });
    if (part.arguments !== '') emit({ type: 'arguments-delta', candidate: this.candidate, index, text: part.arguments });
  }

  hasCall(key: string | number): boolean {
    return this.#calls.has(key);
  }

  /** More of an open call's arguments; ignored for a key that was never opened. */
  arguments(key: string | number, text: string, emit: Emit): void {
    const index = this.#calls.get(key);
    if (index !== undefined) emit({ type: 'arguments-delta', candidate: this.candidate, index, text });
  }

  /** A signature of an open call that came after its start; ignored for a key that was never opened. */
  signCall(key: string | number, signature: Signature, emit: Emit): void {
    const index = this.#calls.get(key);
    if (index !== undefined) emit({ type: 'signature-delta', candidate: this.candidate, index, signature });
  }

  closeCall(key: string | number, emit: Emit): void {
    const index = this.#calls.get(key);
    if (index === undefined) return;
    this.#calls.delete(key);
    emit({ type: 'part-end', candidate: this.candidate, index });
  }

  /** A part that comes whole (image, audio, opaque). */
  whole(part: Part, emit: Emit): void {
    this.#closeOpen(emit);
    const index = this.#next++;
    emit({ type: 'part-start', candidate: this.candidate, index, part });
    emit({ type: 'part-end', candidate: this.candidate, index });
  }

  /** More spoken output. `part`: what is known of it when it begins. */
  audio(part: AudioPart, more: { data?: string; transcript?: string }, emit: Emit): void {
    const index = this.#opened('audio', emit, part);
    if (more.data !== undefined || more.transcript !== undefined) emit({ type: 'audio-delta', candidate: this.candidate, index, ...more });
  }

  /**
   * Closes the open text, thoughts, refusal or audio, so that the next delta begins a part of its own. Tool calls stay open.
   * @param patch facts of the part that are known only now
   */
  endOpen(emit: Emit, patch?: JsonObject): void {
    this.#closeOpen(emit, patch);
  }

  /** Closes whatever is open. */
  close(emit: Emit): void {
    this.#closeOpen(emit);
    for (const index of this.#calls.values()) emit({ type: 'part-end', candidate: this.candidate, index });
    this.#calls.clear();
  }

  #opened(type: OpenType, emit: Emit, part: Part = { type, text: '' } as Part): number {
    if (this.#open?.type === type) return this.#open.index;
    this.#closeOpen(emit);
    const index = this.#next++;
    this.#open = { type, index };
    emit({ type: 'part-start', candidate: this.candidate, index, part });
    return index;
  }

  #closeOpen(emit: Emit, patch?: JsonObject): void {
    if (!this.#open) return;
    emit({ type: 'part-end', candidate: this.candidate, index: this.#open.index, ...(patch && { patch }) });
    this.#open = undefined;
  }
}

import type { Citation, DecodeHints, Emit, JsonObject, Signature } from '../../types/index.ts';
import { joinLogprobs } from '../shared/logprobs.ts';
import { PartWriter } from '../shared/part-writer.ts';
import { asArray, asNumber, asObject, asObjects, asString } from '../shared/read.ts';
import { finishOf } from './answer.ts';
import { CallReader } from './call-reader.ts';
import { readCitation } from './citations.ts';
import { readContent } from './content-read.ts';
import { ThoughtReader } from './thought-reader.ts';
import { googleSignature } from './tool-calls.ts';

/** Reads the deltas of one choice of a streamed answer into parts. */
export class ChoiceReader {
  readonly #writer: PartWriter;
  readonly #calls: CallReader;
  readonly #thoughts: ThoughtReader;
  /** Citations that came before the text that they are of. */
  #citations: Citation[] = [];
  #cited = false;
  #signature: Signature | undefined;
  #audioExpiresAt: number | undefined;
  /** Log probabilities of chunks that had no text. */
  #logprobs: JsonObject | undefined;
  #finish: string | undefined;

  constructor(candidate: number, newId: (at: number) => string, hints: DecodeHints) {
    this.#writer = new PartWriter(candidate);
    this.#calls = new CallReader(this.#writer, newId, hints);
    this.#thoughts = new ThoughtReader(this.#writer);
  }

  /** Whether the vendor said why it ended. It may say so twice, and send more after it, so the end is written at the stream's. */
  get finished(): boolean {
    return this.#finish !== undefined;
  }

  push(choice: JsonObject, emit: Emit): void {
    // Vendors that only pretend to stream send a message; Perplexity sends both, Together's old clients want a text.
    const delta = asObject(choice['delta']) ?? asObject(choice['message']) ?? { content: choice['text'] };
    let logprobs = asObject(choice['logprobs']);
    logprobs = this.#thoughts.push(delta, logprobs, emit) ? undefined : logprobs;
    if (this.#content(delta['content'], logprobs, emit)) logprobs = undefined;
    const refusal = asString(delta['refusal']);
    if (refusal) {
      this.#thoughts.before(emit);
      this.#writer.refusal(refusal, emit, logprobs);
      logprobs = undefined;
    }
    if (logprobs) joinLogprobs((this.#logprobs ??= {}), logprobs);

    if (Array.isArray(delta['annotations']))
      for (const annotation of asObjects(delta['annotations'])) this.#cite(readCitation(annotation), emit);
    if (delta['images']) for (const part of readContent(delta['images'], 'images')) this.#writer.whole(part, emit);
    if (delta['audio']) this.#hear(delta['audio'], emit);
    this.#readCalls(delta, emit);
    this.#signature ??= googleSignature(delta);

    const finish = asString(choice['finish_reason']);
    if (finish) this.#finish = finish;
  }

  /** @param sources of the whole answer, for a text that names none of its own */
  end(sources: Citation[], emit: Emit): void {
    this.#thoughts.finish(emit);
    for (const citation of this.#citations) this.#writer.citation(citation, emit);
    if (this.#writer.open === 'text') {
      if (!this.#cited) for (const citation of sources) this.#writer.citation(citation, emit);
      if (this.#signature && this.#calls.count === 0) this.#writer.signature('text', this.#signature, emit);
    }
    if (this.#writer.open === 'audio')
      this.#writer.endOpen(emit, this.#audioExpiresAt === undefined ? undefined : { expiresAt: this.#audioExpiresAt });
    this.#calls.finish(emit);
    this.#writer.close(emit);
    emit({
      type: 'finish',
      candidate: this.#writer.candidate,
      reason: finishOf(this.#finish, this.#calls.count > 0),
      ...(this.#finish !== undefined && { rawReason: this.#finish }),
      ...(this.#logprobs && { logprobs: this.#logprobs }),
    });
  }

  /** @returns whether the log probabilities were taken along */
  #content(content: unknown, logprobs: JsonObject | undefined, emit: Emit): boolean {
    if (typeof content === 'string') {
      // A token that is part of a character has a probability and no text yet.
      if (content === '' && asArray(logprobs?.['content']).length === 0) return false;
      this.#thoughts.before(emit);
      this.#writer.text(content, emit, logprobs);
      return true;
    }
    if (!Array.isArray(content)) return false;
    for (const part of readContent(content, 'content')) {
      if (part.type === 'text') {
        if (part.text !== '') {
          this.#thoughts.before(emit);
          this.#writer.text(part.text, emit, logprobs);
        }
        for (const citation of part.citations ?? []) this.#cite(citation, emit);
      } else if (part.type === 'thinking') {
        this.#thoughts.chunk(part, emit);
      } else if (part.type === 'refusal') {
        this.#writer.refusal(part.text, emit);
      } else {
        this.#writer.whole(part, emit);
      }
    }
    return false;
  }

  #readCalls(delta: JsonObject, emit: Emit): void {
    const legacy = asObject(delta['function_call']);
    const isLegacy = legacy && (asString(legacy['name']) || asString(legacy['arguments']));
    const fragments = isLegacy ? [{ index: 0, function: legacy }] : asObjects(asArray(delta['tool_calls']));
    if (fragments.length === 0) return;
    this.#thoughts.before(emit);
    // Google's compatible API signs the message that has the calls.
    const signature = googleSignature(delta);
    fragments.forEach((fragment, at) => {
      this.#calls.push(
        at === 0 && signature && !googleSignature(fragment) ? { ...fragment, thought_signature: signature.value } : fragment,
        at,
        emit,
      );
    });
  }

  #cite(citation: Citation, emit: Emit): void {
    this.#cited = true;
    if (this.#writer.open === 'text') this.#writer.citation(citation, emit);
    else this.#citations.push(citation);
  }

  #hear(value: unknown, emit: Emit): void {
    const audio = asObject(value);
    if (!audio) return;
    const id = asString(audio['id']) || undefined;
    const data = asString(audio['data']) || undefined;
    const transcript = asString(audio['transcript']) || undefined;
    this.#audioExpiresAt = asNumber(audio['expires_at']) ?? this.#audioExpiresAt;
    // Snowflake sends an empty one with every answer.
    if (this.#writer.open !== 'audio' && id === undefined && data === undefined) return;
    const more = { ...(data !== undefined && { data }), ...(transcript !== undefined && { transcript }) };
    this.#writer.audio({ type: 'audio', ...(id !== undefined && { id }) }, more, emit);
  }
}

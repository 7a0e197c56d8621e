import {
  SluiceError,
  type ChatResult,
  type Emit,
  type FinishReason,
  type JsonObject,
  type StreamDecoder,
  type ToolCallPart,
  type Usage,
} from '../../../types/index.ts';
import { createCollector } from '../collect.ts';
import { createJsonDecoder } from '../json-decoder.ts';
import { PartWriter } from '../part-writer.ts';
import { isObject } from '../read.ts';
import { ThoughtSplitter, type ThoughtTags } from './thought-splitter.ts';

/** What an answer, or an event of one, says of one candidate. */
export interface Piece {
  candidate: number;
  text?: string;
  /** Tells a plain text from thoughts where the format does. */
  thought?: string;
  calls?: readonly ToolCallPart[];
  /** The provider's word for the end. */
  finish?: string | undefined;
}

/** An answer of a text model, or an event of one, as far as it is understood. */
export interface Reading {
  id?: string | undefined;
  pieces: readonly Piece[];
  /** Why all candidates ended that have not said so themselves. */
  finish?: string | undefined;
  /** Tokens as far as they are known by now; what is said later holds. */
  usage?: Partial<Usage> | undefined;
  error?: SluiceError | undefined;
  /** That this was the last event. */
  ended?: boolean | undefined;
}

/** How the answers of one format are read: whole ones and events alike, since they say the same. */
export interface TextFormat {
  /** Undefined: it says nothing that is known. */
  read(value: JsonObject): Reading | undefined;
  finish: Readonly<Record<string, FinishReason>>;
  thoughts?: ThoughtTags | undefined;
}

interface Candidate {
  writer: PartWriter;
  splitter: ThoughtSplitter | undefined;
  finish?: string;
  calls: number;
}

/** Turns readings into parts. One object an answer. */
class AnswerReader {
  readonly #format: TextFormat;
  readonly #candidates = new Map<number, Candidate>();
  #emit: Emit = () => {};
  #usage: Partial<Usage> = {};
  #started = false;
  #ended = false;
  #done = false;
  #common: string | undefined;

  constructor(format: TextFormat) {
    this.#format = format;
  }

  read(value: unknown, emit: Emit): void {
    const reading = isObject(value) ? this.#format.read(value) : undefined;
    if (!reading || this.#done) return;
    this.#emit = emit;
    if (reading.error) return this.fail(reading.error, emit);
    if (!this.#started) {
      this.#started = true;
      emit({ type: 'start', ...(reading.id !== undefined && { id: reading.id }) });
    }
    this.#usage = { ...this.#usage, ...reading.usage };
    for (const piece of reading.pieces) this.#piece(piece, emit);
    if (reading.finish !== undefined) this.#common = reading.finish;
    this.#ended ||= reading.ended ?? false;
  }

  /** Counts that stand elsewhere than in the answer. */
  count(usage: Partial<Usage>): void {
    this.#usage = { ...usage, ...this.#usage };
  }

  fail(error: SluiceError, emit: Emit): void {
    if (this.#done) return;
    this.#done = true;
    emit({ type: 'error', error });
  }

  close(emit: Emit): void {
    if (this.#done) return;
    this.#emit = emit;
    const candidates = [...this.#candidates.values()];
    const finished = this.#common !== undefined || (candidates.length > 0 && candidates.every(({ finish }) => finish !== undefined));
    if (!this.#started || (!this.#ended && !finished))
      return this.fail(new SluiceError('stream_interrupted', 'The provider closed the stream before the answer was complete.'), emit);
    this.#done = true;
    // An answer without a word is an answer.
    if (candidates.length === 0) candidates.push(this.#candidateAt(0));
    for (const { writer, splitter, finish = this.#common, calls } of candidates) {
      splitter?.end();
      writer.close(emit);
      const reason = finish === undefined ? 'stop' : (this.#format.finish[finish.toLowerCase()] ?? 'other');
      emit({
        type: 'finish',
        candidate: writer.candidate,
        reason: reason === 'stop' && calls > 0 ? 'tool-calls' : reason,
        ...(finish !== undefined && { rawReason: finish }),
      });
    }
    const { inputTokens, outputTokens } = this.#usage;
    if (inputTokens !== undefined || outputTokens !== undefined)
      emit({ type: 'usage', usage: { ...this.#usage, inputTokens: inputTokens ?? 0, outputTokens: outputTokens ?? 0 } });
    emit({ type: 'end' });
  }

  #piece({ candidate: index, text, thought, calls = [], finish }: Piece, emit: Emit): void {
    const candidate = this.#candidateAt(index);
    const { writer, splitter } = candidate;
    if (thought) writer.thinking(thought, emit);
    if (text) {
      if (splitter) splitter.push(text);
      else writer.text(text, emit);
    }
    for (const call of calls) {
      const key = `${candidate.calls++}`;
      writer.call(key, call, emit);
      writer.closeCall(key, emit);
    }
    if (finish !== undefined) candidate.finish = finish;
  }

  #candidateAt(index: number): Candidate {
    const known = this.#candidates.get(index);
    if (known) return known;
    const writer = new PartWriter(index);
    const { thoughts } = this.#format;
    const splitter =
      thoughts &&
      new ThoughtSplitter(thoughts, {
        thought: (text) => writer.thinking(text, this.#emit),
        text: (text) => writer.text(text, this.#emit),
      });
    const made: Candidate = { writer, splitter, calls: 0 };
    this.#candidates.set(index, made);
    return made;
  }
}

/** A stream of JSON events. */
export const textDecoder = (format: TextFormat): StreamDecoder => {
  const reader = new AnswerReader(format);
  return createJsonDecoder(reader, 'event');
};

/**
 * A whole answer: what its stream would have said.
 * @param counted tokens that the answer's headers say, which hold where the body does not
 * @throws SluiceError `invalid_response` where there is no answer in it
 */
export const readTextAnswer = (format: TextFormat, body: JsonObject, counted: Partial<Usage> = {}): ChatResult => {
  if (!format.read(body))
    throw new SluiceError('invalid_response', 'The provider answered with something that is no answer of this model.', {
      upstream: { body },
    });
  const collector = createCollector();
  const reader = new AnswerReader({
    ...format,
    read: (value) => {
      const reading = format.read(value);
      return reading && { ...reading, ended: true };
    },
  });
  reader.read(body, collector.push);
  reader.count(counted);
  reader.close(collector.push);
  return collector.result();
};

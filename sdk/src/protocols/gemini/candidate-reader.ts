import type { Citation, DecodeHints, Emit, JsonObject, ToolCallPart } from '../../types/index.ts';
import { asObject, asObjects, asString } from '../shared/read.ts';
import { PartWriter } from '../shared/part-writer.ts';
import { createUniqueIds } from '../shared/unique-ids.ts';
import { AudioJoiner } from './audio-joiner.ts';
import { CallBook, makeCallId } from './call-ids.ts';
import { CallStream } from './call-stream.ts';
import { finishFromWire, finishWord } from './finish.ts';
import { readCitationMetadata, Sources } from './grounding.ts';
import { logprobsFromWire } from './logprobs.ts';
import { camelKeys } from './names.ts';
import { readPart, signatureOf } from './parts-from.ts';

/** Members of a candidate that the neutral model has a place for. */
const carried: ReadonlySet<string> = new Set(['content', 'finishReason', 'index']);

/** Reads one candidate of an answer, from as many chunks as it comes in. */
export class CandidateReader {
  readonly #writer: PartWriter;
  readonly #hints: DecodeHints;
  readonly #sources = new Sources();
  readonly #audio: AudioJoiner;
  /** All text so far: sources count in it. */
  #text = '';
  /** The open part has its signature: more text is another part. */
  #signed = false;
  #calls = 0;
  readonly #unique = createUniqueIds();
  readonly #pieces: CallStream;
  /** The call that is streamed. A custom one is written when it is complete: its input is one of its arguments. */
  #streamed: { part: ToolCallPart; first: JsonObject; custom: boolean } | undefined;
  /** For the answer that is being read now. */
  #answerId = '';
  #emit: Emit = () => {};
  #finish: string | undefined;
  #extra: JsonObject = {};

  constructor(index: number, hints: DecodeHints) {
    this.#writer = new PartWriter(index);
    this.#audio = new AudioJoiner(this.#writer);
    this.#hints = hints;
    this.#pieces = new CallStream({
      begin: ({ id }, part) => this.#beginCall(id, part),
      more: (text, part) => this.#moreOfCall(text, part),
      end: () => this.#endCall(),
    });
  }

  get finished(): boolean {
    return this.#finish !== undefined;
  }

  /** Members that only this format has: sources, safety ratings, average log probability. */
  get extra(): JsonObject {
    return this.#extra;
  }

  /**
   * @param answerId the answer's id, of which ids of calls are made where Google gives none
   * @throws SluiceError `invalid_response` for arguments in pieces that do not fit together
   */
  read(value: JsonObject, answerId: string, emit: Emit): void {
    this.#answerId = answerId;
    this.#emit = emit;
    const candidate = camelKeys(value);
    let logprobs = logprobsFromWire(candidate['logprobsResult']);
    const starts: number[] = [];
    for (const part of asObjects(asObject(candidate['content'])?.['parts'])) {
      starts.push(this.#text.length);
      if (this.#part(part, answerId, logprobs, emit)) logprobs = undefined;
    }
    // They may come in a chunk without text.
    if (logprobs) this.#writer.text('', emit, logprobs);
    this.#metadata(candidate, starts, emit);
    this.#finish = finishWord(candidate['finishReason']) ?? this.#finish;
  }

  /** Closes what is open and says why the answer ended. Some answers say STOP, and go on: so only at the very end. */
  close(emit: Emit): void {
    this.#emit = emit;
    this.#pieces.end();
    this.#audio.flush(emit);
    this.#writer.close(emit);
    emit({
      type: 'finish',
      candidate: this.#writer.candidate,
      reason: finishFromWire(this.#finish, this.#calls > 0),
      ...(this.#finish !== undefined && { rawReason: this.#finish }),
    });
  }

  /** @returns whether the log probabilities were used */
  #part(value: JsonObject, answerId: string, logprobs: JsonObject | undefined, emit: Emit): boolean {
    // By far the most parts of a stream are plain text.
    const { text } = value;
    if (text === '' && !logprobs && Object.keys(value).length === 1) return false;
    if (this.#pieces.read(value)) return false;
    this.#pieces.end();
    if (typeof text === 'string' && Object.keys(value).length === 1) return this.#addText(text, logprobs, emit);

    const part = readPart(value, new CallBook());
    if (part.type !== 'audio') this.#audio.flush(emit);
    switch (part.type) {
      case 'text': {
        const used = this.#addText(part.text, logprobs, emit);
        if (part.signature) {
          this.#writer.signature('text', part.signature, emit);
          this.#signed = true;
        }
        return used;
      }
      case 'thinking':
        this.#fresh(emit);
        if (part.text !== '') this.#writer.thinking(part.text, emit);
        if (part.signature) {
          this.#writer.signature('thinking', part.signature, emit);
          this.#signed = true;
        }
        return false;
      case 'tool-call':
        this.#call(
          {
            ...part,
            id: this.#unique(
              asString(asObject(value['functionCall'] ?? value['function_call'])?.['id']) || makeCallId(this.#calls, answerId),
            ),
          },
          emit,
        );
        return false;
      case 'audio':
        this.#audio.add(part, emit);
        return false;
      default:
        this.#writer.whole(part, emit);
        return false;
    }
  }

  /** A part that has its signature is complete. */
  #fresh(emit: Emit): void {
    if (!this.#signed) return;
    this.#signed = false;
    this.#writer.endOpen(emit);
  }

  #addText(text: string, logprobs: JsonObject | undefined, emit: Emit): boolean {
    if (text === '' && !logprobs) return false;
    this.#audio.flush(emit);
    this.#fresh(emit);
    this.#text += text;
    this.#writer.text(text, emit, logprobs);
    return logprobs !== undefined;
  }

  #call(part: ToolCallPart, emit: Emit): void {
    const name = this.#hints.toolNames?.[part.name] ?? part.name;
    const custom = this.#isCustom(name);
    this.#signed = false;
    this.#writer.call(this.#calls, { ...part, name, ...(custom && { kind: 'custom', arguments: inputOf(part.arguments) }) }, emit);
    this.#writer.closeCall(this.#calls++, emit);
  }

  #isCustom(name: string): boolean {
    return this.#hints.customTools?.includes(name) === true;
  }

  #beginCall(id: string | undefined, first: JsonObject): void {
    const read = readPart(first, new CallBook()) as ToolCallPart;
    const name = this.#hints.toolNames?.[read.name] ?? read.name;
    const part: ToolCallPart = { ...read, name, id: this.#unique(id || makeCallId(this.#calls, this.#answerId)), arguments: '' };
    this.#streamed = { part, first, custom: this.#isCustom(name) };
    this.#audio.flush(this.#emit);
    this.#signed = false;
    if (!this.#streamed.custom) this.#writer.call(this.#calls, part, this.#emit);
  }

  #moreOfCall(text: string, piece: JsonObject): void {
    const { part, first, custom } = this.#streamed!;
    const signature = piece === first ? undefined : signatureOf(camelKeys(piece));
    if (custom) {
      this.#streamed!.part = { ...part, arguments: part.arguments + text, ...(signature && { signature }) };
      return;
    }
    if (text !== '') this.#writer.arguments(this.#calls, text, this.#emit);
    if (signature) this.#writer.signCall(this.#calls, signature, this.#emit);
  }

  #endCall(): void {
    const { part, custom } = this.#streamed!;
    this.#streamed = undefined;
    if (custom) this.#call(part, this.#emit);
    else this.#writer.closeCall(this.#calls++, this.#emit);
  }

  #metadata(candidate: JsonObject, starts: readonly number[], emit: Emit): void {
    for (const name in candidate) {
      if (carried.has(name)) continue;
      const value = candidate[name];
      this.#extra[name] = name === 'groundingMetadata' ? joinGrounding(asObject(this.#extra[name]), asObject(value)) : value;
    }
    const grounding = asObject(candidate['groundingMetadata']);
    if (grounding) this.#cite(this.#sources.read(camelKeys(grounding), this.#text, starts), emit);
    const recited = asObject(candidate['citationMetadata']);
    if (recited) this.#cite(readCitationMetadata(camelKeys(recited), this.#text), emit);
  }

  #cite(citations: readonly Citation[], emit: Emit): void {
    for (const citation of citations) this.#writer.citation(citation, emit);
  }
}

/** The text that a custom tool takes, from the one argument of the function that stands for it. */
const inputOf = (text: string): string => {
  const input: unknown = text === '' ? undefined : (JSON.parse(text) as JsonObject)['input'];
  return typeof input === 'string' ? input : text;
};

/** Lists grow from chunk to chunk; the rest is said again. */
const joinGrounding = (before: JsonObject | undefined, now: JsonObject | undefined): JsonObject => {
  const result: JsonObject = { ...before, ...now };
  for (const name of ['groundingChunks', 'groundingSupports']) {
    const old = before?.[name];
    const added = now?.[name];
    if (Array.isArray(old) && Array.isArray(added)) {
      result[name] = JSON.stringify(added).startsWith(JSON.stringify(old).slice(0, -1)) ? added : [...old, ...added];
    }
  }
  return result;
};

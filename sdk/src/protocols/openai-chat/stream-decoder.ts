import { SluiceError, type DecodeHints, type Emit, type JsonObject, type StreamDecoder, type WireEvent } from '../../types/index.ts';
import { readBodyError } from '../shared/openai-body-error.ts';
import { countsNothing, openAiUsageOf } from '../shared/openai-usage.ts';
import { asNumber, asObjects, asString, candidateIndex, parseObject } from '../shared/read.ts';
import { createCallIds } from './call-ids.ts';
import { ChoiceReader } from './choice-reader.ts';
import { readSources } from './citations.ts';
import { hasMembers, own } from './own.ts';
import { answerMembers, extrasOf } from './response.ts';

/** Reads a stream of chat completion chunks: OpenAI's, and those of its followers with their oddities. */
class ChatDecoder implements StreamDecoder {
  readonly #hints: DecodeHints;
  readonly #choices = new Map<number, ChoiceReader>();
  /** The vendor's own members of the chunks; the last of a name holds. */
  readonly #extra: JsonObject = {};
  #id = '';
  #serviceTier: string | undefined;
  #systemFingerprint: string | undefined;
  #told: { serviceTier?: string; systemFingerprint?: string } = {};
  #started = false;
  #counted = false;
  #done = false;

  constructor(hints: DecodeHints) {
    this.#hints = hints;
  }

  push({ event, data }: WireEvent, emit: Emit): void {
    if (this.#done) return;
    if (data === '[DONE]') return this.#choices.size > 0 ? this.#end(emit) : this.#fail(noAnswer(), emit);
    if (data.trim() === '') return;
    const chunk = parseObject(data);
    if (!chunk) return this.#fail(new SluiceError('invalid_response', 'The provider sent an event that is no JSON object.'), emit);
    const error = readBodyError(event === 'error' && chunk['error'] === undefined ? { error: chunk } : chunk);
    this.#facts(chunk, emit);
    if (error) return this.#fail(error, emit);
    for (const [at, choice] of asObjects(chunk['choices']).entries()) this.#choice(candidateIndex(choice['index'], at)).push(choice, emit);
  }

  close(emit: Emit): void {
    if (this.#done) return;
    // Perplexity and others send no `[DONE]`: the finish reason is their end.
    const choices = [...this.#choices.values()];
    if (choices.length > 0 && choices.every(({ finished }) => finished)) return this.#end(emit);
    this.#fail(new SluiceError('stream_interrupted', 'The provider closed the stream before the answer was complete.'), emit);
  }

  #facts(chunk: JsonObject, emit: Emit): void {
    for (const name in chunk) if (!answerMembers.has(name) && name !== 'error') this.#extra[name] = chunk[name];
    this.#serviceTier = asString(chunk['service_tier']) || this.#serviceTier;
    this.#systemFingerprint = asString(chunk['system_fingerprint']) || this.#systemFingerprint;
    // Azure's first chunk has neither an id nor a choice: the answer has not begun.
    const usage = chunk['usage'] || chunk['x_groq'] ? openAiUsageOf(chunk) : undefined;
    if (!this.#started && (asObjects(chunk['choices']).length > 0 || usage)) this.#start(chunk, emit);
    // A last event of some servers counts nothing, behind one that has counted.
    if (!usage || (this.#counted && countsNothing(usage))) return;
    this.#counted = true;
    emit({ type: 'usage', usage });
  }

  #start(chunk: JsonObject, emit: Emit): void {
    this.#started = true;
    const id = asString(chunk['id']) || undefined;
    const model = asString(chunk['model']) || undefined;
    const createdAt = asNumber(chunk['created']) || undefined;
    this.#id = id ?? '';
    this.#told = {
      ...(this.#serviceTier !== undefined && { serviceTier: this.#serviceTier }),
      ...(this.#systemFingerprint !== undefined && { systemFingerprint: this.#systemFingerprint }),
    };
    emit({
      type: 'start',
      ...(id !== undefined && { id }),
      ...(model !== undefined && { model }),
      ...(createdAt !== undefined && { createdAt }),
      ...this.#told,
    });
  }

  #choice(index: number): ChoiceReader {
    let choice = this.#choices.get(index);
    if (!choice) {
      choice = new ChoiceReader(index, createCallIds(this.#id, index), this.#hints);
      this.#choices.set(index, choice);
    }
    return choice;
  }

  #end(emit: Emit): void {
    this.#done = true;
    if (!this.#started) emit({ type: 'start' });
    const serviceTier = this.#serviceTier === this.#told.serviceTier ? undefined : this.#serviceTier;
    const systemFingerprint = this.#systemFingerprint === this.#told.systemFingerprint ? undefined : this.#systemFingerprint;
    const value = extrasOf(this.#extra);
    if (hasMembers(value) || serviceTier !== undefined || systemFingerprint !== undefined) {
      const late = { ...(serviceTier !== undefined && { serviceTier }), ...(systemFingerprint !== undefined && { systemFingerprint }) };
      emit({ type: 'extra', protocol: own, value, ...late });
    }
    const sources = readSources(this.#extra);
    for (const choice of this.#choices.values()) choice.end(sources, emit);
    emit({ type: 'end' });
  }

  #fail(error: SluiceError, emit: Emit): void {
    this.#done = true;
    emit({ type: 'error', error });
  }
}

const noAnswer = (): SluiceError => new SluiceError('invalid_response', 'The provider ended its stream without an answer.');

export const createDecoder = (hints: DecodeHints = {}): StreamDecoder => new ChatDecoder(hints);

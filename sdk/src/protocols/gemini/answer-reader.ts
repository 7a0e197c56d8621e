import { newId } from '../../lib/ids.ts';
import { SluiceError, type DecodeHints, type Emit, type JsonObject, type StreamPart } from '../../types/index.ts';
import { asObject, asObjects, asString, candidateIndex, isObject } from '../shared/read.ts';
import { CandidateReader } from './candidate-reader.ts';
import { errorFromBody } from './errors.ts';
import { camelKeys, modelName } from './names.ts';
import { readServiceTier } from './service-tier.ts';
import { searchesOf, usageFromWire } from './usage.ts';

/** Members of an answer that the neutral model has a place for. */
const carried: ReadonlySet<string> = new Set(['candidates', 'usageMetadata', 'modelVersion', 'responseId', 'createTime']);

/** Any of these makes an object an answer of this format. */
const marks: readonly string[] = ['candidates', 'promptFeedback', 'usageMetadata', 'responseId', 'modelVersion'];

const noAnswer = (): SluiceError => new SluiceError('invalid_response', 'The provider sent something that is not an answer.');

/**
 * Reads an answer, whole or in chunks: a whole one is a stream of one chunk, so the two cannot drift. The format has no
 * end mark, and an answer may give a finish reason and go on, so that everything final waits for `close`.
 */
export class AnswerReader {
  readonly #hints: DecodeHints;
  readonly #candidates = new Map<number, CandidateReader>();
  #started = false;
  #failed = false;
  #id = '';
  /** What ids of calls are made of: they must differ from those of other answers of the conversation, also where this one has no id. */
  #callsId = '';
  #usage: unknown;
  #searches = 0;
  #extra: JsonObject = {};
  /** Why the prompt was not answered. */
  #blocked: string | undefined;

  constructor(hints: DecodeHints = {}) {
    this.#hints = hints;
  }

  read(value: unknown, emit: Emit): void {
    if (this.#failed) return;
    if (Array.isArray(value)) {
      for (const each of value) this.read(each, emit);
      return;
    }
    if (!isObject(value)) return this.fail(noAnswer(), emit);
    const { error } = value;
    if (error !== undefined && error !== null) return this.fail(errorFromBody(value, undefined), emit);
    const chunk = camelKeys(value);
    // An event of a kind that is not known yet.
    if (!marks.some((name) => chunk[name] !== undefined)) return;
    if (!this.#started) this.#start(chunk, emit);
    this.#usage = chunk['usageMetadata'] ?? this.#usage;
    this.#note(chunk);

    asObjects(chunk['candidates']).forEach((candidate, position) => {
      const index = candidateIndex(candidate['index'], position);
      this.#searches += searchesOf(candidate);
      this.#safely(emit, () => this.#candidate(index).read(candidate, (this.#callsId ||= this.#id || newId('')), emit));
    });
  }

  /** @param whole a whole answer is complete by being there, with or without a finish reason */
  close(emit: Emit, whole = false): void {
    if (this.#failed) return;
    if (whole && !this.#started) return this.fail(noAnswer(), emit);
    const candidates = [...this.#candidates.values()];
    const ended = this.#blocked !== undefined || (candidates.length > 0 && candidates.every((each) => each.finished));
    if (!ended && !whole) {
      this.#writeUsage(emit);
      return this.fail(new SluiceError('stream_interrupted', 'The provider closed the stream before the answer was complete.'), emit);
    }
    this.#writeExtra(emit);
    for (const each of candidates) this.#safely(emit, () => each.close(emit));
    if (this.#failed) return;
    if (candidates.length === 0) {
      const raw = this.#blocked;
      emit({
        type: 'finish',
        candidate: 0,
        reason: raw === undefined ? 'other' : 'content-filter',
        ...(raw !== undefined && { rawReason: raw }),
      });
    }
    this.#writeUsage(emit);
    emit({ type: 'end' });
    this.#failed = true;
  }

  fail(error: SluiceError, emit: Emit): void {
    if (this.#failed) return;
    this.#failed = true;
    emit({ type: 'error', error });
  }

  /** Pieces of arguments that do not fit together end the answer. */
  #safely(emit: Emit, read: () => void): void {
    if (this.#failed) return;
    try {
      read();
    } catch (error) {
      this.fail(SluiceError.from(error), emit);
    }
  }

  #start(chunk: JsonObject, emit: Emit): void {
    this.#started = true;
    this.#id = asString(chunk['responseId']) ?? '';
    const model = asString(chunk['modelVersion']);
    const createdAt = Date.parse(asString(chunk['createTime']) ?? '');
    const tier = readServiceTier(asString(asObject(chunk['usageMetadata'])?.['serviceTier']));
    const usage = usageFromWire(chunk['usageMetadata']);
    const start: StreamPart = { type: 'start' };
    if (this.#id !== '') start.id = this.#id;
    if (model !== undefined) start.model = modelName(model);
    if (!Number.isNaN(createdAt)) start.createdAt = Math.floor(createdAt / 1000);
    if (tier !== undefined) start.serviceTier = tier;
    if (usage) start.usage = usage;
    emit(start);
  }

  #note(chunk: JsonObject): void {
    for (const name in chunk) if (!carried.has(name)) this.#extra[name] = chunk[name];
    const reason = asObject(chunk['promptFeedback'])?.['blockReason'];
    if (reason !== undefined) this.#blocked = String(reason);
  }

  #candidate(index: number): CandidateReader {
    let reader = this.#candidates.get(index);
    if (!reader) {
      reader = new CandidateReader(index, this.#hints);
      this.#candidates.set(index, reader);
    }
    return reader;
  }

  #writeExtra(emit: Emit): void {
    const candidates: JsonObject = {};
    for (const [index, { extra }] of this.#candidates) if (Object.keys(extra).length > 0) candidates[index] = extra;
    const value: JsonObject = { ...this.#extra, ...(Object.keys(candidates).length > 0 && { candidates }) };
    if (Object.keys(value).length > 0) emit({ type: 'extra', protocol: 'gemini', value });
  }

  #writeUsage(emit: Emit): void {
    const usage = usageFromWire(this.#usage, this.#searches);
    if (usage) emit({ type: 'usage', usage });
  }
}

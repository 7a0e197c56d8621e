import { newId } from '../../lib/ids.ts';
import { table } from '../../lib/table.ts';
import { SluiceError, type DecodeHints, type Emit, type FinishReason, type JsonObject, type StreamPart } from '../../types/index.ts';
import { asArray, asObject, asObjects, asString, isObject } from '../shared/read.ts';
import { PartWriter } from '../shared/part-writer.ts';
import { errorFromBody } from './errors.ts';
import { readImage } from './images.ts';
import { usageFromWire } from './usage.ts';

/** How long things took, which only this format tells. */
const durations = ['total_duration', 'load_duration', 'prompt_eval_duration', 'eval_duration'] as const;

const reasons: Readonly<Record<string, FinishReason>> = table({ stop: 'stop', length: 'length', load: 'stop', unload: 'stop' });

/** Reads an answer of `/api/chat`, whole or line by line: a whole one is a stream of one line. */
export class AnswerReader {
  readonly #hints: DecodeHints;
  readonly #writer = new PartWriter(0);
  #started = false;
  #done = false;
  #calls = 0;
  /** What ids of calls are made of where the server gives none. */
  #stamp = '';

  constructor(hints: DecodeHints = {}) {
    this.#hints = hints;
  }

  read(value: unknown, emit: Emit): void {
    if (this.#done) return;
    if (!isObject(value)) return this.fail(new SluiceError('invalid_response', 'The provider sent something that is not an answer.'), emit);
    if (value['error'] !== undefined) return this.fail(errorFromBody(value, undefined), emit);
    const message = asObject(value['message']);
    if (!message && value['done'] !== true)
      return this.fail(new SluiceError('invalid_response', 'The provider sent something that is not an answer.'), emit);
    if (!this.#started) this.#start(value, emit);
    if (message) this.#message(message, value['logprobs'], emit);
    if (value['done'] === true) this.#end(value, emit);
  }

  close(emit: Emit): void {
    this.fail(new SluiceError('stream_interrupted', 'The provider closed the stream before the answer was complete.'), emit);
  }

  fail(error: SluiceError, emit: Emit): void {
    if (this.#done) return;
    this.#done = true;
    emit({ type: 'error', error });
  }

  #start(value: JsonObject, emit: Emit): void {
    this.#started = true;
    const model = asString(value['model']);
    const created = asString(value['created_at']) ?? '';
    this.#stamp = created.replaceAll(/\D/g, '').slice(0, 24);
    const at = Date.parse(created);
    const start: StreamPart = { type: 'start' };
    if (model !== undefined) start.model = model;
    if (at > 0) start.createdAt = Math.floor(at / 1000);
    emit(start);
  }

  #message(message: JsonObject, logprobs: unknown, emit: Emit): void {
    const thinking = asString(message['thinking']);
    if (thinking) this.#writer.thinking(thinking, emit);
    const text = asString(message['content']) ?? '';
    const scores = asObjects(logprobs);
    if (text !== '' || scores.length > 0) this.#writer.text(text, emit, scores.length > 0 ? { content: scores, refusal: null } : undefined);
    for (const data of asArray(message['images'])) if (typeof data === 'string') this.#writer.whole(readImage(data), emit);
    for (const call of asObjects(message['tool_calls'])) this.#call(call, emit);
  }

  #call(call: JsonObject, emit: Emit): void {
    const declared = asObject(call['function']) ?? {};
    const name = asString(declared['name']) ?? '';
    const args = declared['arguments'];
    const custom = this.#hints.customTools?.includes(name) === true;
    const input = asObject(args)?.['input'];
    const n = this.#calls++;
    const id = asString(call['id']) || (this.#stamp === '' ? newId('call_') : `call_${this.#stamp}_${n}`);
    const text = typeof args === 'string' ? args : args === undefined ? '' : JSON.stringify(args);
    this.#writer.call(
      n,
      { type: 'tool-call', kind: custom ? 'custom' : 'function', id, name, arguments: custom && typeof input === 'string' ? input : text },
      emit,
    );
    this.#writer.closeCall(n, emit);
  }

  #end(value: JsonObject, emit: Emit): void {
    this.#done = true;
    this.#writer.close(emit);
    const extra: JsonObject = {};
    for (const name of durations) if (value[name] !== undefined) extra[name] = value[name];
    if (Object.keys(extra).length > 0) emit({ type: 'extra', protocol: 'ollama-chat', value: extra });
    const raw = asString(value['done_reason']);
    const reason = raw === undefined ? 'stop' : (reasons[raw] ?? 'other');
    emit({
      type: 'finish',
      candidate: 0,
      reason: reason === 'stop' && this.#calls > 0 ? 'tool-calls' : reason,
      ...(raw !== undefined && { rawReason: raw }),
    });
    const usage = usageFromWire(value);
    if (usage) emit({ type: 'usage', usage });
    emit({ type: 'end' });
  }
}

import { table } from '../../lib/table.ts';
import { SluiceError, type DecodeHints, type Emit, type JsonObject, type ToolCallPart } from '../../types/index.ts';
import { PartWriter } from '../shared/part-writer.ts';
import { asNumber, asObject, asObjects, asString, isObject } from '../shared/read.ts';
import { customText, formOf } from '../shared/tool-hints.ts';
import { isOfText, readCitation } from './citations.ts';
import { id, planPart, planSignature } from './common.ts';
import { errorFromBody } from './errors.ts';
import { readFinish } from './finish.ts';
import { readLogprobs } from './logprobs.ts';
import { readUsage } from './usage.ts';

type On = (event: JsonObject, message: JsonObject, emit: Emit) => void;

/**
 * Reads the events of an answer. Content, tool calls and citations are each numbered by themselves, and what ends a block
 * of content comes before or after its citations: a text stays open until something else begins.
 */
export class AnswerReader {
  readonly #hints: DecodeHints;
  readonly #writer = new PartWriter(0);
  #started = false;
  #done = false;
  #planning = false;
  #calls = 0;
  /** Open calls of custom tools, whose text comes packed in JSON. */
  readonly #packed = new Map<number, string>();
  /** Of the open block, for its citations: its text, and where it begins in the answer's. */
  #text = '';
  #base = 0;
  /** Citations that are not of text. */
  readonly #others: JsonObject[] = [];

  constructor(hints: DecodeHints = {}) {
    this.#hints = hints;
  }

  read(value: unknown, emit: Emit): void {
    if (this.#done) return;
    if (!isObject(value)) return this.fail(new SluiceError('invalid_response', 'The provider sent something that is not an answer.'), emit);
    const type = asString(value['type']);
    if (type === undefined || type === 'error') {
      // Failures that come up behind the status are sent as they would be without a stream.
      if (value['message'] !== undefined || value['error'] !== undefined) return this.fail(errorFromBody(value), emit);
      // `debug` events have an `event_type` in its place.
      return;
    }
    const on = this.#on[type];
    if (!on) return;
    if (!this.#started) this.#start(value, emit);
    on(value, asObject(asObject(value['delta'])?.['message']) ?? {}, emit);
  }

  close(emit: Emit): void {
    this.fail(new SluiceError('stream_interrupted', 'The provider closed the stream before the answer was complete.'), emit);
  }

  fail(error: SluiceError, emit: Emit): void {
    if (this.#done) return;
    this.#done = true;
    emit({ type: 'error', error });
  }

  readonly #on: Readonly<Record<string, On>> = table({
    'message-start': () => undefined,
    'tool-plan-delta': (_event, message, emit) => {
      const text = asString(message['tool_plan']);
      if (!text) return;
      if (!this.#planning) this.#writer.endOpen(emit);
      this.#planning = true;
      this.#writer.thinking(text, emit, undefined, planPart());
    },
    'content-start': (event, message, emit) => {
      this.#endPlan(emit);
      this.#endText(emit);
      this.#content(event, message, emit);
    },
    'content-delta': (event, message, emit) => {
      this.#endPlan(emit);
      this.#content(event, message, emit);
    },
    'content-end': () => undefined,
    'citation-start': (_event, message, emit) => {
      for (const citation of listOf(message['citations'])) this.#cite(citation, emit);
    },
    'citation-end': () => undefined,
    'tool-call-start': (event, message, emit) => {
      this.#endPlan(emit);
      this.#endText(emit);
      for (const call of listOf(message['tool_calls'])) this.#call(indexOf(event), call, emit);
    },
    'tool-call-delta': (event, message, emit) => {
      for (const call of listOf(message['tool_calls'])) {
        const text = asString(asObject(call['function'])?.['arguments']);
        if (text) this.#arguments(indexOf(event), text, emit);
      }
    },
    'tool-call-end': (event, _message, emit) => this.#endCall(indexOf(event), emit),
    'message-end': (event, _message, emit) => this.#end(event, asObject(event['delta']) ?? {}, emit),
  });

  #start(event: JsonObject, emit: Emit): void {
    this.#started = true;
    const answerId = event['type'] === 'message-start' ? asString(event['id']) : undefined;
    emit({ type: 'start', ...(answerId !== undefined && { id: answerId }) });
  }

  #content(event: JsonObject, message: JsonObject, emit: Emit): void {
    const content = asObject(message['content']) ?? {};
    const thinking = asString(content['thinking']);
    if (thinking) {
      if (this.#writer.open === 'text') this.#endText(emit);
      this.#writer.thinking(thinking, emit);
    }
    const text = asString(content['text']) ?? '';
    const logprobs = readLogprobs(event['logprobs'] ?? asObject(event['delta'])?.['logprobs']);
    if (text === '' && !logprobs) return;
    this.#text += text;
    this.#writer.text(text, emit, logprobs);
  }

  /** The thought that was a plan is told from others by its signature in foreign formats. */
  #endPlan(emit: Emit): void {
    if (!this.#planning) return;
    this.#planning = false;
    this.#writer.signature('thinking', planSignature, emit);
    this.#writer.endOpen(emit);
  }

  #endText(emit: Emit): void {
    this.#writer.endOpen(emit);
    this.#base += this.#text.length;
    this.#text = '';
  }

  #cite(citation: JsonObject, emit: Emit): void {
    if (isOfText(citation) && this.#writer.open === 'text') {
      for (const each of readCitation(citation, this.#text, this.#base)) this.#writer.citation(each, emit);
    } else this.#others.push(citation);
  }

  #call(index: number, call: JsonObject, emit: Emit): void {
    const declared = asObject(call['function']) ?? {};
    const wireName = asString(declared['name']) ?? '';
    const { form, name } = formOf(wireName, this.#hints);
    const custom = form === 'custom';
    const args = asString(declared['arguments']) ?? '';
    // Ids are demanded of every vendor; one that is missing is made from the place, so that it stays the same.
    const callId = asString(call['id']) || `${name}_${this.#calls}`;
    this.#calls++;
    const part: ToolCallPart = { type: 'tool-call', kind: custom ? 'custom' : 'function', id: callId, name, arguments: custom ? '' : args };
    this.#writer.call(index, part, emit);
    if (custom) this.#packed.set(index, args);
  }

  #arguments(index: number, text: string, emit: Emit): void {
    const packed = this.#packed.get(index);
    if (packed === undefined) this.#writer.arguments(index, text, emit);
    else this.#packed.set(index, packed + text);
  }

  #endCall(index: number, emit: Emit): void {
    const packed = this.#packed.get(index);
    if (packed !== undefined) {
      this.#packed.delete(index);
      this.#writer.arguments(index, customText(packed), emit);
    }
    this.#writer.closeCall(index, emit);
  }

  #end(event: JsonObject, delta: JsonObject, emit: Emit): void {
    const raw = asString(delta['finish_reason']);
    const failure = asString(delta['error']);
    if (failure) return this.fail(errorFromBody({ message: failure }), emit);
    this.#done = true;
    this.#endPlan(emit);
    for (const index of this.#packed.keys()) this.#endCall(index, emit);
    this.#writer.close(emit);
    if (this.#others.length > 0) emit({ type: 'extra', protocol: id, value: { citations: this.#others } });
    const logprobs = Array.isArray(event['logprobs']) ? readLogprobs(event['logprobs']) : undefined;
    emit({
      type: 'finish',
      candidate: 0,
      reason: readFinish(raw, this.#calls > 0),
      ...(raw !== undefined && { rawReason: raw }),
      ...(logprobs && { logprobs }),
    });
    const usage = readUsage(delta['usage']);
    if (usage) emit({ type: 'usage', usage });
    emit({ type: 'end' });
  }
}

/** One thing, where the whole answer has a list of them. */
const listOf = (value: unknown): JsonObject[] => (isObject(value) ? [value] : asObjects(value));

const indexOf = (event: JsonObject): number => asNumber(event['index']) ?? 0;

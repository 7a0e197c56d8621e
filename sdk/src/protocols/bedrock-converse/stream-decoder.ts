import { table } from '../../lib/table.ts';
import {
  SluiceError,
  type Citation,
  type DecodeHints,
  type Emit,
  type FinishReason,
  type JsonObject,
  type Part,
  type StreamDecoder,
} from '../../types/index.ts';
import { asArray, asNumber, asObject, asString, isObject, parseObject } from '../shared/read.ts';
import { unsealCallId } from '../shared/seal.ts';
import { answerable, customText, formOf, jsonValueText, type CallForm } from '../shared/tool-hints.ts';
import { readBlock } from './blocks-from-wire.ts';
import { readCitation } from './citations.ts';
import { bedrock, memberOf, protocolId, usualOrigin } from './common.ts';
import { fromEvent, isFailure } from './errors.ts';
import { readStopReason } from './finish.ts';
import { joinBase64 } from './join-base64.ts';
import { readReasoning } from './opaque.ts';
import { stopSequenceOf } from './response.ts';
import * as usageOf from './usage.ts';

/*
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html, read 2026-11-22: `messageStart`;
 * blocks, of which only those of tools have a `contentBlockStart`; `messageStop` with the reason; `metadata` with the
 * counts. Exceptions come instead of the rest. New kinds of events and deltas may come, and are passed over.
 */

/** An open block. */
type Open =
  | { kind: 'text'; index: number; citations: Citation[]; from: number }
  | { kind: 'thinking'; index: number }
  /** Bytes, in pieces of base64. */
  | { kind: 'redacted'; pieces: string[] }
  /** Arguments are handed on as they come. */
  | { kind: 'call'; index: number; empty: boolean; form: CallForm }
  /** Arguments that only make sense when they are complete. */
  | { kind: 'held-call'; index: number; form: CallForm; json: string }
  /** Handed on whole at its end; `json`: its input so far. */
  | { kind: 'whole'; name: string; value: JsonObject; json: string };

const candidate = 0;

export const createDecoder = (hints?: DecodeHints): StreamDecoder => {
  const origin = hints?.origin ?? usualOrigin;
  let started = false;
  let stopped = false;
  let done = false;
  let nextIndex = 0;
  /** Length of the answer's text so far: what citations count in. */
  let textLength = 0;
  let called = false;
  const open = new Map<number, Open>();

  const start = (emit: Emit) => {
    if (started) return;
    started = true;
    emit({ type: 'start' });
  };

  const openPart = (part: Part, emit: Emit): number => {
    const index = nextIndex++;
    emit({ type: 'part-start', candidate, index, part });
    return index;
  };
  const closePart = (index: number, emit: Emit) => emit({ type: 'part-end', candidate, index });
  const whole = (part: Part, emit: Emit) => closePart(openPart(part, emit), emit);

  const argumentsOf = (form: CallForm, index: number, text: string, emit: Emit) =>
    form === 'json' || form === 'json-value'
      ? emit({ type: 'text-delta', candidate, index, text })
      : emit({ type: 'arguments-delta', candidate, index, text });

  const beginCall = (at: number, id: string, wireName: string, emit: Emit) => {
    const { form, name } = formOf(wireName, hints);
    const asText = form === 'json' || form === 'json-value';
    called ||= !asText;
    const kind = form === 'custom' ? 'custom' : 'function';
    const index = openPart(
      asText ? { type: 'text', text: '' } : { type: 'tool-call', kind, ...unsealCallId(answerable(id)), name, arguments: '' },
      emit,
    );
    const streams = form === 'function' || form === 'json';
    open.set(at, streams ? { kind: 'call', index, empty: true, form } : { kind: 'held-call', index, form, json: '' });
  };

  const starts: Readonly<Record<string, (at: number, value: JsonObject, emit: Emit) => void>> = table({
    toolUse(at, value, emit) {
      const { toolUseId, name, type } = value;
      if (typeof toolUseId === 'string' && typeof name === 'string' && (type === undefined || type === 'tool_use'))
        beginCall(at, toolUseId, name, emit);
      else open.set(at, { kind: 'whole', name: 'toolUse', value, json: '' });
    },
    toolResult: (at, value) => void open.set(at, { kind: 'whole', name: 'toolResult', value: { ...value, content: [] }, json: '' }),
    image: (at, value) => void open.set(at, { kind: 'whole', name: 'image', value, json: '' }),
  });

  /** Text and thoughts begin with their first delta; what is open under that number and of another kind ends. */
  const textAt = (at: number, emit: Emit): Extract<Open, { kind: 'text' }> => {
    const state = open.get(at);
    if (state?.kind === 'text') return state;
    finish(at, emit);
    const begun: Open = { kind: 'text', index: openPart({ type: 'text', text: '' }, emit), citations: [], from: textLength };
    open.set(at, begun);
    return begun;
  };
  const thinkingAt = (at: number, emit: Emit): number => {
    const state = open.get(at);
    if (state?.kind === 'thinking') return state.index;
    finish(at, emit);
    const index = openPart({ type: 'thinking', text: '' }, emit);
    open.set(at, { kind: 'thinking', index });
    return index;
  };

  const deltas: Readonly<Record<string, (at: number, value: unknown, emit: Emit) => void>> = table({
    text(at, text, emit) {
      // An empty one was seen to open blocks that stay empty.
      if (typeof text !== 'string' || text === '') return;
      const { index } = textAt(at, emit);
      textLength += text.length;
      emit({ type: 'text-delta', candidate, index, text });
    },
    citation(at, citation, emit) {
      if (isObject(citation)) textAt(at, emit).citations.push(readCitation(citation));
    },
    reasoningContent(at, value, emit) {
      const { text, signature, redactedContent } = asObject(value) ?? {};
      if (typeof text === 'string' && text !== '') emit({ type: 'thinking-delta', candidate, index: thinkingAt(at, emit), text });
      if (typeof signature === 'string' && signature !== '')
        emit({ type: 'signature-delta', candidate, index: thinkingAt(at, emit), signature: { origin, value: signature } });
      if (typeof redactedContent !== 'string' || redactedContent === '') return;
      const state = open.get(at);
      if (state?.kind === 'redacted') state.pieces.push(redactedContent);
      else {
        finish(at, emit);
        open.set(at, { kind: 'redacted', pieces: [redactedContent] });
      }
    },
    toolUse(at, value, emit) {
      const input = asString(asObject(value)?.['input']);
      const state = open.get(at);
      if (!state || input === undefined || input === '') return;
      if (state.kind === 'call') {
        state.empty = false;
        argumentsOf(state.form, state.index, input, emit);
      } else if (state.kind === 'held-call' || state.kind === 'whole') state.json += input;
    },
    toolResult(at, value) {
      const state = open.get(at);
      if (state?.kind === 'whole') state.value['content'] = joinTexts(asArray(state.value['content']), asArray(value));
    },
    image(at, value) {
      const state = open.get(at);
      if (state?.kind === 'whole' && isObject(value)) Object.assign(state.value, value);
    },
  });

  const endings: { [K in Open['kind']]: (state: Extract<Open, { kind: K }>, emit: Emit) => void } = {
    text({ index, citations, from }, emit) {
      // They come before the text that they are about is complete.
      for (const citation of citations)
        emit({ type: 'citation-delta', candidate, index, citation: { ...citation, startIndex: from, endIndex: textLength } });
      closePart(index, emit);
    },
    thinking: ({ index }, emit) => closePart(index, emit),
    redacted({ pieces }, emit) {
      const part = readReasoning({ redactedContent: joinBase64(pieces) }, origin);
      if (part) whole(part, emit);
    },
    call({ index, empty, form }, emit) {
      if (empty) argumentsOf(form, index, '{}', emit);
      closePart(index, emit);
    },
    'held-call'({ index, form, json }, emit) {
      const text = json === '' ? '{}' : json;
      argumentsOf(form, index, form === 'custom' ? customText(text) : jsonValueText(text), emit);
      closePart(index, emit);
    },
    whole({ name, value, json }, emit) {
      const input = name === 'toolUse' ? { input: parseObject(json) ?? (json === '' ? {} : { raw_arguments: json }) } : {};
      const block = { [name]: { ...value, ...input } };
      whole(name === 'image' ? readBlock(block) : { type: 'opaque', origin: bedrock, value: block }, emit);
    },
  };

  const finish = (at: number, emit: Emit) => {
    const state = open.get(at);
    if (!state) return;
    open.delete(at);
    (endings[state.kind] as (state: Open, emit: Emit) => void)(state, emit);
  };

  const stop = (raw: unknown, fields: unknown, emit: Emit) => {
    if (stopped) return;
    stopped = true;
    for (const at of open.keys()) finish(at, emit);
    const reason: FinishReason = readStopReason(raw);
    const stopSequence = stopSequenceOf(fields);
    emit({
      type: 'finish',
      candidate,
      // The call that was forced to get JSON is the answer, and nothing to be run.
      reason: reason === 'tool-calls' && hints?.jsonToolName !== undefined && !called ? 'stop' : reason,
      ...(typeof raw === 'string' && { rawReason: raw }),
      ...(stopSequence !== undefined && { stopSequence }),
    });
  };

  const fail = (error: SluiceError, emit: Emit) => {
    start(emit);
    done = true;
    emit({ type: 'error', error });
  };

  const end = (emit: Emit) => {
    done = true;
    emit({ type: 'end' });
  };

  const on: Readonly<Record<string, (event: JsonObject, emit: Emit) => void>> = table({
    messageStart: (_event, emit) => start(emit),
    contentBlockStart(event, emit) {
      if (stopped) return;
      start(emit);
      const at = asNumber(event['contentBlockIndex']) ?? 0;
      finish(at, emit);
      const [name, value] = memberOf(asObject(event['start']) ?? {}) ?? [];
      if (isObject(value)) starts[name!]?.(at, value, emit);
    },
    // Nothing of the answer comes behind its end.
    contentBlockDelta(event, emit) {
      if (stopped) return;
      start(emit);
      const [name, value] = memberOf(asObject(event['delta']) ?? {}) ?? [];
      if (name !== undefined) deltas[name]?.(asNumber(event['contentBlockIndex']) ?? 0, value, emit);
    },
    contentBlockStop: (event, emit) => finish(asNumber(event['contentBlockIndex']) ?? 0, emit),
    messageStop({ stopReason, additionalModelResponseFields }, emit) {
      start(emit);
      stop(stopReason, additionalModelResponseFields, emit);
      if (additionalModelResponseFields !== undefined && additionalModelResponseFields !== null)
        emit({ type: 'extra', protocol: protocolId, value: { additionalModelResponseFields } });
    },
    metadata(event, emit) {
      start(emit);
      const { usage: counts, serviceTier, p: _padding, ...more } = event;
      const tier = asString(asObject(serviceTier)?.['type']);
      if (Object.keys(more).length > 0 || tier !== undefined)
        emit({ type: 'extra', protocol: protocolId, value: more, ...(tier !== undefined && { serviceTier: tier }) });
      const usage = usageOf.fromWire(counts);
      if (usage) emit({ type: 'usage', usage });
      // The last event. Where the reason did not come, the answer is not whole.
      if (stopped) end(emit);
    },
  });

  return {
    push({ event, data }, emit) {
      if (done) return;
      if (isFailure(event)) {
        fail(fromEvent(event, data), emit);
        return;
      }
      const read = on[event ?? ''];
      if (!read) return;
      const body = parseObject(data);
      if (body) read(body, emit);
      else
        fail(
          new SluiceError('invalid_response', 'The provider sent an event that is not JSON.', { upstream: { body: data.slice(0, 500) } }),
          emit,
        );
    },
    close(emit) {
      if (done) return;
      if (stopped) end(emit);
      else fail(new SluiceError('stream_interrupted', 'The stream ended before the provider said it was complete.'), emit);
    },
  };
};

/** Content of a tool's result that comes in pieces: texts grow, the rest is added. */
const joinTexts = (before: unknown[], more: unknown[]): unknown[] => {
  const joined = [...before];
  for (const piece of more) {
    const last = asObject(joined.at(-1));
    const text = asString(asObject(piece)?.['text']);
    if (text !== undefined && typeof last?.['text'] === 'string') joined[joined.length - 1] = { text: last['text'] + text };
    else joined.push(piece);
  }
  return joined;
};

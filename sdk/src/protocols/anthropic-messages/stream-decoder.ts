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
  type WireEvent,
} from '../../types/index.ts';
import { asNumber, asObject, asObjects, isObject, parseObject } from '../shared/read.ts';
import { answerable, customText, formOf, jsonValueText, type CallForm } from '../shared/tool-hints.ts';
import { readBlock } from './blocks-from-wire.ts';
import { readCitation } from './citations.ts';
import { given, origin, protocolId } from './common.ts';
import { eventType, fromEvent } from './errors.ts';
import { readStopReason } from './finish.ts';
import * as usageOf from './usage.ts';

/*
 * https://platform.claude.com/docs/en/build-with-claude/streaming, read 2026-11-21: `message_start`, then blocks one after
 * another (`content_block_start`, deltas, `content_block_stop`), `message_delta` with what is known at the end, and
 * `message_stop`; `ping` anywhere; `error` instead of the rest. New types of events may come, and are passed over.
 */

/** An open block. */
type Open =
  | { kind: 'text'; index: number; citations: Citation[]; from: number }
  | { kind: 'thinking'; index: number }
  /** Arguments are handed on as they come. */
  | { kind: 'call'; index: number; empty: boolean; form: CallForm; input: unknown }
  /** Arguments that only make sense when they are complete. */
  | { kind: 'held-call'; index: number; form: CallForm; json: string; input: unknown }
  /** Handed on whole at its end; `json`: its input so far. */
  | { kind: 'whole'; block: JsonObject; json: string };

const candidate = 0;

export const createDecoder = (hints?: DecodeHints): StreamDecoder => {
  let started = false;
  let done = false;
  let nextIndex = 0;
  /** Length of the answer's text so far: what citations count in. */
  let textLength = 0;
  let called = false;
  let usage: JsonObject | undefined;
  let stop: { reason: FinishReason; raw?: string; sequence?: string } | undefined;
  const open = new Map<number, Open>();

  const start = (message: JsonObject, emit: Emit) => {
    if (started) return;
    started = true;
    usage = usageOf.merge(usage, message['usage']);
    const counted = usageOf.fromWire(usage);
    const serviceTier = usageOf.readServiceTier(usage);
    emit({
      type: 'start',
      ...(typeof message['id'] === 'string' && { id: message['id'] }),
      ...(typeof message['model'] === 'string' && { model: message['model'] }),
      ...(counted && { usage: counted }),
      ...(serviceTier !== undefined && { serviceTier }),
    });
    const { id: _id, type: _type, role: _role, model: _model, content, stop_reason, stop_sequence, usage: _usage, ...more } = message;
    extra(more, emit);
    noteStop(stop_reason, stop_sequence);
    // The answer to results of tools that were called by code may begin with blocks that are complete already.
    for (const block of asObjects(content)) {
      begin(-1, block, emit);
      finish(-1, emit);
    }
  };

  const extra = (members: JsonObject, emit: Emit) => {
    const value = given(members);
    if (Object.keys(value).length > 0) emit({ type: 'extra', protocol: protocolId, value });
  };

  const noteStop = (reason: unknown, sequence: unknown) => {
    if (typeof reason !== 'string') return;
    stop = { reason: readStopReason(reason), raw: reason, ...(typeof sequence === 'string' && { sequence }) };
  };

  const openPart = (part: Part, emit: Emit): number => {
    const index = nextIndex++;
    emit({ type: 'part-start', candidate, index, part });
    return index;
  };
  const closePart = (index: number, emit: Emit) => emit({ type: 'part-end', candidate, index });

  const begin = (at: number, block: JsonObject, emit: Emit) => {
    finish(at, emit);
    const part = readBlock(block);
    if (part.type === 'text') {
      const { text, citations = [], ...rest } = part;
      const state: Open = { kind: 'text', index: openPart({ ...rest, text: '' }, emit), citations: [...citations], from: textLength };
      open.set(at, state);
      if (text !== '') deltas.text_delta(state, { text }, emit);
    } else if (part.type === 'thinking' && !part.redacted) {
      const { text, signature, ...rest } = part;
      const index = openPart({ ...rest, text: '' }, emit);
      open.set(at, { kind: 'thinking', index });
      if (text !== '') emit({ type: 'thinking-delta', candidate, index, text });
      if (signature) emit({ type: 'signature-delta', candidate, index, signature });
    } else if (part.type === 'tool-call') {
      const { form, name } = formOf(part.name, hints);
      const asText = form === 'json' || form === 'json-value';
      called ||= !asText;
      const index = openPart(
        asText
          ? { type: 'text', text: '' }
          : { ...part, id: answerable(part.id), kind: form === 'custom' ? 'custom' : 'function', name, arguments: '' },
        emit,
      );
      const input = block['input'];
      open.set(
        at,
        form === 'function' || form === 'json'
          ? { kind: 'call', index, empty: true, form, input }
          : { kind: 'held-call', index, form, json: '', input },
      );
    } else {
      open.set(at, { kind: 'whole', block, json: '' });
    }
  };

  const argumentsOf = (form: CallForm, index: number, text: string, emit: Emit) =>
    form === 'json' || form === 'json-value'
      ? emit({ type: 'text-delta', candidate, index, text })
      : emit({ type: 'arguments-delta', candidate, index, text });

  type Delta = (state: Open, delta: JsonObject, emit: Emit) => void;
  const deltas: Record<'text_delta' | 'thinking_delta' | 'signature_delta' | 'input_json_delta' | 'citations_delta', Delta> = {
    text_delta(state, { text }, emit) {
      if (state.kind !== 'text' || typeof text !== 'string') return;
      textLength += text.length;
      emit({ type: 'text-delta', candidate, index: state.index, text });
    },
    thinking_delta(state, { thinking }, emit) {
      if (state.kind === 'thinking' && typeof thinking === 'string')
        emit({ type: 'thinking-delta', candidate, index: state.index, text: thinking });
    },
    signature_delta(state, { signature }, emit) {
      if (state.kind !== 'thinking' || typeof signature !== 'string' || signature === '') return;
      emit({ type: 'signature-delta', candidate, index: state.index, signature: { origin, value: signature } });
    },
    input_json_delta(state, { partial_json }, emit) {
      if (typeof partial_json !== 'string' || partial_json === '') return;
      if (state.kind === 'call') {
        state.empty = false;
        argumentsOf(state.form, state.index, partial_json, emit);
      } else if (state.kind === 'held-call' || state.kind === 'whole') state.json += partial_json;
    },
    citations_delta(state, { citation }) {
      if (state.kind === 'text' && isObject(citation)) state.citations.push(readCitation(citation));
    },
  };

  /** A delta of a kind that is not known, to a block that is carried as it is: texts grow, the rest is replaced. */
  const grow = (state: Open, delta: JsonObject) => {
    if (state.kind !== 'whole') return;
    const block = { ...state.block };
    for (const [name, value] of Object.entries(delta)) {
      if (name === 'type' || value === null) continue;
      block[name] = typeof value === 'string' && typeof block[name] === 'string' ? block[name] + value : value;
    }
    state.block = block;
  };

  const endings: { [K in Open['kind']]: (state: Extract<Open, { kind: K }>, emit: Emit) => void } = {
    text({ index, citations, from }, emit) {
      // They may come before the text that they are about is complete.
      for (const citation of citations)
        emit({ type: 'citation-delta', candidate, index, citation: { ...citation, startIndex: from, endIndex: textLength } });
      closePart(index, emit);
    },
    thinking: ({ index }, emit) => closePart(index, emit),
    call({ index, empty, form, input }, emit) {
      if (empty) argumentsOf(form, index, inputText(input), emit);
      closePart(index, emit);
    },
    'held-call'({ index, form, json, input }, emit) {
      const text = json === '' ? inputText(input) : json;
      argumentsOf(form, index, form === 'custom' ? customText(text) : jsonValueText(text), emit);
      closePart(index, emit);
    },
    whole({ block, json }, emit) {
      const part = readBlock(json === '' ? block : { ...block, input: readInput(json) });
      closePart(openPart(part, emit), emit);
    },
  };

  const finish = (at: number, emit: Emit) => {
    const state = open.get(at);
    if (!state) return;
    open.delete(at);
    (endings[state.kind] as (state: Open, emit: Emit) => void)(state, emit);
  };

  const fail = (error: SluiceError, emit: Emit) => {
    done = true;
    if (!started) {
      started = true;
      emit({ type: 'start' });
    }
    emit({ type: 'error', error });
  };

  const on: Readonly<Record<string, (event: JsonObject, emit: Emit) => void>> = table({
    message_start: (event, emit) => start(asObject(event['message']) ?? {}, emit),
    content_block_start(event, emit) {
      start({}, emit);
      begin(asNumber(event['index']) ?? 0, asObject(event['content_block']) ?? {}, emit);
    },
    content_block_delta(event, emit) {
      const state = open.get(asNumber(event['index']) ?? 0);
      const delta = asObject(event['delta']);
      if (!state || !delta) return;
      const read = deltas[String(delta['type']) as keyof typeof deltas] as Delta | undefined;
      if (read) read(state, delta, emit);
      else grow(state, delta);
    },
    content_block_stop: (event, emit) => finish(asNumber(event['index']) ?? 0, emit),
    message_delta(event, emit) {
      start({}, emit);
      const { type: _type, delta, usage: counts, ...more } = event;
      const { stop_reason, stop_sequence, ...facts } = asObject(delta) ?? {};
      noteStop(stop_reason, stop_sequence);
      extra({ ...facts, ...more }, emit);
      if (!isObject(counts)) return;
      usage = usageOf.merge(usage, counts);
      const counted = usageOf.fromWire(usage);
      if (counted) emit({ type: 'usage', usage: counted });
    },
    message_stop(_event, emit) {
      start({}, emit);
      for (const at of open.keys()) finish(at, emit);
      const reason = stop?.reason ?? 'other';
      emit({
        type: 'finish',
        candidate,
        // The call that was forced to get JSON is the answer, and nothing to be run.
        reason: reason === 'tool-calls' && hints?.jsonToolName !== undefined && !called ? 'stop' : reason,
        ...(stop?.raw !== undefined && { rawReason: stop.raw }),
        ...(stop?.sequence !== undefined && { stopSequence: stop.sequence }),
      });
      done = true;
      emit({ type: 'end' });
    },
    error: (event, emit) => fail(fromEvent(event), emit),
  });

  return {
    push({ event, data }: WireEvent, emit) {
      // Gateways in between end streams of every format with OpenAI's mark.
      if (done || data === '[DONE]') return;
      const body = parseObject(data);
      if (!body) {
        fail(
          new SluiceError('invalid_response', 'The provider sent an event that is not JSON.', { upstream: { body: data.slice(0, 500) } }),
          emit,
        );
        return;
      }
      on[eventType(body, event)]?.(body, emit);
    },
    close(emit) {
      if (!done) fail(new SluiceError('stream_interrupted', 'The stream ended before the provider said it was complete.'), emit);
    },
  };
};

/** The arguments of a call whose deltas brought none: those that its start had, or none. */
const inputText = (input: unknown): string =>
  typeof input === 'string' && input !== '' ? input : JSON.stringify(isObject(input) ? input : {});

/** The input of a block of Anthropic's own tools. Code execution was seen to leave out the first brace. */
const readInput = (json: string): JsonObject => parseObject(json) ?? parseObject(`{${json}`) ?? { raw_arguments: json };

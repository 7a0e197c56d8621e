import type { FromResultContext, JsonObject, StreamEncoder, StreamPart, Usage, WireEvent } from '../../types/index.ts';
import { asNumber, asObject } from '../shared/read.ts';
import { encodeBlock, type BlockEncoder, type Out } from './block-encoder.ts';
import { protocolId } from './common.ts';
import { toEvents } from './errors.ts';
import { writeStopReason } from './finish.ts';
import { writeTier } from './response.ts';
import * as usageOf from './usage.ts';

/** Deltas and ends of parts. */
type PartEvent = Extract<StreamPart, { index: number }>;

/**
 * Bedrock's blocks come one after another. So of parts that are open side by side (parallel tool calls of other vendors)
 * one is written, and the others wait until it is closed.
 */
export const createEncoder = (context: FromResultContext): StreamEncoder => {
  const begunAtMs = context.now();
  const out: Out = { events: [], nextBlock: 0 };
  let started = false;
  let over = false;
  let usage: Usage | undefined;
  let serviceTier: string | undefined;
  let finish: Extract<StreamPart, { type: 'finish' }> | undefined;
  let calls = false;
  let extra: JsonObject = {};
  let current: { index: number; encoder: BlockEncoder } | undefined;
  const waiting = new Map<number, PartEvent[]>();

  const send = (event: string, body: JsonObject) => void out.events.push({ event, data: JSON.stringify(body) });

  const start = (part?: Extract<StreamPart, { type: 'start' }>) => {
    usage ??= part?.usage;
    serviceTier ??= part?.serviceTier;
    if (started) return;
    started = true;
    send('messageStart', { role: 'assistant' });
  };

  const write = (event: PartEvent) => {
    if (event.type === 'part-start') {
      calls ||= event.part.type === 'tool-call';
      current = { index: event.index, encoder: encodeBlock(out, event.part) };
    } else if (event.type === 'part-end') {
      current?.encoder.end(event.patch);
      current = undefined;
    } else current?.encoder.delta(event);
  };

  /** Writes what waited for the open part to close, up to one that is still open itself. */
  const drain = () => {
    for (const [index, events] of waiting) {
      if (current) return;
      waiting.delete(index);
      for (const event of events) write(event);
    }
  };

  const onPart = (event: PartEvent) => {
    if (event.candidate !== 0) return;
    start();
    if (current && current.index !== event.index) {
      const queue = waiting.get(event.index);
      if (queue) queue.push(event);
      else if (event.type === 'part-start') waiting.set(event.index, [event]);
      return;
    }
    write(event);
    if (!current) drain();
  };

  const end = () => {
    start();
    // Only a decoder that broke its promise leaves parts open.
    while (current) {
      current.encoder.end(undefined);
      current = undefined;
      drain();
    }
    const { additionalModelResponseFields, metrics, ...more } = extra;
    const met = finish?.stopSequence === undefined ? undefined : { stop_sequence: finish.stopSequence };
    const fields = additionalModelResponseFields ?? met;
    send('messageStop', {
      stopReason: writeStopReason(finish?.reason ?? 'stop', finish?.rawReason, calls),
      ...(fields !== undefined && { additionalModelResponseFields: fields }),
    });
    send('metadata', {
      usage: usageOf.toWire(usage),
      metrics:
        asNumber(asObject(metrics)?.['latencyMs']) === undefined
          ? { latencyMs: Math.max(Math.round(context.now() - begunAtMs), 0) }
          : metrics,
      ...writeTier(serviceTier),
      ...more,
    });
  };

  const on: { [T in StreamPart['type']]: (part: Extract<StreamPart, { type: T }>) => void } = {
    start,
    'part-start': onPart,
    'text-delta': onPart,
    'thinking-delta': onPart,
    'signature-delta': onPart,
    'arguments-delta': onPart,
    'citation-delta': onPart,
    'audio-delta': onPart,
    'part-end': onPart,
    finish(part) {
      if (part.candidate === 0) finish = part;
    },
    usage(part) {
      usage = part.usage;
    },
    extra(part) {
      serviceTier = part.serviceTier ?? serviceTier;
      if (part.protocol === protocolId) extra = { ...extra, ...part.value };
    },
    error(part) {
      over = true;
      out.events.push(...toEvents(part.error));
    },
    end() {
      over = true;
      end();
    },
  };

  return {
    push(part): readonly WireEvent[] {
      if (over) return [];
      out.events = [];
      (on[part.type] as (part: StreamPart) => void)(part);
      return out.events;
    },
  };
};

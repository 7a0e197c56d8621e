import { estimateTokens } from '../../lib/estimate-tokens.ts';
import {
  totalInputTokens,
  type ChatRequest,
  type FromResultContext,
  type JsonObject,
  type Part,
  type StreamEncoder,
  type StreamPart,
  type Usage,
  type WireEvent,
} from '../../types/index.ts';
import { encodeBlock, type BlockEncoder, type Out } from './block-encoder.ts';
import { protocolId } from './common.ts';
import { toEvents } from './errors.ts';
import { writeStopReason } from './finish.ts';
import { messageId } from './response.ts';
import * as usageOf from './usage.ts';

/** Deltas and ends of parts. */
type PartEvent = Extract<StreamPart, { index: number }>;

/**
 * Anthropic's blocks come one after another, and its clients rely on it. So of parts that are open side by side
 * (parallel tool calls of other vendors) one is written, and the others wait until it is closed.
 */
export const createEncoder = (context: FromResultContext): StreamEncoder => {
  const out: Out = { events: [], nextBlock: 0 };
  let started = false;
  let over = false;
  let usage: Usage | undefined;
  let serviceTier: string | undefined;
  let finish: Extract<StreamPart, { type: 'finish' }> | undefined;
  const facts = { calls: false, refused: false };
  let extra: JsonObject = {};
  let current: { index: number; encoder: BlockEncoder } | undefined;
  const waiting = new Map<number, PartEvent[]>();

  const send = (event: string, body: JsonObject) => void out.events.push({ event, data: JSON.stringify(body) });

  const start = (part?: Extract<StreamPart, { type: 'start' }>) => {
    if (started) return;
    started = true;
    usage = part?.usage && totalInputTokens(part.usage) > 0 ? part.usage : estimateUsage(context.request);
    serviceTier = part?.serviceTier;
    send('message_start', {
      type: 'message_start',
      message: {
        id: messageId(part?.id, context),
        type: 'message',
        role: 'assistant',
        model: context.model || (part?.model ?? ''),
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage: usageOf.atStart(usage, serviceTier),
      },
    });
  };

  const begin = (index: number, part: Part) => {
    if (part.type === 'tool-call') facts.calls = true;
    if (part.type === 'refusal') facts.refused = true;
    current = { index, encoder: encodeBlock(out, part) };
  };

  const write = (event: PartEvent) => {
    if (event.type === 'part-start') begin(event.index, event.part);
    else if (event.type === 'part-end') {
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
    const { container, stop_details, ...more } = extra;
    send('message_delta', {
      type: 'message_delta',
      delta: {
        stop_reason: writeStopReason(finish?.reason ?? 'stop', finish?.rawReason, facts),
        stop_sequence: finish?.stopSequence ?? null,
        ...(stop_details !== undefined && { stop_details }),
        ...(container !== undefined && { container }),
      },
      usage: usageOf.toWire(usage, serviceTier),
      ...more,
    });
    send('message_stop', { type: 'message_stop' });
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

/** Clients show the input's size from the start; most providers tell it only at the end (FP-90). The end corrects it. */
const estimateUsage = ({ messages, tools }: ChatRequest): Usage => {
  const textOf = (part: Part): string => {
    if (part.type === 'tool-result') return part.content.map(textOf).join(' ');
    if (part.type === 'tool-call') return part.arguments;
    return 'text' in part ? (part.text ?? '') : '';
  };
  const tokens = messages.reduce((sum, { content }) => content.reduce((inner, part) => inner + estimateTokens(textOf(part)), sum), 0);
  return { inputTokens: tokens + (tools ? estimateTokens(JSON.stringify(tools)) : 0), outputTokens: 0 };
};

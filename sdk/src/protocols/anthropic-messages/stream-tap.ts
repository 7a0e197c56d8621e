import { table } from '../../lib/table.ts';
import type { JsonObject, SluiceError, StreamTap, Usage, WireEvent } from '../../types/index.ts';
import { OutputCount } from '../shared/output-count.ts';
import { asObject, asString, parseObject } from '../shared/read.ts';
import { eventType, fromEvent } from './errors.ts';
import * as usageOf from './usage.ts';

/** Events that say nothing a tap wants to know. */
const passed = new Set(['ping', 'content_block_stop']);

/** Reads four events of a stream, and of the others only the name. */
export const createTap = (): StreamTap => {
  let ended = false;
  let output = false;
  let raw: JsonObject | undefined;
  let usage: Usage | undefined;
  let model: string | undefined;
  let error: SluiceError | undefined;
  const seen = new OutputCount(['text', 'thinking', 'partial_json']);

  const count = (more: unknown) => {
    raw = usageOf.merge(raw, more);
    usage = undefined;
    if (asObject(more)) seen.counted();
  };

  const on: Readonly<Record<string, (body: JsonObject) => void>> = table({
    message_start(body) {
      const message = asObject(body['message']);
      model = asString(message?.['model']);
      output ||= Array.isArray(message?.['content']) && message['content'].length > 0;
      count(message?.['usage']);
    },
    // Text and thinking begin empty; everything else is there when it begins.
    content_block_start(body) {
      const type = asObject(body['content_block'])?.['type'];
      output ||= type !== 'text' && type !== 'thinking';
    },
    content_block_delta: () => void (output = true),
    message_delta: (body) => count(body['usage']),
    message_stop: () => void (ended = true),
    error: (body) => void (error = fromEvent(body)),
  });

  return {
    push({ event, data }: WireEvent) {
      if (event === 'content_block_delta') {
        output = true;
        seen.see(data);
        return;
      }
      if (event === 'message_stop') {
        ended = true;
        return;
      }
      if (event !== undefined && (passed.has(event) || (event === 'content_block_start' && output))) return;
      const body = parseObject(data);
      if (!body) return;
      const type = eventType(body, event);
      if (type === 'content_block_delta') seen.see(data);
      on[type]?.(body);
    },
    get ended() {
      return ended;
    },
    get final() {
      return ended;
    },
    get usage() {
      return (usage ??= usageOf.fromWire(raw));
    },
    get model() {
      return model;
    },
    get error() {
      return error;
    },
    get output() {
      return output;
    },
    get uncounted() {
      return seen.tokens;
    },
  };
};

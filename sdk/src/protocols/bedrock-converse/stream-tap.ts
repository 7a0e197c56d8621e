import type { JsonObject, SluiceError, StreamTap, Usage } from '../../types/index.ts';
import { OutputCount } from '../shared/output-count.ts';
import { asObject, parseObject } from '../shared/read.ts';
import { fromEvent, isFailure } from './errors.ts';
import * as usageOf from './usage.ts';

/** Reads one event of a stream, the last, and of the others only the name. */
export const createTap = (): StreamTap => {
  let ended = false;
  let output = false;
  let counts: JsonObject | undefined;
  let usage: Usage | undefined;
  let error: SluiceError | undefined;
  const seen = new OutputCount(['text', 'input']);

  return {
    push({ event, data }) {
      if (event === 'contentBlockDelta') {
        output = true;
        seen.see(data);
      } else if (event === 'contentBlockStart') output = true;
      else if (event === 'messageStop') ended = true;
      else if (event === 'metadata') {
        counts = asObject(parseObject(data)?.['usage']) ?? counts;
        if (counts) seen.counted();
      } else if (isFailure(event)) error ??= fromEvent(event, data);
    },
    get ended() {
      return ended;
    },
    get usage() {
      return (usage ??= usageOf.fromWire(counts));
    },
    model: undefined,
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

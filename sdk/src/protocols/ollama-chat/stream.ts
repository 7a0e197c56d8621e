import type { SluiceError } from '../../types/index.ts';
import { type DecodeHints, type JsonObject, type StreamDecoder, type StreamTap, type Usage } from '../../types/index.ts';
import { asObject, asString } from '../shared/read.ts';
import { createJsonDecoder } from '../shared/json-decoder.ts';
import { OutputCount } from '../shared/output-count.ts';
import { AnswerReader } from './answer-reader.ts';
import { errorFromBody } from './errors.ts';
import { usageFromWire } from './usage.ts';

/** Reads newline-delimited JSON; the line with `done: true` is the end. */
export const decoder = (hints?: DecodeHints): StreamDecoder => createJsonDecoder(new AnswerReader(hints), 'line');

const output = /"(content|thinking|response)":"[^"]|"tool_calls"|"images"/;

/** Only lines that may be the last or an error are parsed. */
export const tap = (): StreamTap => {
  const state: { ended: boolean; output: boolean; usage: Usage | undefined; model: string | undefined; error: SluiceError | undefined } = {
    ended: false,
    output: false,
    usage: undefined,
    model: undefined,
    error: undefined,
  };
  const seen = new OutputCount(['content', 'thinking', 'response', 'arguments']);
  return {
    push({ data }) {
      seen.see(data);
      if (!state.output) state.output = output.test(data);
      if (state.model !== undefined && !/"done":\s*true/.test(data) && !data.includes('"error"')) return;
      const value = parse(data);
      state.model ??= asString(value['model']);
      if (value['error'] !== undefined) state.error ??= errorFromBody(value);
      if (value['done'] !== true) return;
      state.ended = true;
      state.usage = usageFromWire(value);
      if (state.usage) seen.counted();
    },
    get ended() {
      return state.ended;
    },
    get final() {
      return state.ended;
    },
    get output() {
      return state.output;
    },
    get uncounted() {
      return seen.tokens;
    },
    get error() {
      return state.error;
    },
    get usage() {
      return state.usage;
    },
    get model() {
      return state.model;
    },
  };
};

const parse = (data: string): JsonObject => {
  try {
    return asObject(JSON.parse(data)) ?? {};
  } catch {
    return {};
  }
};

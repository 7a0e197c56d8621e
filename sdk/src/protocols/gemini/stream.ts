import type { SluiceError } from '../../types/index.ts';
import { type DecodeHints, type JsonObject, type StreamDecoder, type StreamTap, type Usage, type WireEvent } from '../../types/index.ts';
import { asObject, asObjects, asString } from '../shared/read.ts';
import { createJsonDecoder } from '../shared/json-decoder.ts';
import { OutputCount } from '../shared/output-count.ts';
import { AnswerReader } from './answer-reader.ts';
import { errorFromBody } from './errors.ts';
import { camelKeys, modelName } from './names.ts';
import { searchesOf, usageFromWire } from './usage.ts';

/** Reads `streamGenerateContent` with `alt=sse`: each event is a `GenerateContentResponse`. There is no end mark. */
export const decoder = (hints?: DecodeHints): StreamDecoder => createJsonDecoder(new AnswerReader(hints), 'event');

/** Members whose names tell what an event holds. Quoted: a name within a text has its quotes escaped. */
const marks = {
  error: '"error"',
  finish: /"finish_?[rR]eason"|"block_?[rR]eason"/,
  usage: /"usage_?[mM]etadata"/,
  counts: /"(?:candidates|response)_?[tT]oken_?[cC]ount"/,
  search: /"web_?[sS]earch_?[qQ]ueries"/,
  output: /"(text|functionCall|function_call|inlineData|inline_data|executableCode|executable_code)"/,
};

/**
 * Looks at events without reading most of them: the last with usage is parsed when somebody asks. An event that may be
 * an end or an error is parsed to be sure, because arguments of a call may have members of the same names.
 */
export const tap = (): StreamTap => {
  let last: string | undefined;
  let read: { usage: Usage | undefined; model: string | undefined } | undefined;
  let searches = 0;
  const seen = new OutputCount(['text', 'args', 'code']);
  const state = { ended: false, output: false, error: undefined as SluiceError | undefined };

  const look = () => {
    if (!read) {
      const value = last === undefined ? {} : camelKeys(parse(last));
      const model = asString(value['modelVersion']);
      read = { usage: usageFromWire(value['usageMetadata'], searches), model: model && modelName(model) };
    }
    return read;
  };

  return {
    push({ data }: WireEvent) {
      seen.see(data);
      if (!state.output) state.output = marks.output.test(data);
      if (marks.usage.test(data)) {
        last = data;
        read = undefined;
        // Each event counts all until now, but some say the prompt's alone.
        if (marks.counts.test(data)) seen.counted();
      }
      if (!marks.finish.test(data) && !marks.search.test(data) && !data.includes(marks.error)) return;
      const value = camelKeys(parse(data));
      if (value['error'] !== undefined) state.error ??= errorFromBody(value, undefined);
      if (asObject(value['promptFeedback'])?.['blockReason'] !== undefined) state.ended = true;
      for (const candidate of asObjects(value['candidates'])) {
        searches += searchesOf(candidate);
        if (camelKeys(candidate)['finishReason'] !== undefined) state.ended = true;
      }
    },
    get ended() {
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
      return look().usage;
    },
    get model() {
      return look().model;
    },
  };
};

const parse = (data: string): JsonObject => {
  try {
    const value: unknown = JSON.parse(data);
    return asObject(Array.isArray(value) ? value[0] : value) ?? {};
  } catch {
    return {};
  }
};

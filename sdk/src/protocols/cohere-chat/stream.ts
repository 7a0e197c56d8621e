import type {
  DecodeHints,
  FromResultContext,
  SluiceError,
  StreamDecoder,
  StreamEncoder,
  StreamTap,
  Usage,
  WireEvent,
} from '../../types/index.ts';
import { createJsonDecoder } from '../shared/json-decoder.ts';
import { OutputCount } from '../shared/output-count.ts';
import { asObject, asString, parseObject } from '../shared/read.ts';
import { AnswerReader } from './answer-reader.ts';
import { AnswerWriter } from './answer-writer.ts';
import { errorFromBody } from './errors.ts';
import { readUsage } from './usage.ts';

/** `message-end` is the end; the `[DONE]` that follows says nothing more. */
export const decoder = (hints?: DecodeHints): StreamDecoder => {
  const json = createJsonDecoder(new AnswerReader(hints), 'event');
  return {
    push(event, emit) {
      if (!event.data.startsWith('[DONE]')) json.push(event, emit);
    },
    close: json.close,
  };
};

export const encoder = (context: FromResultContext): StreamEncoder => {
  const writer = new AnswerWriter(context);
  return {
    push(part) {
      const events = writer.push(part).map((event): WireEvent => ({ event: String(event['type']), data: JSON.stringify(event) }));
      return part.type === 'end' ? [...events, { data: '[DONE]' }] : events;
    },
  };
};

// Inside a JSON string quotes are escaped, so these find members and never what the model wrote.
const output = /"(?:text|thinking|tool_plan|arguments)"\s*:\s*"[^"]|"type"\s*:\s*"tool-call-start"/;
const end = /"type"\s*:\s*"message-end"/;
const typed = /"type"\s*:/;

/** Only events that may be the last or an error are parsed. The format never says which model it was. */
class CohereTap implements StreamTap {
  #ended = false;
  #final = false;
  #output = false;
  #usage: Usage | undefined;
  #error: SluiceError | undefined;
  readonly #count = new OutputCount(['text', 'thinking', 'tool_plan', 'arguments']);
  readonly model = undefined;

  push({ event, data }: WireEvent): void {
    if (data.startsWith('[DONE]')) {
      this.#final = true;
      return;
    }
    this.#count.see(data);
    if (!this.#output && output.test(data)) this.#output = true;
    if (event === 'message-end' || end.test(data)) {
      const delta = asObject(parseObject(data)?.['delta']) ?? {};
      this.#ended = true;
      this.#usage = readUsage(delta['usage']);
      if (this.#usage) this.#count.counted();
      const message = asString(delta['error']);
      if (message) this.#error ??= errorFromBody({ message });
    } else if (!typed.test(data)) {
      const body = parseObject(data);
      if (body && (body['message'] !== undefined || body['error'] !== undefined)) this.#error ??= errorFromBody(body);
    }
  }

  get ended(): boolean {
    return this.#ended;
  }

  get final(): boolean {
    return this.#final;
  }

  get usage(): Usage | undefined {
    return this.#usage;
  }

  get error(): SluiceError | undefined {
    return this.#error;
  }

  get output(): boolean {
    return this.#output;
  }

  get uncounted(): number {
    return this.#count.tokens;
  }
}

export const tap = (): StreamTap => new CohereTap();

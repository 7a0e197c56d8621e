import { table } from '../../lib/table.ts';
import { SluiceError, type DecodeHints, type Emit, type JsonObject, type StreamDecoder } from '../../types/index.ts';
import { asObject, parseObject } from '../shared/read.ts';
import { readStreamError } from './errors.ts';
import { ResponseReader } from './response-reader.ts';

type Handler = (reader: ResponseReader, event: JsonObject) => void;

const withResponse =
  (handle: (reader: ResponseReader, response: JsonObject) => void): Handler =>
  (reader, event) => {
    handle(reader, asObject(event['response']) ?? {});
  };
const begin: Handler = withResponse((reader, response) => reader.start(response));
const end: Handler = withResponse((reader, response) => reader.finish(response));

/** Kinds that are not here are passed over: they repeat what others say, or show progress. */
const handlers: Readonly<Record<string, Handler>> = table({
  'response.created': begin,
  'response.queued': begin,
  'response.in_progress': begin,
  'response.output_item.added': (reader, event) => reader.add(event),
  'response.output_item.done': (reader, event) => reader.done(event),
  'response.content_part.added': (reader, event) => reader.content(event),
  'response.output_text.delta': (reader, event) => reader.text(event, false),
  'response.output_text.done': (reader, event) => reader.text(event, false),
  'response.output_text.annotation.added': (reader, event) => reader.annotation(event),
  'response.refusal.delta': (reader, event) => reader.text(event, true),
  'response.refusal.done': (reader, event) => reader.text(event, true),
  'response.function_call_arguments.delta': (reader, event) => reader.arguments(event, 'arguments'),
  'response.function_call_arguments.done': (reader, event) => reader.arguments(event, 'arguments'),
  'response.custom_tool_call_input.delta': (reader, event) => reader.arguments(event, 'input'),
  'response.custom_tool_call_input.done': (reader, event) => reader.arguments(event, 'input'),
  'response.reasoning_summary_text.delta': (reader, event) => reader.thought(event, 'summary'),
  'response.reasoning_summary_text.done': (reader, event) => reader.thought(event, 'summary'),
  'response.reasoning_text.delta': (reader, event) => reader.thought(event, 'content'),
  'response.reasoning_text.done': (reader, event) => reader.thought(event, 'content'),
  'response.completed': end,
  'response.incomplete': end,
  'response.failed': withResponse((reader, response) => reader.fail(readStreamError(response))),
  error: (reader, event) => reader.fail(readStreamError(event)),
});

/** Reads a provider's events. Its own end is `response.completed` or `response.incomplete`. */
export const createDecoder = (hints?: DecodeHints): StreamDecoder => {
  let emitNow: Emit = () => {};
  const reader = new ResponseReader((part) => emitNow(part), hints);
  return {
    push({ data }, emit) {
      if (reader.over || data === '[DONE]') return;
      emitNow = emit;
      const event = parseObject(data);
      if (event) handlers[String(event['type'])]?.(reader, event);
      else reader.fail(new SluiceError('invalid_response', 'The provider sent an event that is not a JSON object.', { retry: false }));
    },
    close(emit) {
      if (reader.over) return;
      emitNow = emit;
      reader.fail(new SluiceError('stream_interrupted', 'The provider closed the stream before the answer was complete.'));
    },
  };
};

import type { FromResultContext, JsonObject, StreamEncoder, StreamPart, WireEvent } from '../../types/index.ts';
import { Answer } from './answer.ts';
import { echoRequest } from './echo.ts';
import { errorEvent } from './errors.ts';
import { protocolId } from './native.ts';
import { OutputWriter } from './output-writer.ts';

/** Writes a client's events; every one carries its number. */
export const createEncoder = (context: FromResultContext): StreamEncoder => {
  let events: WireEvent[] = [];
  let sequence = 0;
  let begun = false;
  let over = false;
  /** The request's parameters as JSON members: they are in three events and may be long. */
  let echo: string | undefined;

  const send = (type: string, members: JsonObject): void => {
    events.push({ event: type, data: JSON.stringify({ type, sequence_number: sequence++, ...members }) });
  };
  const sendResponse = (type: string, head: JsonObject): void => {
    echo ??= JSON.stringify(echoRequest(context.request)).slice(1);
    events.push({
      event: type,
      data: `{"type":"${type}","sequence_number":${sequence++},"response":${JSON.stringify(head).slice(0, -1)},${echo}}`,
    });
  };

  const answer = new Answer(context);
  const writer = new OutputWriter(context, send);
  const { facts } = answer;

  const begin = (): void => {
    if (begun) return;
    begun = true;
    sendResponse('response.created', answer.begun());
    sendResponse('response.in_progress', answer.begun());
  };

  type Handlers = { [T in StreamPart['type']]?: (part: Extract<StreamPart, { type: T }>) => void };
  const on: Handlers = {
    start: ({ id, createdAt, serviceTier, usage }) => {
      Object.assign(facts, { id, createdAt, serviceTier, usage });
      begin();
    },
    finish: ({ candidate, reason, rawReason, logprobs }) => {
      if (candidate !== 0) return;
      facts.finish = { reason, ...(rawReason !== undefined && { rawReason }) };
      writer.close(reason, logprobs);
    },
    usage: ({ usage }) => void (facts.usage = usage),
    extra: ({ protocol, value, serviceTier }) => {
      if (protocol === protocolId) Object.assign(facts.extra, value);
      if (serviceTier !== undefined) facts.serviceTier = serviceTier;
    },
    error: ({ error }) => {
      over = true;
      events.push(errorEvent(error, sequence++));
      sendResponse('response.failed', answer.failed(error, writer.output));
    },
    end: () => {
      over = true;
      const last = answer.ended(writer.output);
      sendResponse(`response.${String(last['status'])}`, last);
    },
  };

  return {
    push(part) {
      if (over) return [];
      if (part.type !== 'start' && part.type !== 'error') begin();
      const handler = on[part.type] as ((part: StreamPart) => void) | undefined;
      if (handler) handler(part);
      else if ('index' in part) writer.push(part);
      const out = events;
      events = [];
      return out;
    },
  };
};

import { createEventStreamParser } from '../lib/aws-event-stream.ts';
import { createJsonPiecesParser } from '../lib/json-pieces.ts';
import { createNdjsonParser } from '../lib/ndjson.ts';
import { createSseParser } from '../lib/sse.ts';
import { SluiceError, type Framing, type WireEvent } from '../types/index.ts';

/** Cuts a stream's bytes into events, whatever the chunk boundaries. Both throw `invalid_response` where the bytes are not of the framing. */
export interface EventParser {
  push(bytes: Uint8Array): void;
  close(): void;
}

/** The text inside of the messages is read on across them: even a character may be in two. */
const payloadParser = (onEvent: (event: WireEvent) => void): EventParser => {
  const pieces = createJsonPiecesParser((data) => onEvent({ data }));
  const decoder = new TextDecoder('utf-8', { fatal: true });
  // Its exceptions are called errors and failures; all else that has a name is one.
  const asException = ({ event = '', data }: WireEvent) =>
    onEvent({ event: event === 'error' || event.endsWith('Exception') ? event : `${event}Exception`, data });
  const messages = createEventStreamParser(asException, (bytes) => pieces.push(decoder.decode(bytes, { stream: true })));
  return {
    push: (bytes) => messages.push(bytes),
    close() {
      messages.close();
      pieces.close();
    },
  };
};

const parsers: Readonly<Record<Framing, (onEvent: (event: WireEvent) => void) => EventParser>> = {
  sse: createSseParser,
  ndjson: (onEvent) => createNdjsonParser((data) => onEvent({ data })),
  'aws-event-stream': (onEvent) => createEventStreamParser(onEvent),
  'aws-payload': payloadParser,
};

export const parserOf = (framing: Framing, onEvent: (event: WireEvent) => void): EventParser => {
  const parser = parsers[framing](onEvent);
  return {
    push(bytes) {
      try {
        parser.push(bytes);
      } catch (cause) {
        throw unreadable(cause);
      }
    },
    close() {
      try {
        parser.close();
      } catch (cause) {
        throw unreadable(cause);
      }
    },
  };
};

/** What the parsers throw is about the provider's bytes. */
const unreadable = (cause: unknown): SluiceError => {
  if (SluiceError.is(cause)) return cause;
  const words = cause instanceof Error ? cause.message : String(cause);
  return new SluiceError('invalid_response', `The provider's stream cannot be read: ${words}`, { cause, retry: false });
};

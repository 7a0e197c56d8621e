import { createEventStreamParser } from '../lib/aws-event-stream.ts';
import { createNdjsonParser } from '../lib/ndjson.ts';
import { createSseParser } from '../lib/sse.ts';
import type { Framing, WireEvent } from '../types/index.ts';

/** Cuts a stream's bytes into events, whatever the chunk boundaries. Both throw where the bytes are not of the framing. */
export interface EventParser {
  push(bytes: Uint8Array): void;
  close(): void;
}

const parsers: Readonly<Record<Framing, (onEvent: (event: WireEvent) => void) => EventParser>> = {
  sse: createSseParser,
  ndjson: (onEvent) => createNdjsonParser((data) => onEvent({ data })),
  'aws-event-stream': createEventStreamParser,
};

export const parserOf = (framing: Framing, onEvent: (event: WireEvent) => void): EventParser => parsers[framing](onEvent);

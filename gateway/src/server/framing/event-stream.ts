import {
  anthropicMessages,
  bedrockConverse,
  createSseParser,
  formatEventStream,
  formatEventStreamChunk,
  SluiceError,
  type WireEvent,
} from 'sluice/kit';
import type { ClientFraming } from './client-framing.ts';

/*
 * AWS's event stream (https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html and
 * API_runtime_InvokeModelWithResponseStream.html, read 2026-11-22). Every message of it means something to its clients, so
 * nothing can keep a silent one alive.
 */
const wire = {
  contentType: 'application/vnd.amazon.eventstream',
  close: () => '',
  keepAlive: '',
} as const;

const joined = (pieces: readonly Uint8Array[]): Uint8Array => (pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces));

/** ConverseStream. */
export const eventStreamFraming: ClientFraming = {
  ...wire,
  frame: (chunk) => (chunk instanceof Uint8Array ? chunk : joined(chunk.map(formatEventStream))),
};

/** An error event of Anthropic's as an exception: inside of a chunk AWS's SDKs would take it for an answer. */
const exceptions = (event: WireEvent): Uint8Array[] => {
  let error: SluiceError | undefined;
  anthropicMessages.stream.decoder().push(event, (part) => {
    if (part.type === 'error') ({ error } = part);
  });
  return bedrockConverse.errors.toEvents(error ?? new SluiceError('bad_gateway', 'The model failed.')).map(formatEventStream);
};

/** InvokeModelWithResponseStream: each event of Anthropic's stream in the base64 of a chunk. */
export const invokeFraming = (): ClientFraming => {
  let pieces: Uint8Array[] = [];
  const take = (event: WireEvent) =>
    void pieces.push(...(event.event === 'error' ? exceptions(event) : [formatEventStreamChunk(event.data)]));
  const parser = createSseParser(take);
  return {
    ...wire,
    frame(chunk) {
      pieces = [];
      if (chunk instanceof Uint8Array) parser.push(chunk);
      else for (const event of chunk) take(event);
      return joined(pieces);
    },
  };
};

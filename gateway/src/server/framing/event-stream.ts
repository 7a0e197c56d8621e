import { anthropicMessages, bedrockConverse, formatEventStream, formatEventStreamChunk, SluiceError, type WireEvent } from 'sluice/kit';
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

const asChunks = (event: WireEvent): Uint8Array[] => (event.event === 'error' ? exceptions(event) : [formatEventStreamChunk(event.data)]);

/** InvokeModelWithResponseStream: each event of Anthropic's stream in the base64 of a chunk. */
export const invokeFraming: ClientFraming = {
  ...wire,
  wire: 'aws-event-stream',
  frame: (chunk) => (chunk instanceof Uint8Array ? chunk : joined(chunk.flatMap(asChunks))),
};

import type { ChatProtocol, StreamPart, WireEvent } from '../../types/index.ts';
import type { ChatCall, StreamChunk } from '../call.ts';

/** A part of the neutral model where else an event of the client's format would stand. */
interface PartEvent extends WireEvent {
  readonly part: StreamPart;
}

const event = (part: StreamPart): PartEvent => ({ data: '', part });

/** The client's format for its requests; what its streams are made of comes as parts. */
const ofParts = (format: ChatProtocol): ChatProtocol => ({
  ...format,
  stream: { ...format.stream, encoder: () => ({ push: (part) => [event(part)] }) },
  errors: { ...format.errors, toEvents: (error) => [event({ type: 'error', error })] },
});

/** The call, with a stream whose chunks `partsOf` reads: two of them can be joined, which two streams of bytes cannot. */
export const asParts = (call: ChatCall): ChatCall => ({ ...call, format: ofParts(call.format), asParts: true });

/** What a chunk of such a stream holds. */
export const partsOf = (chunk: StreamChunk): readonly StreamPart[] =>
  chunk instanceof Uint8Array ? [] : (chunk as readonly PartEvent[]).map(({ part }) => part);

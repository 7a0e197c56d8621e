import type { ChatCall, StreamChunk } from 'sluice/kit';

/** How a stream lies on the client's wire. One object a stream. */
export interface ClientFraming {
  contentType: string;
  /** What it is on the wire, where not as the format's owner frames it. */
  wire?: ChatCall['framing'];
  /** @param chunk bytes, which are whole events as `wire` has them, or events */
  frame(chunk: StreamChunk): Uint8Array | string;
  /** What ends the stream. */
  close(): string;
  /** What keeps a silent connection alive; empty where the framing has nothing that means nothing. */
  keepAlive: string;
}

import type { StreamChunk } from 'sluice/kit';

/** How a stream lies on the client's wire. One object a stream. */
export interface ClientFraming {
  contentType: string;
  /** @param chunk bytes, which are whole events of the format as its owner frames them, or events */
  frame(chunk: StreamChunk): Uint8Array | string;
  /** What ends the stream. */
  close(): string;
  /** What keeps a silent connection alive; empty where the framing has nothing that means nothing. */
  keepAlive: string;
}

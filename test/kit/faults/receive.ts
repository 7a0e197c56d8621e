import type { Socket } from 'node:net';
import type { Script } from './upstream.ts';

export interface Received {
  path: string;
  /** As it came; `body` is complete only once the whole request is there. */
  head: string;
  body: string;
  /** How many requests there were on this connection, this one included. */
  nth: number;
  /** A stream is asked for: path and `accept` say so, before there is a body. */
  stream: boolean;
  /** What was chosen for it. */
  script?: Script;
}

/** Reads requests off a connection: `on` is told when a head is there, and when the whole request is. */
export const receive = (socket: Socket, on: (request: Received, moment: 'head' | 'request') => void): void => {
  let pieces: Buffer[] = [];
  let length = 0;
  let wanted: number | undefined;
  let request: Received | undefined;
  let nth = 0;

  const readHead = (all: Buffer): boolean => {
    const end = all.indexOf('\r\n\r\n');
    if (end === -1) return false;
    const head = all.toString('latin1', 0, end);
    wanted = end + 4 + Number(/\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
    const path = head.split(' ', 2)[1] ?? '/';
    request = { path, head, body: '', nth: ++nth, stream: /stream/i.test(path) || /\naccept: .*(?:event-?stream|ndjson)/i.test(head) };
    on(request, 'head');
    return true;
  };

  socket.on('data', (bytes: Buffer) => {
    pieces.push(bytes);
    length += bytes.length;
    while (length > 0) {
      if (wanted === undefined || length >= wanted) pieces = [Buffer.concat(pieces)];
      const [first] = pieces;
      if (!first || (wanted === undefined && !readHead(first))) return;
      if (wanted === undefined || !request || length < wanted) return;
      const whole = Buffer.concat(pieces);
      request.body = whole.toString('utf8', request.head.length + 4, wanted);
      pieces = [whole.subarray(wanted)];
      length -= wanted;
      wanted = undefined;
      on(request, 'request');
    }
  });
};

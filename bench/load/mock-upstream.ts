/**
 * A model provider that costs next to nothing: prebuilt answers of several APIs over bare sockets.
 * A process of its own: `bun mock-upstream.ts --port 9100 --tick-ms 4 --events 100`. A streamed answer is one event a
 * tick, each in a write of its own, as a model's tokens come. `GET /counters` tells what was answered so far.
 */
import { parseArgs } from 'node:util';
import type { Socket } from 'bun';
import { vendors, type Vendor } from './vendors.ts';

interface State {
  /** The beginning of a request that is not complete. */
  pending: Buffer | undefined;
}

export interface Counters {
  requests: number;
  events: number;
  /** Streams that run at the moment. */
  streams: number;
  connections: number;
}

const { values } = parseArgs({
  options: { port: { type: 'string' }, 'tick-ms': { type: 'string', default: '4' }, events: { type: 'string', default: '100' } },
});
const eventCount = Number(values.events);

const json = (body: string): Buffer =>
  Buffer.from(
    `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-request-id: req_bench\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
const chunk = (event: string | Uint8Array): Buffer =>
  Buffer.concat([Buffer.from(`${Buffer.byteLength(event).toString(16)}\r\n`), Buffer.from(event as string), Buffer.from('\r\n')]);
const streamHead = (type: string): Buffer =>
  Buffer.from(`HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\nx-request-id: req_bench\r\ntransfer-encoding: chunked\r\n\r\n`);
const lastChunk = Buffer.from('0\r\n\r\n');

interface Answer {
  /** How its requests begin. */
  mark: Buffer;
  json: Buffer;
  head: Buffer;
  events: Buffer[];
  /** Where the body says it, and not the path. */
  streamed: boolean | undefined;
}

/** Longer marks first: one may begin as another does. */
const answers: Answer[] = Object.values<Vendor>(vendors)
  .flatMap(({ path, json: body, streamType, events }): Answer[] => {
    const [whole, streamed] = [path(false), path(true)];
    const common = { json: json(body), head: streamHead(streamType), events: events(eventCount).map(chunk) };
    const mark = (text: string) => Buffer.from(`POST ${text}`);
    if (whole === streamed) return [{ ...common, mark: mark(whole), streamed: undefined }];
    return [
      { ...common, mark: mark(streamed), streamed: true },
      { ...common, mark: mark(whole), streamed: false },
    ];
  })
  .toSorted((a, b) => b.mark.length - a.mark.length);
const countersPath = Buffer.from('GET /counters');
const notFound = Buffer.from('HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n');

const counters: Counters = { requests: 0, events: 0, streams: 0, connections: 0 };
const streams = new Map<Socket<State>, { events: Buffer[]; at: number }>();

const write = (socket: Socket<State>, bytes: Buffer): void => {
  // What a reader does not take is not waited for: a measurement with a reader that is too slow is to fail, not to hang.
  if (socket.write(bytes) < bytes.length) socket.terminate();
};

setInterval(() => {
  for (const [socket, stream] of streams) {
    const event = stream.events[stream.at++];
    if (event) {
      counters.events++;
      write(socket, event);
    } else {
      streams.delete(socket);
      write(socket, lastChunk);
    }
  }
}, Number(values['tick-ms']));

const headEnd = Buffer.from('\r\n\r\n');
const streamMark = /"stream":\s*true/;

const answer = (socket: Socket<State>, request: Buffer, bodyAt: number): void => {
  if (request.subarray(0, countersPath.length).equals(countersPath)) {
    return write(socket, json(JSON.stringify({ ...counters, streams: streams.size } satisfies Counters)));
  }
  const found = answers.find(({ mark }) => request.subarray(0, mark.length).equals(mark));
  if (!found) return write(socket, notFound);
  counters.requests++;
  if (!(found.streamed ?? asksForStream(request, bodyAt))) return write(socket, found.json);
  write(socket, found.head);
  streams.set(socket, { events: found.events, at: 0 });
};

/** The mark stands near one of the ends of a long body; the prompt is between them. */
const asksForStream = (request: Buffer, bodyAt: number): boolean =>
  streamMark.test(
    request.length - bodyAt > 4096
      ? request.toString('latin1', bodyAt, bodyAt + 512) + request.toString('latin1', request.length - 512)
      : request.toString('latin1', bodyAt),
  );

const lengthOf = (head: string): number => Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);

Bun.listen<State>({
  hostname: '127.0.0.1',
  port: Number(values.port),
  socket: {
    open(socket) {
      counters.connections++;
      socket.data = { pending: undefined };
    },
    data(socket, bytes) {
      const { pending } = socket.data;
      const request = pending ? Buffer.concat([pending, bytes]) : bytes;
      const end = request.indexOf(headEnd);
      if (end !== -1 && request.length >= end + 4 + lengthOf(request.toString('latin1', 0, end))) {
        socket.data.pending = undefined;
        answer(socket, request, end + 4);
      } else socket.data.pending = request;
    },
    close(socket) {
      streams.delete(socket);
    },
    error() {},
  },
});
console.log('ready');

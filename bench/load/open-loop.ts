/**
 * An open-loop load generator: requests leave at their time, whether earlier ones were answered or not, so that a stall
 * is seen by all the requests it meets. A process of its own; the job comes as JSON in the first argument, the result
 * is a JSON line. wrk keeps a fixed number of requests under way and cannot do this.
 */
import type { Socket } from 'bun';
import { httpRequest } from './request.ts';

export interface OpenLoopJob {
  port: number;
  path: string;
  body: string;
  /** Requests a second. */
  rate: number;
  seconds: number;
}

export interface OpenLoopResult {
  /** Milliseconds from the request's leaving to the end of its answer. */
  p50: number;
  p99: number;
  answered: number;
  failed: number;
  /** Most requests under way at a time. */
  mostOpen: number;
}

interface State {
  sentAt: number;
  text: string;
}

const job = JSON.parse(process.argv[2] ?? '{}') as OpenLoopJob;
const request = httpRequest(job.path, job.body);
const idle: Socket<State>[] = [];
const latencies: number[] = [];
let failed = 0;
let open = 0;
let mostOpen = 0;

const isComplete = (text: string): boolean => {
  const end = text.indexOf('\r\n\r\n');
  if (end === -1) return false;
  const length = /\r\ncontent-length: *(\d+)/i.exec(text.slice(0, end))?.[1];
  return length === undefined ? text.endsWith('\r\n0\r\n\r\n') : text.length >= end + 4 + Number(length);
};

const send = (socket: Socket<State>): void => {
  socket.data = { sentAt: performance.now(), text: '' };
  socket.write(request);
};

const handlers = {
  data(socket: Socket<State>, bytes: Buffer) {
    const state = socket.data;
    // Read as Latin-1, a character a byte, so that lengths compare.
    state.text += bytes.toString('latin1');
    if (!isComplete(state.text)) return;
    open--;
    if (state.text.startsWith('HTTP/1.1 200 ')) latencies.push(performance.now() - state.sentAt);
    else failed++;
    idle.push(socket);
  },
  close(socket: Socket<State>) {
    const at = idle.indexOf(socket);
    if (at !== -1) idle.splice(at, 1);
    else {
      open--;
      failed++;
    }
  },
  error() {},
};

const start = (): void => {
  open++;
  mostOpen = Math.max(mostOpen, open);
  const socket = idle.pop();
  if (socket) return send(socket);
  Bun.connect<State>({ hostname: '127.0.0.1', port: job.port, data: { sentAt: 0, text: '' }, socket: { ...handlers, open: send } }).catch(
    () => {
      open--;
      failed++;
    },
  );
};

const begun = performance.now();
let started = 0;
const timer = setInterval(() => {
  const elapsed = performance.now() - begun;
  if (elapsed >= job.seconds * 1000) {
    clearInterval(timer);
    setTimeout(finish, 500);
    return;
  }
  for (const due = Math.floor((elapsed / 1000) * job.rate); started < due; started++) start();
}, 1);

const finish = (): void => {
  latencies.sort((a, b) => a - b);
  const at = (share: number): number => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? Number.NaN;
  const result: OpenLoopResult = { p50: at(0.5), p99: at(0.99), answered: latencies.length, failed: failed + open, mostOpen };
  console.log(JSON.stringify(result));
  process.exit(0);
};

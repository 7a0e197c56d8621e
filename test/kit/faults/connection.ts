import { broken, complete, noConnection, notAnAnswer, tooLate } from './expect.ts';
import type { Fault } from './fault.ts';
import { chunk, chunked, good, lastChunk, sized } from './http.ts';

/** A byte at a time is "one a second", scaled as the deadlines of the tests are. */
const dripMs = 60;

/** Connections that break, close, fall silent or crawl, at each place of an answer. */
export const connectionFaults: readonly Fault[] = [
  { name: 'reset before the answer', script: () => ['reset'], whole: noConnection(/reset|closed/) },
  { name: 'closed before the answer', script: () => ['close'], whole: noConnection(/closed/) },
  { name: 'reset inside the status line', script: () => ['HTTP/1.1 20', { waitMs: 5 }, 'reset'], whole: noConnection(/reset|closed/) },
  { name: 'reset inside the headers', script: ({ head }) => [head, { waitMs: 5 }, 'reset'], whole: noConnection(/reset|closed/) },
  { name: 'closed inside the headers', script: ({ head }) => [head, 'close'], whole: noConnection(/closed/) },
  { name: 'reset after the headers', script: ({ head }) => [chunked(head), { waitMs: 5 }, 'reset'], whole: noConnection(/reset|closed/) },
  {
    name: 'reset inside the body',
    script: ({ head, before, begun }) => [chunked(head), chunk(before), chunk(begun), { waitMs: 20 }, 'reset'],
    whole: noConnection(/reset|closed/),
    stream: broken('stream_interrupted', /broke/),
  },
  {
    name: 'reset before any text',
    script: ({ head, before, begun }) => [chunked(head), chunk(before), chunk(begun.subarray(0, 5)), { waitMs: 20 }, 'reset'],
    whole: noConnection(/reset|closed/),
  },
  {
    name: 'reset inside an event',
    script: ({ head, before, begun, rest }) => [
      chunked(head),
      chunk(before),
      chunk(begun),
      chunk(rest.subarray(0, 9)),
      { waitMs: 20 },
      'reset',
    ],
    whole: noConnection(/reset|closed/),
    stream: broken('stream_interrupted', /broke/),
  },
  {
    name: 'closed inside the body',
    script: ({ head, before, begun }) => [chunked(head), chunk(before), chunk(begun), 'close'],
    whole: noConnection(/closed/),
    stream: broken('stream_interrupted', /broke/),
  },
  { name: 'silence', slow: true, script: () => [], whole: tooLate(/took longer than \d+ ms/) },
  { name: 'silence inside the headers', slow: true, script: ({ head }) => [head], whole: tooLate(/took longer than \d+ ms/) },
  { name: 'silence after the headers', slow: true, script: ({ head }) => [chunked(head)], whole: tooLate(/took longer than \d+ ms/) },
  {
    name: 'silence inside the body',
    slow: true,
    script: ({ head, before, begun }) => [chunked(head), chunk(before), chunk(begun)],
    whole: tooLate(/took longer than \d+ ms/),
    stream: broken('upstream_timeout', /took longer than \d+ ms/),
  },
  {
    name: 'silence inside an event',
    slow: true,
    script: ({ head, before, begun, rest }) => [chunked(head), chunk(before), chunk(begun), chunk(rest.subarray(0, 9))],
    whole: tooLate(/took longer than \d+ ms/),
    stream: broken('upstream_timeout', /took longer than \d+ ms/),
  },
  {
    name: 'silence after the last event, which was the end',
    slow: true,
    script: ({ head, body, stream }) => (stream ? [chunked(head), chunk(body)] : [sized(head, body)]),
    whole: complete,
  },
  {
    name: 'headers that drip',
    slow: true,
    script: ({ head }) => [{ drip: Buffer.from(head), everyMs: dripMs }],
    whole: tooLate(/took longer than/),
  },
  {
    name: 'a body that drips',
    slow: true,
    script: ({ head, body }) => [`${head}\r\n`, { drip: body, everyMs: dripMs }],
    whole: tooLate(/took longer than/),
    stream: [tooLate(/took longer than/), broken('upstream_timeout', /took longer than/)],
  },
  {
    name: 'a body that drips after its first text',
    slow: true,
    script: ({ head, before, begun, rest }) => [`${head}\r\n`, before, begun, { drip: rest, everyMs: dripMs }],
    whole: tooLate(/took longer than/),
    stream: [broken('upstream_timeout', /took longer than/)],
  },
  {
    name: 'connection: close',
    script: ({ head, body }) => [`${head}connection: close\r\n\r\n`, body, 'close'],
    whole: complete,
  },
  {
    name: 'HTTP/1.0, its end the end of the connection',
    script: ({ head, body }) => [`${head.replace('HTTP/1.1', 'HTTP/1.0')}\r\n`, body, 'close'],
    whole: complete,
  },
  {
    name: 'a reset where the end of the connection was to be the end of the answer',
    script: ({ head, before, begun }) => [`${head}\r\n`, before, begun, { waitMs: 20 }, 'reset'],
    whole: noConnection(/reset|closed/),
    stream: broken('stream_interrupted', /broke/),
  },
  {
    name: 'a connection that dies while it is idle',
    script: (pieces) => [good(pieces), { waitMs: 3 }, 'reset'],
    whole: complete,
  },
  {
    name: 'a connection that is closed while it is idle',
    script: (pieces) => [good(pieces), 'close'],
    whole: complete,
  },
  {
    name: 'a farewell on an idle connection',
    script: (pieces) => [good(pieces), { waitMs: 3 }, 'HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\n\r\n', 'close'],
    whole: complete,
  },
  {
    name: 'no HTTP at all',
    script: () => ['SSH-2.0-OpenSSH_9.2\r\n'],
    whole: notAnAnswer(/not valid HTTP/),
  },
  {
    name: 'another protocol from here on',
    script: () => ['HTTP/1.1 101 Switching Protocols\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n'],
    whole: notAnAnswer(/changes the protocol/),
  },
  {
    name: 'an answer in single bytes',
    script: (pieces) => [{ drip: good(pieces).subarray(0, 40), everyMs: 0 }, good(pieces).subarray(40)],
    whole: complete,
  },
  {
    name: 'two answers to one request',
    script: (pieces) => [Buffer.concat([good(pieces), Buffer.from(`HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}${lastChunk}`)])],
    whole: complete,
  },
];

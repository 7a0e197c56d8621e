import { errorCodes, type ErrorCode } from 'sluice/kit';
import { broken, complete, cutShort, notAnAnswer, refused } from './expect.ts';
import type { Fault } from './fault.ts';
import { chunk, chunked, good, lastChunk, sized, statusHead, type Pieces } from './http.ts';

/** Where redirects lead. */
export const elsewhere = 'elsewhere';
const html = '<!DOCTYPE html><html><head><title>Sorry</title></head><body><h1>Bad gateway</h1></body></html>';
const mebibyte = 1024 * 1024;

const page = (status: number, whole: Fault['whole']): Fault => ({
  name: `a page of HTML with ${status}`,
  script: () => [sized(statusHead(status, 'text/html'), html)],
  whole,
});

/** JSON, or what should be, in place of the whole answer. */
const instead = (name: string, body: string | Uint8Array, words: RegExp): Fault => ({
  name: `${name} in place of the answer`,
  script: () => [sized(statusHead(200), body)],
  whole: notAnAnswer(words),
});

/** A stream that breaks behind its first text, in a way that bytes can; a whole answer is left alone. */
const streamed = (
  name: string,
  ill: (pieces: Pieces) => string | Uint8Array,
  stream: Fault['stream'],
  framings?: Fault['framings'],
): Fault => ({
  name,
  script: (pieces) =>
    pieces.stream
      ? [chunked(pieces.head), chunk(pieces.before), chunk(pieces.begun), { waitMs: 20 }, chunk(ill(pieces)), lastChunk]
      : [good(pieces)],
  whole: complete,
  ...(stream && { stream }),
  ...(framings && { framings }),
});

/** Which code a vendor's words become is its protocol's business. */
const anyCode = Object.keys(errorCodes) as ErrorCode[];
const noEnd = /before the (?:answer was|provider said it was) complete/;
const text = ['sse', 'ndjson'] as const;

/** The last bytes of a message are its checksum, the first four its length. */
const changed = (bytes: Buffer, at: number): Buffer => Buffer.from(bytes.map((byte, index) => (index === at ? byte ^ 0x55 : byte)));
const aws = ['aws-event-stream'] as const;
const awsFaults: readonly Fault[] = [
  streamed(
    'a message with a wrong checksum',
    ({ rest }) => changed(rest, rest.readUInt32BE(0) - 1),
    broken('invalid_response', /checksum|CRC/i),
    aws,
  ),
  streamed('a message with a wrong length', ({ rest }) => changed(rest, 2), broken('invalid_response', /./), aws),
  streamed('a message whose headers cannot be read', ({ rest }) => changed(rest, 12), broken('invalid_response', /./), aws),
  streamed(
    'a stream that is cut inside a message',
    ({ rest }) => rest.subarray(0, 30),
    broken(['stream_interrupted', 'invalid_response'], /./),
    aws,
  ),
];

/** Bytes that came over well, and are not what they should be. */
export const contentFaults: readonly Fault[] = [
  page(502, refused(502, 'bad_gateway', /Bad gateway|502/)),
  page(503, refused(503, 'unavailable', /Bad gateway|503/)),
  page(504, refused(504, 'upstream_timeout', /Bad gateway|504/)),
  page(200, notAnAnswer(/not JSON/)),
  instead('nothing', '', /not JSON/),
  instead('null', 'null', /not an object/),
  instead('a list', '[]', /./),
  instead('a text', '"ok"', /not an object/),
  instead('half of the JSON', '{"id": "c1", "choi', /not JSON/),
  instead('invalid UTF-8', Buffer.concat([Buffer.from('{"id": "'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]), /UTF-8/),
  {
    name: '204',
    script: () => ['HTTP/1.1 204 No Content\r\n\r\n'],
    whole: notAnAnswer(/204|not JSON/),
    stream: cutShort(noEnd),
  },
  { name: '304', script: () => ['HTTP/1.1 304 Not Modified\r\n\r\n'], whole: refused(502, 'bad_gateway', /304/) },
  ...[301, 302, 303, 307, 308].map((status): Fault => ({
    name: `a redirect (${status})`,
    script: () => [`${statusHead(status)}location: /${elsewhere}/v1\r\ncontent-length: 0\r\n\r\n`],
    whole: refused(502, 'bad_gateway', /redirect/),
  })),
  {
    name: "the vendor's own error",
    script: ({ answers }) => [sized(statusHead(500), answers.errorBody)],
    whole: refused(500, 'internal', /gave up/),
  },
  {
    name: "the vendor's own error with 429 and retry-after",
    script: ({ answers }) => [sized(`${statusHead(429)}retry-after: 7\r\n`, answers.errorBody)],
    whole: refused(429, anyCode, /gave up/),
  },
  {
    name: 'an error whose body does not come',
    script: () => [`${statusHead(503)}content-length: 100\r\n\r\n{"err`, { waitMs: 20 }, 'reset'],
    whole: refused(503, 'unavailable', /./),
  },
  {
    name: 'an error whose body is huge',
    script: () => [`${statusHead(503)}\r\n`, { flood: Buffer.alloc(65_536, 'x'), maxBytes: 4 * mebibyte }],
    whole: refused(503, 'unavailable', /./),
  },
  {
    name: "the vendor's error as the first event of a 200 (FP-72)",
    script: ({ stream, head, answers }) =>
      // A body that is an error and nothing else says so in some formats; in others it cannot be told from an answer.
      stream
        ? [chunked(head), chunk(answers.errorEvent), lastChunk]
        : [sized(answers.errorBody.includes('"error"') ? head : statusHead(500), answers.errorBody)],
    whole: [500, 502, 503].map((status) => refused(status, anyCode, /gave up/)),
  },
  {
    name: "the vendor's error in the middle of a stream",
    script: (pieces) =>
      pieces.stream
        ? [chunked(pieces.head), chunk(pieces.before), chunk(pieces.begun), { waitMs: 20 }, chunk(pieces.answers.errorEvent), lastChunk]
        : [good(pieces)],
    whole: complete,
    stream: { kind: 'broken', code: anyCode, words: /gave up/ },
  },
  streamed('a stream without its end', () => '', broken('stream_interrupted', noEnd)),
  streamed(
    'a stream that is cut inside an event',
    ({ rest }) => rest.subarray(0, 12),
    broken(['stream_interrupted', 'invalid_response'], /./),
  ),
  streamed(
    'a stream that is cut inside a character',
    () => Buffer.concat([Buffer.from('data: {"x": "'), Buffer.from('€').subarray(0, 2)]),
    broken(['stream_interrupted', 'invalid_response'], /./),
    text,
  ),
  streamed(
    'invalid UTF-8 in a stream',
    ({ rest }) => Buffer.concat([Buffer.from('data: {"x": "'), Buffer.from([0xff, 0xfe, 0xfd]), Buffer.from('"}\n\n'), rest]),
    // Text that came in the same read is lost with what cannot be read.
    [broken('invalid_response', /cannot be read/), notAnAnswer(/cannot be read/)],
    text,
  ),
  streamed(
    'an event that is no JSON',
    ({ rest }) => Buffer.concat([Buffer.from('data: {"choices": [{"index": \n\n'), rest]),
    [broken('invalid_response', /./), complete],
    ['sse'],
  ),
  streamed(
    'an event that is null',
    ({ rest }) => Buffer.concat([Buffer.from('data: null\n\n'), rest]),
    [broken('invalid_response', /./), complete],
    ['sse'],
  ),
  streamed(
    'comments and events of unknown kinds',
    ({ rest }) => Buffer.concat([Buffer.from(': hello\n\nevent: novelty\ndata: {"type":"novelty"}\n\n'), rest]),
    complete,
    ['sse'],
  ),
  streamed('a large event of an unknown kind', ({ rest }) => Buffer.concat([Buffer.from(`: ${'x'.repeat(300_000)}\n\n`), rest]), complete, [
    'sse',
  ]),
  ...awsFaults,
];

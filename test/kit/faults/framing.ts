import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { broken, complete, cutShort, noConnection, notAnAnswer } from './expect.ts';
import type { Fault } from './fault.ts';
import { chunk, chunked, good, lastChunk, sized, type Pieces } from './http.ts';

const mebibyte = 1024 * 1024;
const begins = (name: string, script: Fault['script'], whole: Fault['whole'] = complete, stream?: Fault['stream']): Fault => ({
  name,
  script,
  whole,
  ...(stream && { stream }),
});

/** A body whose framing goes wrong behind its first text. */
const afterText = (name: string, ill: string, words: RegExp): Fault => ({
  name,
  script: ({ head, before, begun }) => [chunked(head), chunk(before), chunk(begun), { waitMs: 20 }, ill],
  whole: notAnAnswer(words),
  stream: broken('invalid_response', words),
});

const codings: Readonly<Record<string, (bytes: Uint8Array) => Uint8Array>> = {
  gzip: gzipSync,
  deflate: deflateSync,
  br: brotliCompressSync,
  zstd: zstdCompressSync,
};
const encoded = (coding: string, { head, body }: Pieces, change: (bytes: Uint8Array) => Uint8Array = (bytes) => bytes): Buffer =>
  sized(`${head}content-encoding: ${coding}\r\n`, change(codings[coding]!(body)));
const overwritten = (bytes: Uint8Array): Uint8Array => bytes.map((byte, at) => (at > bytes.length / 3 ? byte ^ 0x5a : byte));

/** Some of the text may have been unpacked before what is bad was met. */
const unpacked = { whole: notAnAnswer(/not valid/), stream: [notAnAnswer(/not valid/), broken('invalid_response', /not valid/)] };

const compressionFaults: readonly Fault[] = Object.keys(codings).flatMap((coding): Fault[] => [
  begins(`${coding}, though nobody asked for it`, (pieces) => [encoded(coding, pieces)]),
  { name: `${coding} that is none`, script: ({ head, body }) => [sized(`${head}content-encoding: ${coding}\r\n`, body)], ...unpacked },
  { name: `${coding} with wrong bytes in it`, script: (pieces) => [encoded(coding, pieces, overwritten)], ...unpacked },
  {
    name: `${coding} that is cut short`,
    script: (pieces) => [encoded(coding, pieces, (bytes) => bytes.subarray(0, -12))],
    whole: unpacked.whole,
    // What is missing may be less than what the client would see.
    stream: [...unpacked.stream, broken('stream_interrupted', /./), cutShort(/./), complete],
  },
]);

/** Heads and framings of HTTP that are wrong, and odd ones that are right. */
export const framingFaults: readonly Fault[] = [
  begins(
    'a content-length that is too long',
    ({ head, body }) => [sized(head, body, body.length + 10), { waitMs: 20 }, 'close'],
    noConnection(/closed/),
    // All of it was there: what is missing is nothing that a client would see.
    complete,
  ),
  begins(
    'a content-length that is too short',
    ({ stream, head, body, rest }) => [sized(head, body, body.length - (stream ? rest.length - 9 : 10))],
    notAnAnswer(/not JSON/),
    broken(['stream_interrupted', 'invalid_response'], /./),
  ),
  begins(
    'a content-length that is no number',
    ({ head, body }) => [`${head}content-length: many\r\n\r\n`, body],
    notAnAnswer(/content-length/),
  ),
  begins('two lengths', ({ head, body }) => [`${head}content-length: 5\r\n`, sized('', body)], notAnAnswer(/content-length/)),
  begins('the same length twice', ({ head, body }) => [sized(`${head}content-length: ${body.length}\r\n`, body)]),
  begins('a length and chunks', ({ head, body }) => [chunked(`${head}content-length: 3\r\n`), chunk(body), lastChunk]),
  begins(
    'a coding of the transfer that is not known',
    ({ head }) => [`${head}transfer-encoding: rot13\r\n\r\n`],
    notAnAnswer(/transfer-encoding/),
  ),
  afterText('a chunk size that is no number', 'zz\r\n', /chunk size/),
  afterText('a chunk size that is huge', 'ffffffffffffffff\r\n', /chunk size/),
  afterText('a chunk size line without end', '5;'.padEnd(20_000, 'x'), /chunk size line/),
  afterText('a chunk that is longer than its size', '3\r\nabcdef\r\n', /longer than its size/),
  begins('no last chunk', ({ head, body }) => [chunked(head), chunk(body), 'close'], noConnection(/closed/), complete),
  begins('rubbish behind the last chunk', (pieces) => [
    Buffer.concat([Buffer.from(chunked(pieces.head)), chunk(pieces.body), Buffer.from(`${lastChunk}rubbish`)]),
  ]),
  begins('trailers', ({ head, body }) => [chunked(head), chunk(body), '0\r\nx-checksum: 1\r\n\r\n']),
  begins(
    'trailers without end',
    ({ head, body }) => [
      chunked(head),
      chunk(body),
      '0\r\n',
      { flood: Buffer.from(`x-more: ${'x'.repeat(8000)}\r\n`), maxBytes: mebibyte },
    ],
    notAnAnswer(/trailers/),
    complete,
  ),
  begins(
    'headers without end',
    ({ head }) => [head, { flood: Buffer.from(`x-more: ${'x'.repeat(8000)}\r\n`), maxBytes: mebibyte }],
    notAnAnswer(/head is too large/),
  ),
  begins(
    'a header line without end',
    ({ head }) => [`${head}x-more: `, { flood: Buffer.alloc(8192, 'x'), maxBytes: mebibyte }],
    notAnAnswer(/head is too large/),
  ),
  begins('headers in odd case', ({ head, body }) => [
    `${head.replace('content-type', 'CONTENT-Type')}ConTent-LENGTH: ${body.length}\r\n\r\n`,
    body,
  ]),
  begins('headers twice, empty, folded and with spaces', ({ head, body }) => [
    sized(`${head}x-twice: 1\r\nx-twice: 2\r\nx-empty:\r\nx-folded: a\r\n b\r\nx-wide:   c   \r\n`, body),
  ]),
  begins('lines that end with a line feed alone', ({ head, body }) => [
    `${head}content-length: ${body.length}\r\n\r\n`.replaceAll('\r', ''),
    body,
  ]),
  begins('100 Continue first', (pieces) => [Buffer.concat([Buffer.from('HTTP/1.1 100 Continue\r\n\r\n'), good(pieces)])]),
  begins('103 Early Hints first, twice', (pieces) => [
    'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 103 Early ',
    { waitMs: 5 },
    'Hints\r\n\r\n',
    good(pieces),
  ]),
  begins(
    'a content coding that is not known',
    ({ head, body }) => [
      sized(
        `${head}content-encoding: rot13\r\n`,
        body.map((byte) => byte ^ 1),
      ),
    ],
    notAnAnswer(/./),
    [notAnAnswer(/./), cutShort(/./)],
  ),
  ...compressionFaults,
];

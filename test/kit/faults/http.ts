import type { Answers } from './answers.ts';

/** The answer as bytes of HTTP, for faults to be made of. */
export interface Pieces {
  stream: boolean;
  /** The head of a good answer but for its framing, without the empty line. */
  head: string;
  /** All of the body. */
  body: Buffer;
  /** The body in three: what says nothing yet, up to the first text, the rest. Of a whole answer the cuts are in its middle. */
  before: Buffer;
  begun: Buffer;
  rest: Buffer;
  answers: Answers;
}

const wholeType = 'application/json';
const withType = (type: string): string => `HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\n`;

export const piecesOf = (answers: Answers, stream: boolean): Pieces => {
  if (!stream) {
    const { whole } = answers;
    const third = Math.floor(whole.length / 3);
    return {
      stream,
      head: withType(wholeType),
      body: whole,
      before: whole.subarray(0, third),
      begun: whole.subarray(third, 2 * third),
      rest: whole.subarray(2 * third),
      answers,
    };
  }
  const { events, firstText } = answers;
  return {
    stream,
    head: withType(answers.streamType),
    body: Buffer.concat(events),
    before: Buffer.concat(events.slice(0, firstText)),
    begun: Buffer.concat(events.slice(firstText, firstText + 1)),
    rest: Buffer.concat(events.slice(firstText + 1)),
    answers,
  };
};

export const chunk = (bytes: Uint8Array | string): Buffer => {
  const data = Buffer.from(bytes);
  return data.length === 0 ? data : Buffer.concat([Buffer.from(`${data.length.toString(16)}\r\n`), data, Buffer.from('\r\n')]);
};
export const lastChunk = '0\r\n\r\n';
export const chunked = (head: string): string => `${head}transfer-encoding: chunked\r\n\r\n`;
export const sized = (head: string, body: Uint8Array | string, length = Buffer.byteLength(body)): Buffer =>
  Buffer.concat([Buffer.from(`${head}content-length: ${length}\r\n\r\n`), Buffer.from(body)]);

/** The answer as a good server sends it: events as they come, a whole body with its length. */
export const good = ({ stream, head, body }: Pieces): Buffer =>
  stream ? Buffer.concat([Buffer.from(chunked(head)), chunk(body), Buffer.from(lastChunk)]) : sized(head, body);

export const statusHead = (status: number, type = 'application/json'): string => `HTTP/1.1 ${status} Status\r\ncontent-type: ${type}\r\n`;

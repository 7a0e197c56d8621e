import { base64Pieces, hexPieces } from '../../lib/byte-text.ts';
import type { ByteStream, SpeechResult, Usage, Wire } from '../../types/index.ts';
import { noAnswer } from './failure.ts';

/** Bytes that are there already, as a stream. @param broken what is thrown where making them fails */
export const streamOfPieces = (pieces: Iterable<Uint8Array>, contentType: string, broken: () => Error): ByteStream => {
  const iterator = pieces[Symbol.iterator]();
  let over = false;
  return {
    contentType,
    async read() {
      if (over) return undefined;
      try {
        const { value, done } = iterator.next();
        if (!done) return value;
      } catch {
        over = true;
        throw broken();
      }
      over = true;
      return undefined;
    },
    cancel() {
      over = true;
    },
  };
};

/** Bytes that stand in an answer as base64 or as hexadecimal text, decoded as they are read. */
export const streamOfText = (wire: Wire, text: string, encoding: 'base64' | 'hex', contentType: string): ByteStream =>
  streamOfPieces(encoding === 'hex' ? hexPieces(text) : base64Pieces(text), contentType, () =>
    noAnswer(wire, `${encoding} that can be read`),
  );

/** The sound of a text, with what it is billed by. */
export const speechOf = ({ contentType, read, cancel }: ByteStream, usage: Usage): SpeechResult => ({
  contentType,
  read,
  cancel,
  usage: () => usage,
});

/** Characters as vendors bill them: one for each code point. */
export const countCharacters = (text: string): number => {
  let count = 0;
  for (const _ of text) count++;
  return count;
};

/** What is billed by no token. */
export const unitsUsage = (units: NonNullable<Usage['units']>): Usage => ({ inputTokens: 0, outputTokens: 0, units });

import { SluiceError, type TransportResponse } from 'sluice/kit';
import type { Answer } from './answer.ts';

/** Names of content codings -> what the runtime calls them. */
const formats: Readonly<Record<string, string>> = {
  gzip: 'gzip',
  'x-gzip': 'gzip',
  deflate: 'deflate',
  br: 'brotli',
  zstd: 'zstd',
};

/** The answer as it was meant: decompressed, where the upstream compressed it although we asked it not to. */
export const decompressed = (answer: Answer): TransportResponse => {
  const encoding = answer.headers.find('\ncontent-encoding:');
  if (encoding === null) return answer;
  const format = formats[encoding.toLowerCase()];
  if (format === undefined) return answer;
  // They are about bytes that nobody gets to see.
  answer.headers.delete('content-encoding');
  answer.headers.delete('content-length');

  const source = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const bytes = await answer.read();
      if (bytes) controller.enqueue(bytes);
      else controller.close();
    },
  });
  // The runtime knows more formats than its type says.
  const reader = source
    .pipeThrough(new DecompressionStream(format as CompressionFormat) as ReadableWritablePair<Uint8Array, Uint8Array>)
    .getReader();

  const read = async (): Promise<Uint8Array | undefined> => {
    try {
      return (await reader.read()).value;
    } catch (cause) {
      if (SluiceError.is(cause)) throw cause;
      answer.cancel();
      throw new SluiceError('invalid_response', `The provider's answer is not valid ${encoding}.`, { cause });
    }
  };
  return {
    status: answer.status,
    headers: answer.headers,
    read,
    async bytes(maxBytes) {
      const pieces: Uint8Array[] = [];
      let length = 0;
      for (let piece = await read(); piece; piece = await read()) {
        length += piece.length;
        if (length > maxBytes) {
          answer.cancel();
          throw new SluiceError('invalid_response', `The provider's answer is larger than ${maxBytes} bytes.`, { retry: false });
        }
        pieces.push(piece);
      }
      return Buffer.concat(pieces);
    },
    cancel: () => answer.cancel(),
  };
};

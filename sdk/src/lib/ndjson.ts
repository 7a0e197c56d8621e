/** Cuts bytes into the lines of a newline-delimited JSON stream, whatever the chunk boundaries. */
export interface NdjsonParser {
  /** @throws TypeError on invalid UTF-8; RangeError when one line exceeds the limit */
  push(bytes: Uint8Array): void;
  /** The stream ended: a last line without its line break is handed over too. */
  close(): void;
}

const defaultMaxLineChars = 64 * 1024 * 1024;

/** @param onLine called synchronously for each line that is not blank */
export const createNdjsonParser = (onLine: (line: string) => void, maxLineChars = defaultMaxLineChars): NdjsonParser => {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  // The pieces of an unfinished line, joined once its end is seen: joining at every chunk is quadratic in a long line.
  let rest: string[] = [];
  let restLength = 0;

  const feed = (chunk: string) => {
    if (!chunk.includes('\n')) {
      if (chunk !== '') rest.push(chunk);
      restLength += chunk.length;
    } else {
      const text = rest.length === 0 ? chunk : rest.join('') + chunk;
      let start = 0;
      for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
        const line = text.slice(start, end).trim();
        if (line !== '') onLine(line);
        start = end + 1;
      }
      rest = start === text.length ? [] : [text.slice(start)];
      restLength = text.length - start;
    }
    if (restLength > maxLineChars) throw new RangeError(`NDJSON line exceeds ${maxLineChars} characters`);
  };

  return {
    push(bytes) {
      feed(decoder.decode(bytes, { stream: true }));
    },
    close() {
      feed(`${decoder.decode()}\n`);
    },
  };
};

/** One server-sent event. `event` is absent where the stream names none. */
export interface SseEvent {
  event?: string;
  data: string;
  /** Said in front of it to whoever reads the wire; clients pass it over. One line. */
  comment?: string;
}

/** Cuts bytes into server-sent events, whatever the chunk boundaries. */
export interface SseParser {
  /** @throws TypeError on invalid UTF-8; RangeError when one event exceeds the limit */
  push(bytes: Uint8Array): void;
  /** The stream ended: an event that lacks its blank line is handed over too, as vendors do leave it out. */
  close(): void;
}

/** No vendor sends larger events; without a limit a broken upstream could fill the memory. */
const maxEventChars = 64 * 1024 * 1024;

/**
 * A parser per the WHATWG specification (html.spec.whatwg.org, section 9.2, read 2026-11-21) for what LLM vendors
 * send: `event` and `data` fields, comments, LF, CRLF and CR line ends. `id` and `retry` are of no use here.
 * @param onEvent called synchronously for each event with data
 */
export const createSseParser = (onEvent: (event: SseEvent) => void): SseParser => {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  // The pieces of an unfinished line, joined once its end is seen: joining at every chunk is quadratic in a long line.
  let rest: string[] = [];
  let restLength = 0;
  let data: string | undefined;
  let event: string | undefined;
  /** A CR was the last character seen: a LF that follows belongs to it. */
  let afterCr = false;

  const dispatch = () => {
    if (data !== undefined) onEvent(event === undefined ? { data } : { event, data });
    data = undefined;
    event = undefined;
  };

  const line = (text: string, start: number, end: number) => {
    if (start === end) return dispatch();
    // By first letter: `data`, `event`, comments and the rest. Cheaper than splitting at the colon.
    const first = text.charCodeAt(start);
    if (first === 100 && text.startsWith('data', start)) {
      const value = fieldValue(text, start + 4, end);
      if (value !== undefined) data = data === undefined ? value : `${data}\n${value}`;
    } else if (first === 101 && text.startsWith('event', start)) {
      const value = fieldValue(text, start + 5, end);
      if (value !== undefined) event = value;
    }
  };

  const feed = (chunk: string) => {
    const hasCr = chunk.includes('\r');
    if (!hasCr && !chunk.includes('\n')) {
      rest.push(chunk);
      restLength += chunk.length;
      afterCr = false;
    } else {
      lines(rest.length === 0 ? chunk : rest.join('') + chunk, hasCr);
    }
    if (restLength + (data?.length ?? 0) > maxEventChars) throw new RangeError('server-sent event exceeds 64 MiB');
  };

  const lines = (text: string, mayHaveCr: boolean) => {
    let hasCr = mayHaveCr;
    let start = afterCr && text.charCodeAt(0) === 10 ? 1 : 0;
    afterCr = false;
    for (;;) {
      let end = text.indexOf('\n', start);
      let next = end + 1;
      if (hasCr) {
        const cr = text.indexOf('\r', start);
        hasCr = cr !== -1;
        if (hasCr && (end === -1 || cr < end)) {
          end = cr;
          next = cr + 1;
          if (next === text.length) afterCr = true;
          else if (text.charCodeAt(next) === 10) next++;
        }
      }
      if (end === -1) break;
      line(text, start, end);
      start = next;
    }
    rest = start === text.length ? [] : [text.slice(start)];
    restLength = text.length - start;
  };

  return {
    push(bytes) {
      const text = decoder.decode(bytes, { stream: true });
      if (text !== '') feed(text);
    },
    close() {
      const text = decoder.decode();
      if (text !== '') feed(text);
      const last = rest.join('');
      rest = [];
      if (last !== '') line(last, 0, last.length);
      dispatch();
    },
  };
};

/** The value after `name:`, one leading space removed; undefined if the field's name is longer. */
const fieldValue = (text: string, afterName: number, end: number): string | undefined => {
  if (afterName === end) return '';
  if (text.charCodeAt(afterName) !== 58) return undefined;
  const start = text.charCodeAt(afterName + 1) === 32 ? afterName + 2 : afterName + 1;
  return text.slice(start, Math.max(start, end));
};

/** Writes one event. Data with line breaks becomes several `data` lines. */
export const formatSse = ({ event, data, comment }: SseEvent): string => {
  const lines = data.includes('\n') ? data.replaceAll('\n', '\ndata: ') : data;
  const text = event === undefined ? `data: ${lines}\n\n` : `event: ${event}\ndata: ${lines}\n\n`;
  return comment === undefined ? text : `: ${comment}\n\n${text}`;
};

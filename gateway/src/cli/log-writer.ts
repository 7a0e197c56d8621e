import { writeSync } from 'node:fs';

export interface LogWriter {
  /** Takes one line without its line break. Never throws, never waits. */
  write(line: string): void;
  /** Writes what is left, as far as the reader takes it. */
  flush(): void;
}

export interface LogWriterOptions {
  /** Writes bytes and says how many were taken; throws `EAGAIN` when the reader is behind. */
  sink?: (bytes: Uint8Array) => number;
  /** Lines that wait for a slow reader; beyond it they are counted and dropped. Bytes. */
  maxWaitingBytes?: number;
  schedule?: (flush: () => void, delayMs: number) => void;
}

const retryMs = 20;
/** Lines wait so long for company: a system call each would be most of their cost. */
const collectMs = 10;

/**
 * Writes log lines to standard output: those of a few milliseconds together, so that a line costs no system call of
 * its own. A reader that is behind must not stop the gateway: lines wait, and beyond a bound they are dropped,
 * with a line that says how many.
 */
export const createLogWriter = ({
  sink = (bytes) => writeSync(1, bytes),
  maxWaitingBytes = 8 * 1024 * 1024,
  schedule = (flush, delayMs) => void (delayMs === 0 ? setImmediate(flush) : setTimeout(flush, delayMs).unref()),
}: LogWriterOptions = {}): LogWriter => {
  const encoder = new TextEncoder();
  let lines: string[] = [];
  let waiting = new Uint8Array();
  let size = 0;
  let dropped = 0;
  let scheduled = false;

  const later = (delayMs: number) => {
    if (scheduled) return;
    scheduled = true;
    schedule(flush, delayMs);
  };

  const flush = () => {
    scheduled = false;
    if (waiting.length === 0 && lines.length > 0) {
      waiting = encoder.encode(`${lines.join('\n')}\n`);
      lines = [];
    }
    try {
      while (waiting.length > 0) {
        waiting = waiting.subarray(sink(waiting));
        if (waiting.length === 0 && lines.length > 0) {
          waiting = encoder.encode(`${lines.join('\n')}\n`);
          lines = [];
        }
      }
    } catch (error) {
      // Anything else than a slow reader is a reader that is gone: nobody misses the lines.
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return later(retryMs);
      waiting = new Uint8Array();
      lines = [];
    }
    size = 0;
    if (dropped > 0) {
      const count = dropped;
      dropped = 0;
      enqueue(JSON.stringify({ level: 40, time: Date.now(), msg: 'log lines dropped: the reader of standard output is too slow', count }));
    }
  };

  const enqueue = (line: string) => {
    size += line.length + 1;
    lines.push(line);
    later(collectMs);
  };

  const write = (line: string) => {
    // UTF-16 units; near enough to bytes for a bound.
    if (size + line.length > maxWaitingBytes) {
      dropped++;
      return;
    }
    enqueue(line);
  };

  return { write, flush };
};

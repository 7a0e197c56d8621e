import { expect, test } from 'bun:test';
import { parserOf } from './framing.ts';

test.each(['sse', 'ndjson', 'aws-event-stream'] as const)(
  '%s: what cannot be read is the provider’s fault, in pieces and at the end',
  (framing) => {
    const parser = parserOf(framing, () => {});
    expect(() => parser.push(Uint8Array.from([0xff, 0xfe, 0xfd, 10, 10, 1, 2, 3, 4, 5, 6, 7, 8]))).toThrow(
      expect.objectContaining({ code: 'invalid_response', retry: false }),
    );
    const cut = parserOf(framing, () => {});
    cut.push(Uint8Array.from([framing === 'aws-event-stream' ? 0 : 0xe2]));
    expect(() => cut.close()).toThrow(expect.objectContaining({ code: 'invalid_response' }));
  },
);

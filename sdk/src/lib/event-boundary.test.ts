import { expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { createBoundaryCutter } from './event-boundary.ts';

const text = (bytes: Uint8Array | undefined) => (bytes === undefined ? undefined : new TextDecoder().decode(bytes));
const bytes = (value: string) => new TextEncoder().encode(value);

test('hands out whole events and keeps the tail', () => {
  const cutter = createBoundaryCutter('sse');
  expect(text(cutter.push(bytes('data: 1\n\ndata: 2')))).toBe('data: 1\n\n');
  expect(text(cutter.push(bytes('2\n')))).toBeUndefined();
  expect(text(cutter.push(bytes('\ndata: 3\r\n\r')))).toBe('data: 22\n\n');
  expect(text(cutter.push(bytes('\n')))).toBe('data: 3\r\n\r\n');
  expect(cutter.rest()).toBeUndefined();
});

test('whatever the cuts, nothing is lost and every chunk ends at an event', () => {
  const event = fc.constantFrom('data: {"a":1}\n\n', 'event: x\ndata: ü\n\n', ': ping\n\n', 'data: y\r\n\r\n');
  fc.assert(
    fc.property(
      fc.array(event, { maxLength: 8 }),
      fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
      fc.boolean(),
      (events, cuts, torn) => {
        const whole = bytes(events.join('') + (torn ? 'data: to' : ''));
        const cutter = createBoundaryCutter('sse');
        let seen = '';
        for (let at = 0, cut = 0; at < whole.length; at += cuts[cut++ % cuts.length]!) {
          const chunk = text(cutter.push(whole.subarray(at, at + cuts[cut % cuts.length]!)));
          if (chunk !== undefined) expect(chunk).toMatch(/\n\n$|\n\r\n$/);
          seen += chunk ?? '';
        }
        expect(seen).toBe(events.join(''));
        expect(seen + (text(cutter.rest()) ?? '')).toBe(text(whole)!);
      },
    ),
  );
});

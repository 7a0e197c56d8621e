import { describe, expect, test } from 'bun:test';
import { traceOf } from './trace-context.ts';

const id = '4bf92f3577b34da6a3ce929d0e0e4736';
const parent = '00f067aa0ba902b7';
const of = (traceparent: string, tracestate?: string) => {
  let at = 0;
  const headers = new Headers({ traceparent, ...(tracestate !== undefined && { tracestate }) });
  return traceOf(headers, () => `00000000000000a${at++}`);
};

describe('trace context', () => {
  test('the trace of a caller goes on, each try a span of its own', () => {
    const trace = of(`00-${id}-${parent}-01`, 'vendor=a,other=b')!;
    expect([trace.traceId, trace.parentId]).toEqual([id, parent]);
    expect(trace.headersOf(0)).toEqual({ traceparent: `00-${id}-00000000000000a0-01`, tracestate: 'vendor=a,other=b' });
    expect(trace.headersOf(1)['traceparent']).toBe(`00-${id}-00000000000000a1-01`);
    expect(trace.spanOf(0)).toBe('00000000000000a0');
  });

  test('only "sampled" is kept of the flags, and what a later version adds is left out', () => {
    expect(of(`00-${id}-${parent}-fe`)!.headersOf(0)['traceparent']).toEndWith('-00');
    expect(of(`cc-${id}-${parent}-03-what-comes`)!.headersOf(0)).toEqual({ traceparent: `00-${id}-00000000000000a0-01` });
  });

  test('what is not well-formed is no trace', () => {
    for (const text of [
      '',
      'no',
      `00-${id.toUpperCase()}-${parent}-01`,
      `00-${'0'.repeat(32)}-${parent}-01`,
      `00-${id}-${'0'.repeat(16)}-01`,
      `00-${id}-${parent}-01-more`,
      `ff-${id}-${parent}-01`,
      `00-${id}-${parent}`,
      `00-${id}-${parent}-01, 00-${id}-${parent}-01`,
    ])
      expect(of(text)).toBeUndefined();
    expect(traceOf(new Headers())).toBeUndefined();
  });

  test('a state that is too long, or no text, is left out', () => {
    for (const state of ['x'.repeat(513), 'k=\u00e9'])
      expect(of(`00-${id}-${parent}-00`, state)!.headersOf(0)).not.toHaveProperty('tracestate');
  });

  test('spans are made up where nobody says how', () => {
    const trace = traceOf(new Headers({ traceparent: `00-${id}-${parent}-01` }))!;
    expect(trace.spanOf(0)).toMatch(/^[0-9a-f]{16}$/);
    expect(trace.spanOf(1)).not.toBe(trace.spanOf(0));
  });
});

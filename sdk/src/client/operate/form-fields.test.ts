import { describe, expect, test } from 'bun:test';
import { fromFields } from './form-fields.ts';
import { cpuMs } from '../../../../test/kit/cpu.ts';

describe('names of fields that a client makes up', () => {
  test.each(['__proto__', 'constructor', 'prototype', '__proto__[a]', 'a[__proto__]', 'a[constructor][prototype][b]'])(
    '%s reaches no prototype',
    (name) => {
      const members = fromFields([[name, 'canary']], 'transcription');
      expect(Object.getPrototypeOf(members)).toBe(Object.prototype);
      expect(JSON.stringify(members)).not.toContain('canary');
      expect(({} as Record<string, unknown>)['b']).toBeUndefined();
    },
  );

  test.each(['toString', 'valueOf', 'hasOwnProperty'])('%s is a member like any other', (name) => {
    expect(Object.entries(fromFields([[name, 'a']], 'transcription'))).toEqual([[name, 'a']]);
  });

  test('that lie very deep are refused, and cost nothing', () => {
    const begun = cpuMs();
    expect(() => fromFields([[`a${'[b]'.repeat(5000)}`, 'x']], 'transcription')).toThrow('less deep');
    // Quadratic in the depth, this took more than half a second.
    expect(cpuMs() - begun).toBeLessThan(100);
    expect(fromFields([['a[b][c][]', 'x']], 'transcription')).toEqual({ a: { b: { c: ['x'] } } });
  });

  test('that stand very often are a list', () => {
    const begun = cpuMs();
    const { x, y } = fromFields(
      Array.from({ length: 100_000 }, (_, at) => [at % 2 === 0 ? 'x' : 'y[]', 'v']),
      'transcription',
    );
    expect([(x as unknown[]).length, (y as unknown[]).length]).toEqual([50_000, 50_000]);
    expect(cpuMs() - begun).toBeLessThan(1000);
  });
});

import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { keepThose, Leftovers, Noted, Recent } from './kept.ts';
import { candidate, ids } from './testing.ts';

const all = ['a', 'b', 'c', 'd'].map((id) => candidate(id));

describe('keepThose', () => {
  test('leaves what passes, and the same array where all do', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 12 }), (passes) => {
        const candidates = passes.map((_, at) => candidate(String(at)));
        const left = keepThose(candidates, ({ deployment }) => passes[Number(deployment.id)]!);
        expect(left === candidates).toBe(passes.every((each) => each));
        expect(left).toEqual(candidates.filter((_, at) => passes[at]));
      }),
    );
  });
});

describe('Leftovers', () => {
  test('works a kind out once for an array', () => {
    const leftovers = new Leftovers<string>();
    let made = 0;
    const make = () => (made++, all.slice(1));
    const first = leftovers.of(all, 'x', 0, make);
    expect(leftovers.of(all, 'x', 1e12, make)).toBe(first);
    expect(leftovers.of(all, 'y', 0, make)).not.toBe(first);
    expect(leftovers.of([...all], 'x', 0, make)).not.toBe(first);
    expect(made).toBe(3);
  });

  test('what comes anew and is the same stays the same array', () => {
    const leftovers = new Leftovers<string>(1000);
    const first = leftovers.of(all, 'x', 0, () => all.slice(1));
    expect(leftovers.of(all, 'x', 1000, () => all.slice(1))).toBe(first);
    expect(ids(leftovers.of(all, 'x', 2000, () => all.slice(2)))).toBe('c d');
  });

  test('remembers 64 kinds, the newest', () => {
    const leftovers = new Leftovers<string>();
    let made = 0;
    const ask = (kind: number) => leftovers.of(all, String(kind), 0, () => (made++, all.slice(1)));
    for (let kind = 0; kind <= 64; kind++) ask(kind);
    ask(64);
    expect(made).toBe(65);
    ask(0);
    expect(made).toBe(66);
  });
});

test('a long kind is not remembered', () => {
  const leftovers = new Leftovers<string>();
  let made = 0;
  for (const length of [600, 600, 601, 601]) leftovers.of(all, 'k'.repeat(length), 0, () => (made++, all));
  expect(made).toBe(3);
});

describe('Noted', () => {
  test('looks again when its time is over', () => {
    let looks = 0;
    const noted = new Noted<string, number>(() => ++looks, 1000);
    expect([noted.of(all, 0), noted.of(all, 999), noted.of(all, 1000)]).toEqual([1, 1, 2]);
  });
});

describe('Recent', () => {
  test('equal lists of one array are one array; a few are remembered', () => {
    const recent = new Recent<string>();
    const first = recent.of(all, all.slice(1));
    expect(recent.of(all, all.slice(1))).toBe(first);
    expect(recent.of(all, all)).toBe(all);
    const many = Array.from({ length: 10 }, (_, at) => candidate(String(at)));
    const oldest = recent.of(many, many.slice(0, 1));
    for (let end = 2; end < 10; end++) recent.of(many, many.slice(0, end));
    expect(recent.of(many, many.slice(0, 1))).not.toBe(oldest);
  });
});

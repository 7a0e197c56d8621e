import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import type { RouteRequest } from '../route-request.ts';
import { tagsFilter, type TagOptions } from './tags.ts';
import { candidate, ids } from './testing.ts';
import { cpuMs } from '../../../../test/kit/cpu.ts';

const all = [
  candidate('free', { tags: ['free'] }),
  candidate('paid', { tags: ['paid', 'eu'] }),
  candidate('both', { tags: ['free', 'paid'] }),
  candidate('plain'),
];
const withDefault = [...all, candidate('rest', { tags: ['default'] })];

const left = (candidates = all, request: RouteRequest = {}, options?: TagOptions) =>
  ids(tagsFilter<string>(options).keep(candidates, request, 0));

describe('tagsFilter', () => {
  test.each<[string, readonly string[], string, string]>([
    ['one tag', ['free'], 'free both', 'free both'],
    ['any of several', ['free', 'eu'], 'free paid both', 'free paid both'],
    ['unknown: to the default ones, or refused', ['x'], 'rest', ''],
    ['none: to the default ones, or anywhere', [], 'rest', 'free paid both plain'],
    ['excluded', ['!free'], 'rest', 'paid plain'],
    ['excluded from those that match', ['paid', '!eu'], 'both', 'both'],
    ['required', ['&free', '&paid'], 'both', 'both'],
    ['required by nobody', ['&x'], '', ''],
    ['all excluded', ['!free', '!paid', '!default'], 'plain', 'plain'],
  ])('%s: %p', (_, tags, default_, none) => {
    expect(left(withDefault, { tags })).toBe(default_);
    expect(left(all, { tags })).toBe(none);
  });

  test('all of them, where any is not enough', () => {
    expect(left(all, { tags: ['free', 'paid'] }, { matchAny: false })).toBe('both');
    expect(left(withDefault, { tags: ['free', 'x'] }, { matchAny: false })).toBe('rest');
  });

  test('a prefix is taken off; other tags that nobody has are labels', () => {
    const options = { prefix: 'route:' };
    expect(left(all, { tags: ['route:free', 'team:7'] }, options)).toBe('free both');
    expect(left(all, { tags: ['route:!free'] }, options)).toBe('paid plain');
    expect(left(all, { tags: ['team:7'] }, options)).toBe('free paid both plain');
    expect(left(all, { tags: ['free'] }, options)).toBe('free both');
    expect(left(all, { tags: ['route:x'] }, options)).toBe('');
    expect(left(all, { tags: ['route:free', 'team:7'] }, { ...options, matchAny: false })).toBe('free both');
  });

  describe('patterns of user agents', () => {
    const agents = [
      candidate('code', { tagPatterns: [/^User-Agent: claude-code\//] }),
      candidate('free', { tags: ['free'] }),
      candidate('strict', { tags: ['paid'], tagPatterns: [/claude/] }),
    ];

    test('choose where tags do not', () => {
      expect(left(agents, { userAgent: 'claude-code/2.1' })).toBe('code strict');
      expect(left(agents, { userAgent: 'claude-code/2.1', tags: ['free'] })).toBe('code free strict');
      expect(left(agents, { userAgent: 'curl/8', tags: ['free'] })).toBe('free');
    });

    test('do not let in what all tags were to keep out', () => {
      expect(left(agents, { userAgent: 'claude-code/2.1', tags: ['x'] }, { matchAny: false })).toBe('code');
    });

    test('others go to the default ones, else to those without patterns, else anywhere', () => {
      expect(left(agents, { userAgent: 'curl/8' })).toBe('free');
      expect(left([...agents, candidate('rest', { tags: ['default'] })], { userAgent: 'curl/8' })).toBe('rest');
      expect(left(agents.slice(0, 1), { userAgent: 'curl/8' })).toBe('code');
      expect(left(agents.slice(0, 1), {})).toBe('code');
      expect(left(agents.slice(0, 1), { userAgent: 'curl/8', tags: ['x'] })).toBe('');
    });

    test('are tried on the first 512 characters alone', () => {
      const late = [candidate('late', { tagPatterns: [/end$/] }), candidate('plain')];
      expect(left(late, { userAgent: `${'a'.repeat(509)}end` })).toBe('late');
      expect(left(late, { userAgent: `${'a'.repeat(510)}end` })).toBe('plain');
      const slow = [candidate('slow', { tagPatterns: [/(.*)(.*)x$/] }), candidate('plain')];
      const begun = cpuMs();
      expect(left(slow, { userAgent: 'a'.repeat(1_000_000) })).toBe('plain');
      expect(cpuMs() - begun).toBeLessThan(5000);
    });

    test('one that keeps its place does not', () => {
      const sticky = [candidate('g', { tagPatterns: [/curl/g] }), candidate('plain')];
      const filter = tagsFilter<string>();
      for (const version of ['1', '2', '3']) expect(ids(filter.keep(sticky, { userAgent: `curl/${version}` }, 0))).toBe('g');
    });
  });

  test('without tags on either side the array stays the same one', () => {
    const plain = [candidate('a'), candidate('b')];
    expect(tagsFilter<string>().keep(plain, { userAgent: 'curl/8' }, 0)).toBe(plain);
    expect(tagsFilter<string>().keep(all, {}, 0)).toBe(all);
  });

  test('the same question has the same array for an answer', () => {
    const filter = tagsFilter<string>();
    const first = filter.keep(all, { tags: ['free'] }, 0);
    expect(filter.keep(all, { tags: ['free'] }, 1)).toBe(first);
    // Two lists that read the same when they are joined.
    expect(ids(filter.keep(all, { tags: ['a', 'b'] }, 0))).toBe('');
    expect(ids(filter.keep([candidate('ab', { tags: ['a', 'b'] })], { tags: ['ab'] }, 0))).toBe('');
  });

  test('the refusal names the tags, and no more than a few', () => {
    const { message, status, param } = tagsFilter<string>().refusal('m', { tags: ['x'.repeat(5000), ...'abcdefgh'] });
    expect({ status, param }).toEqual({ status: 400, param: 'tags' });
    expect(message.length).toBeLessThan(300);
  });

  test('whoever is chosen has the tags', () => {
    const tag = fc.constantFrom('a', 'b', 'c', 'default');
    fc.assert(
      fc.property(
        fc.array(fc.array(tag, { maxLength: 3 }), { maxLength: 6 }),
        fc.array(tag, { minLength: 1, maxLength: 3 }),
        (tagged, tags) => {
          const candidates = tagged.map((each, at) => candidate(String(at), { tags: each }));
          const kept = tagsFilter<string>().keep(candidates, { tags }, 0);
          const has = ({ deployment }: (typeof candidates)[number], wanted: readonly string[]) =>
            deployment.tags!.some((each) => wanted.includes(each));
          const matching = candidates.filter((each) => has(each, tags));
          expect([...kept]).toEqual(matching.length > 0 ? matching : candidates.filter((each) => has(each, ['default'])));
        },
      ),
    );
  });
});

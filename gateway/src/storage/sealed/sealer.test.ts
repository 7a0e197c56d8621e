import { describe, expect, test } from 'bun:test';
import { Secret } from 'sluice/kit';
import { createSealer, isSealed, saltKeyOf, saltKeysOf, sealedWith } from './index.ts';

const keyOf = (text: string) => saltKeyOf(new Secret(text));
const [first, second] = [keyOf('first secret'), keyOf('second secret')];

describe('createSealer', () => {
  const sealer = createSealer({ keys: [first] });

  test.each(['', 'sk-1', 'Grüße, 世界 👋🏽', 'x'.repeat(100_000), 'sluice:1:00000000:AAAA'])(
    '%p is sealed, and opens where it belongs',
    (text) => {
      const sealed = sealer.seal(text, 'models/1/api_key');
      expect(isSealed(sealed)).toBe(true);
      expect(sealedWith(sealed)).toBe(first.id);
      if (text !== '') expect(sealed).not.toContain(text);
      expect(sealer.open(sealed, 'models/1/api_key')).toEqual({ ok: true, text });
    },
  );

  test('it looks different each time', () => {
    expect(sealer.seal('same', 'here')).not.toBe(sealer.seal('same', 'here'));
  });

  test('elsewhere it does not open', () => {
    const sealed = sealer.seal('text', 'models/1/api_key');
    for (const place of ['models/2/api_key', 'models/1/api_key ', '', 'models/1/api_ke'])
      expect(sealer.open(sealed, place)).toEqual({ ok: false, why: 'It was changed, or belongs to another place.' });
  });

  test('not one bit can be changed', () => {
    const sealed = sealer.seal('text', 'here');
    const at = sealed.lastIndexOf(':') + 1;
    const body = Buffer.from(sealed.slice(at), 'base64url');
    for (let bit = 0; bit < body.length * 8; bit++) {
      const changed = Buffer.from(body);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      expect(sealer.open(sealed.slice(0, at) + changed.toString('base64url'), 'here').ok).toBe(false);
    }
    for (let length = 0; length < body.length; length++)
      expect(sealer.open(sealed.slice(0, at) + body.subarray(0, length).toString('base64url'), 'here').ok).toBe(false);
  });

  test('a new key seals, the old one still opens, and what is sealed with it can be found', () => {
    const old = sealer.seal('text', 'here');
    const both = createSealer({ keys: [second, first] });
    expect(both.open(old, 'here')).toEqual({ ok: true, text: 'text' });
    expect(both.currentKeyId).toBe(second.id);
    expect(sealedWith(old)).not.toBe(both.currentKeyId);
    const anew = both.seal('text', 'here');
    expect(sealedWith(anew)).toBe(both.currentKeyId);
    expect(createSealer({ keys: [second] }).open(anew, 'here')).toEqual({ ok: true, text: 'text' });
  });

  test('FP-61: what cannot be opened is said, never thrown', () => {
    const sealed = sealer.seal('text', 'here');
    const wrong = createSealer({ keys: [second] }).open(sealed, 'here');
    expect(wrong).toEqual({ ok: false, why: `It was sealed with the salt key ${first.id}, which this gateway was not given.` });
    // Under the name of another key it is not taken either.
    const renamed = sealed.replace(first.id, second.id);
    expect(createSealer({ keys: [first, second] }).open(renamed, 'here').ok).toBe(false);
    for (const text of [
      '',
      'sk-plain',
      'sluice:1:',
      `sluice:1:${first.id}:`,
      `sluice:1:${first.id}:!!`,
      `sluice:2:${first.id}:AAAA`,
      `${sealed}\n`,
    ])
      expect(sealer.open(text, 'here').ok).toBe(false);
  });

  test('what is not sealed has no key', () => {
    for (const text of ['', 'sk-plain', 'sluice:1:xyz', 'os.environ/KEY']) {
      expect(isSealed(text)).toBe(false);
      expect(sealedWith(text)).toBeUndefined();
    }
  });

  test('needs a key, and keys that can be told apart', () => {
    expect(() => createSealer({ keys: [] })).toThrow('without a salt key');
    expect(() => createSealer({ keys: [first, first] })).toThrow('same id');
  });
});

describe('saltKeysOf', () => {
  test('reads a list, the current one first', () => {
    expect(saltKeysOf(' first secret ,second secret').map(({ id }) => id)).toEqual([first.id, second.id]);
    expect(saltKeysOf('first secret')[0]!.secret.reveal()).toBe('first secret');
    expect(first.id).toMatch(/^[0-9a-f]{8}$/);
  });

  test.each([
    ['', 'key 1 of 1 is empty'],
    ['hidden,', 'key 2 of 2 is empty'],
    ['hidden,,hidden2', 'key 2 of 3 is empty'],
    ['hidden,other,hidden', 'key 3 of 3 is there twice'],
    [Array.from({ length: 17 }, (_, at) => `hidden${at}`).join(','), 'more than 16'],
  ])('%p is refused, and not shown', (text, words) => {
    const failure = (() => {
      try {
        return saltKeysOf(text);
      } catch (cause) {
        return cause;
      }
    })();
    expect(String(failure)).toContain(words);
    expect(String(failure)).not.toContain('hidden');
  });
});

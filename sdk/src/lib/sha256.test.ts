import { describe, expect, test } from 'bun:test';
import { hmacSha256, sha256, toHex } from './sha256.ts';

const utf8 = (text: string) => new TextEncoder().encode(text);

/** With the runtime's own module, and as in a runtime that has none. */
describe.each([
  ['module', []],
  ['WebCrypto', [null]],
] as const)('by the %s', (_, runtime) => {
  // https://csrc.nist.gov/projects/cryptographic-standards-and-guidelines/example-values, read 2026-11-22.
  test.each([
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    ['a'.repeat(1_000_000), 'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0'],
  ])('a digest, of text %#', async (text, digest) => {
    expect(await sha256(text, ...runtime)).toBe(digest);
    expect(await sha256(utf8(text), ...runtime)).toBe(digest);
  });

  test('text is hashed as UTF-8', async () => {
    expect(await sha256('héllo 😀', ...runtime)).toBe(await sha256(utf8('héllo 😀'), ...runtime));
  });

  // RFC 4231, section 4.3.
  test('HMAC', async () => {
    const signature = await hmacSha256(utf8('Jefe'), 'what do ya want for nothing?', ...runtime);
    expect(toHex(signature)).toBe('5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843');
  });
});

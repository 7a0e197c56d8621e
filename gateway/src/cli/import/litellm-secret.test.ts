import { describe, expect, test } from 'bun:test';
import { decryptLitellm } from './litellm-secret.ts';
import { encryptLitellm } from './testing.ts';

describe('decryptLitellm', () => {
  // Made with PyNaCl 1.6 (SecretBox) and Python's cryptography, with fixed nonces.
  test.each([
    'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXYSbFnDHPg3Zapt_XxnU-Zr4Dr8QkYyGkBJOJ52QVLZGZ',
    'v2:gcm:AAECAwQFBgcICQoLO4_DT-Od5zogPpMQ2fU_i-3rynb7pzz2fFftU7A15QYA',
    'v3:gcm:AAECAwQFBgcICQoLcmhz7KDOY2JW-VVvRWYsW2U4YbmpY5oBxK-kvc3u5_IT',
  ])('what Python has encrypted: %s', (value) => {
    expect(decryptLitellm(value, ['salt-1234'])).toEqual({ ok: true, text: 'sk-vector-Größe' });
  });

  test.each(['nacl', 'nacl-standard', 'v2', 'v3'] as const)('%s', (form) => {
    for (const text of ['sk-1', '', 'Grüße 世界', 'x'.repeat(5000)]) {
      const value = encryptLitellm(text, 'salt', form);
      expect(decryptLitellm(value, ['other', 'salt'])).toEqual({ ok: true, text });
      expect(decryptLitellm(value, ['other'])).toEqual({ ok: false, plain: false });
      expect(decryptLitellm(value, [])).toEqual({ ok: false, plain: false });
    }
  });

  test('what is not encrypted is told apart from what cannot be opened', () => {
    for (const plain of [
      '',
      'openai/gpt-4o',
      'sk-short',
      'os.environ/KEY',
      'https://example.com/a/long/path/that/has/many/letters/in/it?x=1',
    ])
      expect(decryptLitellm(plain, ['salt'])).toEqual({ ok: false, plain: true });
    for (const broken of ['v3:gcm:', 'v2:gcm:AAAA', 'A'.repeat(80)])
      expect(decryptLitellm(broken, ['salt'])).toEqual({ ok: false, plain: false });
  });

  test('one bit changed does not open', () => {
    for (const form of ['nacl', 'v2', 'v3'] as const) {
      const value = encryptLitellm('secret', 'salt', form);
      const at = value.length - 6;
      const changed = `${value.slice(0, at)}${value[at] === 'A' ? 'B' : 'A'}${value.slice(at + 1)}`;
      expect(decryptLitellm(changed, ['salt']).ok).toBe(false);
    }
  });
});

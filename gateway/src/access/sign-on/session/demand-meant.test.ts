import { describe, expect, test } from 'bun:test';
import { cookie, readCookie } from './cookies.ts';
import { demandMeant } from './demand-meant.ts';
import { isHttps, publicUrlOf } from './own-origin.ts';
import { csrfTokenOf, isWholeSessionToken, makeSessionToken } from './session-token.ts';

const token = makeSessionToken();
const sent = (method: string, headers: Record<string, string>, csrfToken?: string) => ({
  method,
  headers: new Headers(headers),
  csrfToken,
});
const own = { host: 'gateway.example:4000', origin: 'http://gateway.example:4000' };

describe('what comes by cookie', () => {
  for (const [name, what, publicUrl, good] of [
    ['reads', sent('GET', {}), undefined, true],
    ['changes, with all that it needs', sent('POST', { ...own, 'x-csrf-token': csrfTokenOf(token) }), undefined, true],
    ['a form', sent('POST', own, csrfTokenOf(token)), undefined, true],
    [
      'behind a proxy that speaks https',
      sent('POST', { ...own, origin: 'https://gateway.example:4000' }, csrfTokenOf(token)),
      undefined,
      true,
    ],
    ['without a token', sent('POST', own), undefined, false],
    ["another session's token", sent('DELETE', own, csrfTokenOf(makeSessionToken())), undefined, false],
    ['without an origin', sent('POST', { host: own.host }, csrfTokenOf(token)), undefined, false],
    ['another port', sent('POST', { ...own, origin: 'http://gateway.example:1' }, csrfTokenOf(token)), undefined, false],
    [
      'a host that begins the same',
      sent('POST', { ...own, origin: 'http://gateway.example:4000.evil.example' }, csrfTokenOf(token)),
      undefined,
      false,
    ],
    ['the public address', sent('PUT', { host: 'inside', origin: 'https://g.example' }, csrfTokenOf(token)), 'https://g.example/', true],
    [
      'the public address in the clear',
      sent('PUT', { host: 'g.example', origin: 'http://g.example' }, csrfTokenOf(token)),
      'https://g.example',
      false,
    ],
    ['a socket of our own page', sent('GET', { ...own, upgrade: 'websocket' }), undefined, true],
    ['a socket of another page', sent('GET', { ...own, origin: 'https://evil.example', upgrade: 'websocket' }), undefined, false],
    ['a socket of nobody', sent('GET', { host: own.host, upgrade: 'websocket' }), undefined, false],
  ] as const)
    test(`${name}: ${good ? 'yes' : 'no'}`, () => {
      const run = () => demandMeant(what, token, publicUrl);
      if (good) expect(run).not.toThrow();
      else expect(run).toThrow(expect.objectContaining({ code: 'permission_denied' }));
    });
});

test('cookies', () => {
  const read = (text: string) => readCookie(new Headers({ cookie: text }), 'a');
  expect([read('a=1'), read('b=2; a=1 '), read('a=1; a=1'), read('a=1; a=2'), read('aa=1'), read('a='), read('a')]).toEqual([
    '1',
    '1',
    '1',
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  expect(read(`a=1; ${'x'.repeat(20_000)}`)).toBeUndefined();
  expect(cookie('a', 'b', { secure: true, maxAgeSeconds: -3 })).toBe('a=b; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure');
});

test('tokens', () => {
  expect(isWholeSessionToken(token)).toBe(true);
  for (const bad of ['sess-', `${token}x`, `sk-${token}`, token.toUpperCase()]) expect(isWholeSessionToken(bad)).toBe(false);
  expect(csrfTokenOf(token)).not.toContain(token.slice(5, 20));
});

test('addresses', () => {
  const asked = (url: string, headers: Record<string, string> = {}) => ({ url, headers: new Headers(headers) });
  expect(publicUrlOf(asked('http://g:1/a?b'), undefined)).toBe('http://g:1');
  expect(publicUrlOf(asked('http://g/a', { 'x-forwarded-proto': 'https, http' }), undefined)).toBe('https://g');
  expect(publicUrlOf(asked('http://g/a'), 'https://p.example/x/')).toBe('https://p.example/x');
  expect([isHttps(asked('https://g')), isHttps(asked('http://g'))]).toEqual([true, false]);
});

import { describe, expect, test } from 'bun:test';
import { proxyFor, proxySettings } from './proxy.ts';

const settings = { http: 'http://plain.proxy:3128', https: 'http://us%65r:p%40ss@secure.proxy' };
const to = (hostname: string, port = 443) => ({ secure: true, hostname, port });

describe('which proxy', () => {
  test('by the scheme of the upstream', () => {
    expect(proxyFor({ secure: false, hostname: 'a.test', port: 80 }, settings)).toEqual({
      hostname: 'plain.proxy',
      port: 3128,
      host: 'plain.proxy:3128',
      authorization: undefined,
    });
    expect(proxyFor(to('a.test'), settings)).toEqual({
      hostname: 'secure.proxy',
      port: 80,
      host: 'secure.proxy',
      authorization: `Basic ${btoa('user:p@ss')}`,
    });
    expect(proxyFor(to('a.test'), { http: 'http://p' })).toBeUndefined();
    expect(proxyFor(to('a.test'), { https: 'proxy.test:8080' })?.port).toBe(8080);
  });

  test.each([['localhost'], ['app.localhost'], ['127.0.0.1'], ['127.8.9.1'], ['::1']])('none for %s', (host) => {
    expect(proxyFor(to(host), settings)).toBeUndefined();
  });

  test.each([
    ['*', true],
    ['a.test', true],
    ['.a.test', true],
    ['*.a.test', true],
    ['b.test, api.A.test', true],
    ['api.a.test:443', true],
    ['api.a.test:8443', false],
    ['test', true],
    ['pi.a.test', false],
    ['', false],
  ])('exceptions: %j', (except, direct) => {
    expect(proxyFor(to('api.a.test'), { ...settings, except }) === undefined).toBe(direct);
  });

  test('addresses in exceptions', () => {
    expect(proxyFor(to('10.0.0.1'), { ...settings, except: '10.0.0.1' })).toBeUndefined();
    expect(proxyFor(to('fd00::1'), { ...settings, except: '[fd00::1]' })).toBeUndefined();
    expect(proxyFor(to('fd00::1'), { ...settings, except: 'fd00::1' })).toBeUndefined();
    expect(proxyFor(to('fd00::1', 8443), { ...settings, except: '[fd00::1]:8443' })).toBeUndefined();
    expect(proxyFor(to('fd00::2'), { ...settings, except: 'fd00::1' })).toBeDefined();
  });

  test('a proxy that cannot be used is refused, without its password', () => {
    for (const https of ['https://user:secret@proxy', 'socks5://proxy', 'http://']) {
      expect(() => proxyFor(to('a.test'), { https })).toThrow(
        /^The proxy for https addresses is not usable: only http:\/\/ proxies are\.$/,
      );
    }
  });

  test('the environment says', () => {
    expect(proxySettings({})).toEqual({});
    expect(proxySettings({ HTTP_PROXY: 'a', https_proxy: 'b', HTTPS_PROXY: 'c', NO_PROXY: 'd' })).toEqual({
      http: 'a',
      https: 'b',
      except: 'd',
    });
    expect(proxySettings({ HTTP_PROXY: '', HTTPS_PROXY: 'b' })).toEqual({ https: 'b' });
  });
});

import { describe, expect, test } from 'bun:test';
import { AddressList, clientAddressOf } from './client-address.ts';

const of = (forwarded: string | undefined, { socket = '10.0.0.1', trusted = [] as string[], useForwarded = true } = {}) =>
  clientAddressOf(socket, new Headers(forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }), {
    useForwarded,
    trustedProxies: new AddressList(trusted),
  });

describe('where a request comes from', () => {
  test('is the connection, unless the configuration says otherwise', () => {
    expect(of('1.2.3.4', { useForwarded: false })).toBe('10.0.0.1');
    expect(of(undefined)).toBe('10.0.0.1');
    expect(of('1.2.3.4', { useForwarded: false, socket: '::ffff:10.0.0.1' })).toBe('10.0.0.1');
    expect(clientAddressOf(undefined, new Headers(), { useForwarded: true, trustedProxies: new AddressList([]) })).toBeUndefined();
  });

  test('is the last hop, since the first ones are the client’s own words', () => {
    expect(of('6.6.6.6, 1.2.3.4')).toBe('1.2.3.4');
    expect(of('6.6.6.6,10.0.0.9 , 1.2.3.4')).toBe('1.2.3.4');
  });

  test('is the last hop that is no trusted proxy', () => {
    const trusted = ['10.0.0.0/8', '2001:db8::/32'];
    expect(of('6.6.6.6, 1.2.3.4, 10.1.1.1, 2001:db8::7', { trusted })).toBe('1.2.3.4');
    expect(of('1.2.3.4', { trusted, socket: '9.9.9.9' })).toBe('9.9.9.9');
    expect(of('1.2.3.4', { trusted, socket: '::ffff:10.0.0.1' })).toBe('1.2.3.4');
    expect(of('10.2.2.2, 10.1.1.1', { trusted })).toBe('10.0.0.1');
  });

  test('however much a client writes in front', () => {
    const trusted = ['10.0.0.0/8'];
    for (const length of [31, 32, 33, 256, 300, 5000])
      expect(of(`${'6.6.6.6, '.repeat(length)}1.2.3.4, 10.1.1.1`, { trusted })).toBe('1.2.3.4');
    // Nobody has so many proxies.
    expect(of(`6.6.6.6${', 10.1.1.1'.repeat(40)}`, { trusted })).toBe('10.0.0.1');
  });

  test('what is no address ends the search', () => {
    const trusted = ['10.0.0.0/8'];
    for (const forwarded of ['unknown', '6.6.6.6, unknown', '6.6.6.6,', '6.6.6.6, ,10.1.1.1', 'a:b:c:d', '[', ':', '1.2.3.4.5'])
      expect(of(forwarded, { trusted })).toBe('10.0.0.1');
  });

  test('ports and mapped addresses are read', () => {
    expect(of('1.2.3.4:5678')).toBe('1.2.3.4');
    expect(of('[2001:db8::1]:443')).toBe('2001:db8::1');
    expect(of('2001:db8::1')).toBe('2001:db8::1');
    expect(of('::ffff:1.2.3.4')).toBe('1.2.3.4');
  });
});

describe('a list of networks', () => {
  const list = new AddressList([' 10.0.0.0/8', '192.0.2.7', '2001:db8::/32', '0:0:0:0:0:0:0:1']);

  test('has what is in it', () => {
    for (const inside of ['10.255.0.1', '192.0.2.7', '2001:db8:1::1', '::1', '::ffff:10.0.0.1']) expect(list.has(inside)).toBe(true);
    for (const outside of ['11.0.0.1', '192.0.2.8', '2001:db9::1', '', undefined, 'localhost', '10.0.0', 'fe80::1%eth0', '010.0.0.1'])
      expect(list.has(outside)).toBe(false);
    expect(new AddressList(['0.0.0.0/0']).has('1.2.3.4')).toBe(true);
    expect(new AddressList([]).has('1.2.3.4')).toBe(false);
  });

  test('names what is no network', () => {
    for (const bad of ['', 'localhost', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/8/9', '10.0.0.0/-1', '2001:db8::/129', '10.0.0.0/8x'])
      expect(() => new AddressList([bad])).toThrow(JSON.stringify(bad));
  });
});

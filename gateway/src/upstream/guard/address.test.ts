import { describe, expect, test } from 'bun:test';
import { isIP } from 'node:net';
import * as fc from 'fast-check';
import { isWithin, parseAddress, parseBlock, unwrapped } from './address.ts';
import { isMetadataAddress, kindOf, type AddressKind } from './address-kind.ts';

const kind = (text: string): AddressKind => kindOf(parseAddress(text)!);

describe('addresses', () => {
  test.each([
    '',
    '1.2.3',
    '1.2.3.4.5',
    '256.1.1.1',
    '01.2.3.4',
    '0x7f.0.0.1',
    'a.b.c.d',
    ':',
    ':::',
    '1:2:3:4:5:6:7',
    '1::2::3',
    '12345::',
    '1:2:3:4:5:6:7:8:9',
    '::1.2.3',
    '1.2.3.4::',
    'fe80::1%eth0',
    '::g',
  ])('%p is none', (text) => expect(parseAddress(text)).toBeUndefined());

  test('what we read is what the platform takes for an address', () => {
    const v4 = fc.array(fc.nat(255), { minLength: 4, maxLength: 4 }).map((bytes) => bytes.join('.'));
    const v6 = fc.array(fc.nat(0xffff), { minLength: 8, maxLength: 8 });
    fc.assert(fc.property(v4, (text) => parseAddress(text)?.join('.') === text));
    fc.assert(
      fc.property(v6, (groups) => {
        const text = groups.map((group) => group.toString(16)).join(':');
        // The shortest spelling, as a URL writes it, is the same address.
        const short = new URL(`http://[${text}]/`).hostname.slice(1, -1);
        expect(parseAddress(short)).toEqual(parseAddress(text)!);
        expect(isIP(short)).toBe(6);
      }),
    );
  });

  test.each([
    ['10.255.255.255', '10.0.0.0/8', true],
    ['11.0.0.0', '10.0.0.0/8', false],
    ['172.31.0.1', '172.16.0.0/12', true],
    ['172.32.0.1', '172.16.0.0/12', false],
    ['1.2.3.4', '0.0.0.0/0', true],
    ['fdff::1', 'fc00::/7', true],
    ['fe00::1', 'fc00::/7', false],
    ['::1', '0.0.0.0/0', false],
  ])('%s in %s: %p', (address, block, within) => expect(isWithin(parseAddress(address)!, parseBlock(block)!)).toBe(within));

  test.each(['10.0.0.0', '10.0.0.0/33', '10.0.0.0/', '/8', 'x/8', '::/129', '10.0.0.0/-1', '10.0.0.0/08'])('%p is no block', (text) =>
    expect(parseBlock(text)).toBeUndefined(),
  );

  test.each<[string, AddressKind]>([
    ['8.8.8.8', 'public'],
    ['1.1.1.1', 'public'],
    ['172.15.255.255', 'public'],
    ['172.32.0.0', 'public'],
    ['100.63.255.255', 'public'],
    ['100.128.0.0', 'public'],
    ['2606:4700::1111', 'public'],
    ['::ffff:8.8.8.8', 'public'],
    ['64:ff9b::8.8.8.8', 'public'],
    ['0.0.0.0', 'reserved'],
    ['0.1.2.3', 'reserved'],
    ['127.0.0.1', 'loopback'],
    ['127.255.255.254', 'loopback'],
    ['::1', 'loopback'],
    ['::ffff:127.0.0.1', 'loopback'],
    ['::ffff:7f00:1', 'loopback'],
    ['64:ff9b::7f00:1', 'loopback'],
    ['10.1.2.3', 'private'],
    ['172.16.0.1', 'private'],
    ['192.168.1.1', 'private'],
    ['::ffff:192.168.1.1', 'private'],
    ['64:ff9b::10.0.0.1', 'private'],
    ['100.64.0.1', 'private'],
    ['100.127.255.255', 'private'],
    ['fc00::1', 'private'],
    ['fd12:3456::1', 'private'],
    ['fec0::1', 'private'],
    ['169.254.1.1', 'link-local'],
    ['fe80::1', 'link-local'],
    ['169.254.169.254', 'metadata'],
    ['::ffff:169.254.169.254', 'metadata'],
    ['64:ff9b::a9fe:a9fe', 'metadata'],
    ['169.254.170.2', 'metadata'],
    ['100.100.100.200', 'metadata'],
    ['168.63.129.16', 'metadata'],
    ['fd00:ec2::254', 'metadata'],
    ['224.0.0.1', 'multicast'],
    ['239.255.255.250', 'multicast'],
    ['ff02::1', 'multicast'],
    ['255.255.255.255', 'reserved'],
    ['240.0.0.1', 'reserved'],
    ['192.0.2.1', 'reserved'],
    ['198.18.0.1', 'reserved'],
    ['203.0.113.9', 'reserved'],
    ['192.88.99.1', 'reserved'],
    ['::', 'reserved'],
    // What may lead to any IPv4 address: compatible, translated, local NAT64, 6to4, Teredo.
    ['::127.0.0.1', 'reserved'],
    ['::ffff:0:127.0.0.1', 'reserved'],
    ['64:ff9b:1::7f00:1', 'reserved'],
    ['2002:7f00:1::1', 'reserved'],
    ['2001:0:4136:e378::1', 'reserved'],
    ['2001:db8::1', 'reserved'],
    ['3fff::1', 'reserved'],
    ['5f00::1', 'reserved'],
    ['4000::1', 'reserved'],
  ])('%s is %s', (text, expected) => expect(kind(text)).toBe(expected));

  test('no spelling of a private IPv4 address as IPv6 is public', () => {
    const inner = fc
      .tuple(fc.constantFrom('127', '10', '0', '169.254', '192.168'), fc.nat(255), fc.nat(255), fc.nat(255))
      .map(([start, ...rest]) => `${start}.${rest.join('.')}`.split('.').slice(0, 4).join('.'));
    const prefix = fc.constantFrom('::ffff:', '64:ff9b::', '::', '::ffff:0:', '64:ff9b:1::');
    fc.assert(fc.property(prefix, inner, (start, address) => kind(start + address) !== 'public' && kind(address) !== 'public'));
  });

  test('metadata by its text, whatever it is not', () => {
    expect(['169.254.169.254', '127.0.0.1', 'metadata.google.internal', ''].map(isMetadataAddress)).toEqual([true, false, false, false]);
    expect(unwrapped(parseAddress('10.0.0.1')!)).toEqual([10, 0, 0, 1]);
  });
});

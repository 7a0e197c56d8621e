import { describe, expect, test } from 'bun:test';
import { canonicalHost, keyOf, readEndpoint, withoutEqual } from './endpoint.ts';

describe('readEndpoint', () => {
  test.each([
    ['10.0.0.7', '10.0.0.7'],
    ['gpu-1.internal.', 'gpu-1.internal'],
    ['GPU_1', 'gpu_1'],
    ['fd00::7', '[fd00::7]'],
    ['[fd00::7]', '[fd00::7]'],
    // Ways to spell an address that URLs know.
    ['0x7f.1', '127.0.0.1'],
  ])('%s is %s', (given, expected) => expect(canonicalHost(given)).toBe(expected));

  test.each(['', 'a b', 'a/b', 'a:80', 'u@h', 'a?b', 'http://a', 'x'.repeat(300), 'ü.test'])('%s is no host', (given) =>
    expect(canonicalHost(given)).toBeUndefined(),
  );

  test.each([
    '169.254.169.254',
    '169.254.170.2',
    '100.100.100.200',
    '::ffff:169.254.169.254',
    'fd00:ec2::254',
    '2852039166',
    '0xa9.0xfe.0xa9.0xfe',
  ])('%s is a metadata service however it is written, and never an endpoint', (host) =>
    expect(readEndpoint({ host, port: 80 })).toBe('it is the metadata service of a cloud'),
  );

  test('private and loopback addresses are the operator’s own', () => {
    for (const host of ['10.1.2.3', '192.168.0.1', '127.0.0.1', 'fd00::1']) expect(readEndpoint({ host, port: 80 })).toBeObject();
  });

  test('what is no port or no model is none', () => {
    for (const port of [0, 65_536, 1.5, '80x', undefined, null, -1]) expect(readEndpoint({ host: 'a', port })).toBe('its port is none');
    expect(readEndpoint({ host: 'a', port: '8000' })).toEqual({ host: 'a', port: 8000 });
    // A star would make a pattern of the name, which takes the calls of others.
    for (const model of ['*', 'a*', '{host}', '', 'a b', 'a\nb', 7, 'x'.repeat(300)])
      expect(readEndpoint({ host: 'a', port: 1, model })).toBe('the name of its model is none');
  });

  test('odd weights, orders and tags are left out', () => {
    expect(readEndpoint({ host: 'a', port: 1, weight: -1, order: 1.5, tags: ['x', 7, '', 'y'.repeat(200)] })).toEqual({
      host: 'a',
      port: 1,
      tags: ['x'],
    });
    expect(readEndpoint({ host: 'a', port: 1, weight: 0, order: -1 })).toEqual({ host: 'a', port: 1, weight: 0, order: -1 });
  });

  test('an endpoint is known by host, port and model', () => {
    expect(keyOf({ host: 'a', port: 1, weight: 2 })).toBe(keyOf({ host: 'a', port: 1, order: 3 }));
    expect(keyOf({ host: 'a', port: 1, model: 'm' })).not.toBe(keyOf({ host: 'a', port: 1 }));
  });
});

describe('withoutEqual', () => {
  const at = (port: number, more: object) => ({ host: 'a', port, ...more });
  test('weights and orders that are all the same say nothing', () => {
    expect(withoutEqual([at(1, { weight: 1, order: 0 }), at(2, { weight: 1, order: 0 })])).toEqual([at(1, {}), at(2, {})]);
  });
  test('those that differ stay; who has no weight among them has 1', () => {
    const given = [at(1, { weight: 5, order: 1 }), at(2, { order: 2 })];
    expect(withoutEqual(given)).toEqual([at(1, { weight: 5, order: 1 }), at(2, { weight: 1, order: 2 })]);
  });
});

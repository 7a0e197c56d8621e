import { expect, test } from 'bun:test';
import type { Charge } from '../event.ts';
import { chargeListOf } from './charge-list.ts';
import { eventOf } from './testing.ts';

test('calls that are charged to the same counters have one list, with marks for what their columns say', () => {
  const charges: Charge[] = [
    ['gateway', 0],
    ['key:ab12', 0],
    ['key:ab12', 0],
    ['key:ab12/model:gpt', 86_400_000],
    ['team:other', 0],
  ];
  const list = chargeListOf(eventOf({ charges }));
  expect(list.charges).toEqual([charges[0]!, charges[1]!, charges[3]!, charges[4]!]);
  expect(list.packed).toEqual({ 0: ['gateway', '~k', 'team:other'], 86400000: ['~k/model:gpt'] });
  expect(chargeListOf(eventOf({ charges: structuredClone(charges), nanodollars: 1 }))).toBe(list);
});

test('whoever makes up a name with the marks between names in it does not get the list of another', () => {
  const list = (charges: Charge[], keyId = 'ab12') => chargeListOf(eventOf({ charges, keyId })).charges;
  list([
    ['tag:a', 0],
    ['tag:b', 0],
  ]);
  for (const made of ['tag:a0;5:tag:b', 'tag:a\u{0}0\u{0}tag:b', 'tag:a0', 'tag:a,0,tag:b'])
    expect(list([[made, 0]])).toEqual([[made.replaceAll('\0', '\u{fffd}'), 0]]);
  expect(list([['key:a', 0]], 'a')).toEqual([['key:a', 0]]);
  expect(chargeListOf(eventOf({ charges: [['key:a', 0]], keyId: '-' })).packed).toEqual({ 0: ['key:a'] });
  expect(chargeListOf(eventOf({ charges: [['key:a', 0]], keyId: 'a' })).packed).toEqual({ 0: ['~k'] });
});

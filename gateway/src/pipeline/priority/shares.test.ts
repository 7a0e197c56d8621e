import { expect, test } from 'bun:test';
import type { PriorityReservation } from '../../config/priority-settings.ts';
import { partOf, sharesOf } from './shares.ts';

const share = (value: number): PriorityReservation => ({ of: 'share', value });

test('shares of a model: as they are, of its requests, of its tokens', () => {
  const reservations = { prod: share(0.5), dev: { of: 'rpm', value: 10 }, batch: { of: 'tpm', value: 100 } } as const;
  expect([...sharesOf(reservations, { group: 'm', rpm: 100, tpm: 1000 })]).toEqual([
    ['prod', 0.5],
    ['dev', 0.1],
    ['batch', 0.1],
  ]);
});

test('so many tokens of a model that does not say how many it takes are no share of it', () => {
  expect([...sharesOf({ batch: { of: 'tpm', value: 100 } }, { group: 'm', rpm: 100 })]).toEqual([]);
  expect([...sharesOf({ none: { of: 'rpm', value: 1 } }, { group: 'm', rpm: 0 })]).toEqual([['none', 0]]);
});

test('more than all of it is scaled down', () => {
  expect([...sharesOf({ a: share(0.6), b: share(0.9) }, { group: 'm', rpm: 1 }).values()].map((each) => Number(each.toFixed(6)))).toEqual([
    0.4, 0.6,
  ]);
  expect([...sharesOf({ a: share(90), b: share(10) }, { group: 'm', rpm: 1 }).values()]).toEqual([0.9, 0.1]);
});

test('a part is a whole number, and what binary fractions miss by a hair is not lost', () => {
  expect([partOf(100, 0.29), partOf(100, 0.57), partOf(3, 0.5), partOf(10, 2), partOf(7, 0)]).toEqual([29, 57, 1, 10, 0]);
});

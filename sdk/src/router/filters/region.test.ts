import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { regionFilter } from './region.ts';
import { candidate, ids } from './testing.ts';
import { isWithin } from './zones.ts';

const eu = 'eu EU eu-west-1 eu-central-1 europe-west4 europe-southwest1 westeurope swedencentral northeurope eu-frankfurt-1'.split(' ');
const us = 'us us-east-1 us-gov-west-1 us-central1 us-east5 eastus eastus2 southcentralus usgovvirginia us-ashburn-1'.split(' ');
/** In Europe, and not in the European Union; and elsewhere. */
const neither = (
  'eu-west-2 eu-central-2 europe-west2 europe-west6 uksouth switzerlandnorth norwayeast eu-zurich-1 uk-london-1 ' +
  'global asia-east1 australiaeast ap-southeast-2 ca-central-1 brazilsouth usa europe'
).split(' ');

describe('isWithin', () => {
  test.each(eu)('%s is in eu alone', (region) => {
    expect([isWithin(region, 'eu'), isWithin(region, 'us')]).toEqual([true, false]);
  });
  test.each(us)('%s is in us alone', (region) => {
    expect([isWithin(region, 'eu'), isWithin(region, 'us')]).toEqual([false, true]);
  });
  test.each(neither)('%s is in neither', (region) => {
    expect([isWithin(region, 'eu'), isWithin(region, 'us')]).toEqual([false, false]);
  });

  test('a name means itself, however it is written', () => {
    expect(isWithin('Sweden Central', 'swedencentral')).toBe(true);
    expect(isWithin('Sweden Central', 'EU')).toBe(true);
    expect(isWithin('eu', 'eu-west-1')).toBe(false);
    expect(isWithin('x', 'constructor')).toBe(false);
  });
});

describe('regionFilter (FP-88)', () => {
  const all = [candidate('dublin', { region: 'eu-west-1' }), candidate('unknown'), candidate('ohio', { region: 'us-east-2' })];

  test('a request that names none goes anywhere', () => {
    expect(regionFilter<string>().keep(all, {}, 0)).toBe(all);
    expect(regionFilter<string>().keep(all, { regions: [] }, 0)).toBe(all);
  });

  test('an unknown place is not the wanted one', () => {
    const filter = regionFilter<string>();
    const left = filter.keep(all, { regions: ['eu'] }, 0);
    expect(ids(left)).toBe('dublin');
    expect(filter.keep(all, { regions: ['eu'] }, 9)).toBe(left);
    expect(ids(filter.keep(all, { regions: ['eu', 'us'] }, 0))).toBe('dublin ohio');
    expect(ids(filter.keep([all[1]!], { regions: ['eu'] }, 0))).toBe('');
  });

  test('where all are there the array stays', () => {
    const there = [all[0]!];
    expect(regionFilter<string>().keep(there, { regions: ['eu'] }, 0)).toBe(there);
  });

  test('whatever the regions, nobody outside them is left', () => {
    const place = fc.constantFrom(...eu, ...us, ...neither);
    fc.assert(
      fc.property(fc.array(fc.option(place, { nil: undefined })), fc.array(place, { minLength: 1, maxLength: 3 }), (places, regions) => {
        const candidates = places.map((region, at) => candidate(String(at), region === undefined ? {} : { region }));
        for (const { deployment } of regionFilter<string>().keep(candidates, { regions }, 0)) {
          expect(deployment.region).toBeDefined();
          expect(regions.some((wanted) => isWithin(deployment.region!, wanted))).toBe(true);
        }
      }),
    );
  });

  test('is refused with the regions that were asked for', () => {
    const error = regionFilter<string>().refusal('m', { regions: ['eu'] });
    expect(error.code).toBe('invalid_request');
    expect(error.message).toContain("'eu'");
  });
});

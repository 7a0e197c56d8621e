import type { Speaks, Target } from '../../types/index.ts';
import { givenPlace, hasPlace, lookUpRegion, missingRegion, placeOf, regionOf, type Place } from '../aws/place.ts';
import { dnsSuffix } from '../aws/region.ts';

/** People paste the whole URL of a call. */
const ending = /\/v1(?:\/speech)?$/;

const pollyPlace = (target: Target): Place => {
  if (target.baseUrl !== undefined) return givenPlace(target, target.baseUrl, ending);
  const region = regionOf(target);
  if (region === undefined) throw missingRegion(target);
  return { base: `https://polly.${region}.${dnsSuffix(region)}`, region };
};

export const pollyPlaceOf = (target: Target): Place => placeOf(target, pollyPlace);

/** @throws SluiceError `invalid_request` where there is no region, or what is given is none or no URL */
export const pollyUrl = (target: Target, speaks: Speaks): string => pollyPlaceOf(target).base + speaks.path;

/** Looks a region up where nothing but a profile can tell it. Undefined: nothing is missing. */
export const readyPlace = (target: Target, find: (target: Target) => Promise<string | undefined>): Promise<void> | undefined => {
  if (hasPlace(target) || regionOf(target) !== undefined) return undefined;
  if (target.baseUrl !== undefined && givenPlace(target, target.baseUrl, ending).region !== undefined) return undefined;
  return lookUpRegion(target, find);
};

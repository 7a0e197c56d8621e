import type { Speaks, Target } from '../../types/index.ts';
import { givenPlace, hasPlace, isSet, lookUpRegion, missingRegion, placeOf, regionOf, type Place } from '../aws/place.ts';
import { serviceHost } from '../aws/region.ts';
import { textOption } from '../credentials.ts';
import { pathSegment } from '../url.ts';

/** LiteLLM's users give the whole URL of the call. */
const endings = /\/endpoints\/[^/]+\/invocations(?:-response-stream)?$/;

const givenAddress = (target: Target): string | undefined =>
  target.baseUrl ?? textOption(target, 'sagemaker_base_url') ?? textOption(target, 'env_aws_sagemaker_runtime_endpoint');

const runtimePlace = (target: Target): Place => {
  const given = givenAddress(target);
  if (given !== undefined) return givenPlace(target, given, endings);
  const region = regionOf(target);
  if (region === undefined) throw missingRegion(target);
  const fips = isSet(target, 'env_aws_use_fips_endpoint');
  return { base: `https://${serviceHost(fips ? 'runtime-fips.sagemaker' : 'runtime.sagemaker', region)}`, region };
};

export const runtimePlaceOf = (target: Target): Place => placeOf(target, runtimePlace);

/** Looks a region up where nothing but a profile can tell it. Undefined: nothing is missing. @throws SluiceError `authentication` */
export const readyPlace = (target: Target, find: (target: Target) => Promise<string | undefined>): Promise<void> | undefined => {
  if (hasPlace(target) || regionOf(target) !== undefined) return undefined;
  const given = givenAddress(target);
  if (given !== undefined && (target.apiKey || givenPlace(target, given, endings).region !== undefined)) return undefined;
  return lookUpRegion(target, find);
};

/** @throws SluiceError `invalid_request` where there is no region, or what is given is none or no URL */
export const runtimeUrl = (target: Target, speaks: Speaks, stream: boolean): string =>
  runtimePlaceOf(target).base +
  ((stream ? speaks.streamPath : undefined) ?? speaks.path).replace('{model}', () => pathSegment(target.model));

import { SluiceError, type Target } from '../../types/index.ts';
import { textOption } from '../credentials.ts';
import { checkedUrl } from '../url.ts';
import { isRegion, regionInArn, regionInHost } from './region.ts';

/** Where a target's calls go, and the region that they are signed for. */
export interface Place {
  /** Without a trailing slash. */
  base: string;
  /** Undefined where the address does not say it and nobody else does; a bearer token needs none. */
  region: string | undefined;
}

const places = new WeakMap<Target, Place>();

export const hasPlace = (target: Target): boolean => places.has(target);

/** Worked out once a target. @throws SluiceError `invalid_request` */
export const placeOf = (target: Target, make: (target: Target) => Place): Place => {
  const known = places.get(target);
  if (known) return known;
  const place = make(target);
  if (place.region !== undefined) places.set(target, place);
  return place;
};

/** Regions that were looked up in profiles, for targets that nothing else tells one. */
const lookedUp = new WeakMap<Target, string>();

/** Looks a region up where nothing but a profile of `~/.aws/config` can tell it. */
export const lookUpRegion = async (target: Target, find: (target: Target) => Promise<string | undefined>): Promise<void> => {
  const region = await find(target);
  if (region !== undefined) lookedUp.set(target, region);
};

/** What goes into the URL: the ARN or id that stands for the model, where one is given. */
export const modelId = (target: Target): string => textOption(target, 'model_id') ?? target.model;

/**
 * The region, in this order: `aws_region_name`, the model's name (`bedrock/eu-west-1/...`), its ARN, the environment, the profile's.
 * @throws SluiceError `invalid_request` where it is none
 */
export const regionOf = (target: Target): string | undefined => {
  const region =
    textOption(target, 'aws_region_name') ??
    textOption(target, 'aws_model_region') ??
    regionInArn(modelId(target)) ??
    textOption(target, 'env_aws_region') ??
    lookedUp.get(target);
  // It becomes part of a host: nothing else may get there.
  if (region !== undefined && !isRegion(region))
    throw new SluiceError('invalid_request', `'${region.slice(0, 40)}' is not a region of AWS (such as us-east-1).`, {
      param: 'aws_region_name',
      provider: target.provider.id,
    });
  return region;
};

export const missingRegion = (target: Target): SluiceError =>
  new SluiceError(
    'invalid_request',
    `${target.provider.label} needs a region: give aws_region_name, write it before the model's name (${target.provider.id}/us-east-1/...), or set AWS_REGION. Neither does an AWS profile name one.`,
    { param: 'aws_region_name', provider: target.provider.id },
  );

/** A base URL that somebody gave: its own region holds, so that the signature never disagrees with the host. */
export const givenPlace = (target: Target, address: string, ending: RegExp): Place => {
  const url = checkedUrl(address, target.provider);
  const path = url.pathname.replace(/\/+$/, '').replace(ending, '').replace(/\/+$/, '');
  return { base: url.origin + path, region: regionInHost(url.hostname) ?? regionOf(target) };
};

/** Whether an option that holds `true` or `false` is set. */
export const isSet = (target: Target, name: string): boolean => textOption(target, name)?.toLowerCase() === 'true';

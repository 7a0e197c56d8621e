import { bedrockBaseName } from '../../catalog/index.ts';
import { SluiceError, type Speaks, type Target } from '../../types/index.ts';
import { textOption } from '../credentials.ts';
import { checkedUrl, pathSegment } from '../url.ts';
import { isRegion, regionInArn, regionInHost, runtimeHost } from './region.ts';

/** Where a target's calls go, and the region that they are signed for. */
export interface Place {
  /** Without a trailing slash. */
  base: string;
  /** Undefined where the address does not say it and nobody else does; a bearer token needs none. */
  region: string | undefined;
}

const places = new WeakMap<Target, Place>();

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

/** What goes into the URL: the ARN or id that stands for the model, where one is given. */
const modelId = (target: Target): string => textOption(target, 'model_id') ?? target.model;

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

/** People paste the whole URL of a call. */
const endings = /\/(?:model\/[^/]+\/[a-z-]+|openai(?:\/v1)?(?:\/responses|\/chat\/completions)?)$/;

/** A base URL that somebody gave: its own region holds, so that the signature never disagrees with the host. */
export const givenPlace = (target: Target, address: string, ending: RegExp): Place => {
  const url = checkedUrl(address, target.provider);
  const path = url.pathname.replace(/\/+$/, '').replace(ending, '').replace(/\/+$/, '');
  return { base: url.origin + path, region: regionInHost(url.hostname) ?? regionOf(target) };
};

const isSet = (target: Target, name: string): boolean => textOption(target, name)?.toLowerCase() === 'true';

const givenAddress = (target: Target): string | undefined =>
  target.baseUrl ?? textOption(target, 'aws_bedrock_runtime_endpoint') ?? textOption(target, 'env_aws_bedrock_runtime_endpoint');

const runtimePlace = (target: Target): Place => {
  const given = givenAddress(target);
  if (given !== undefined) return givenPlace(target, given, endings);
  const region = regionOf(target);
  if (region === undefined) throw missingRegion(target);
  const kind = { fips: isSet(target, 'env_aws_use_fips_endpoint'), dualStack: isSet(target, 'env_aws_use_dualstack_endpoint') };
  return { base: `https://${runtimeHost(region, kind)}`, region };
};

/**
 * Looks a region up where nothing but a profile of `~/.aws/config` can tell it. Undefined: nothing is missing.
 * @throws SluiceError `authentication` where the file cannot be read
 */
export const readyPlace = (target: Target, find: (target: Target) => Promise<string | undefined>): Promise<void> | undefined => {
  if (places.has(target) || regionOf(target) !== undefined) return undefined;
  const given = givenAddress(target);
  // A bearer token is not signed, so that an address is all it needs.
  if (given !== undefined && (target.apiKey || givenPlace(target, given, endings).region !== undefined)) return undefined;
  return lookUp(target, find);
};

const lookUp = async (target: Target, find: (target: Target) => Promise<string | undefined>): Promise<void> => {
  const region = await find(target);
  if (region !== undefined) lookedUp.set(target, region);
};

export const runtimePlaceOf = (target: Target): Place => placeOf(target, runtimePlace);

/** A name that tokens are counted by: CountTokens knows models and not inference profiles. */
const countedModel = (target: Target): string => bedrockBaseName(target.model);

/** @throws SluiceError `invalid_request` where there is no region, or what is given is none or no URL */
export const runtimeUrl = (target: Target, speaks: Speaks, stream: boolean): string => {
  const path = (stream ? speaks.streamPath : undefined) ?? speaks.path;
  const model = path.endsWith('/count-tokens') ? countedModel(target) : modelId(target);
  return runtimePlaceOf(target).base + path.replace('{model}', () => pathSegment(model));
};

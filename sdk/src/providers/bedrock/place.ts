import { bedrockBaseName } from '../../catalog/index.ts';
import type { Speaks, Target } from '../../types/index.ts';
import { givenPlace, hasPlace, isSet, lookUpRegion, missingRegion, modelId, placeOf, regionOf, type Place } from '../aws/place.ts';
import { runtimeHost } from '../aws/region.ts';
import { textOption } from '../credentials.ts';
import { pathSegment } from '../url.ts';

/** People paste the whole URL of a call. */
const endings = /\/(?:model\/[^/]+\/[a-z-]+|openai(?:\/v1)?(?:\/responses|\/chat\/completions)?)$/;

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
  if (hasPlace(target) || regionOf(target) !== undefined) return undefined;
  const given = givenAddress(target);
  // A bearer token is not signed, so that an address is all it needs.
  if (given !== undefined && (target.apiKey || givenPlace(target, given, endings).region !== undefined)) return undefined;
  return lookUpRegion(target, find);
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

/** What the hosts beside the runtime's serve: agents and knowledge bases; models and guardrails to be managed (docs.aws.amazon.com/bedrock/latest/APIReference, read 2026-11-22). */
const neighbours: readonly (readonly [RegExp, string])[] = [
  [/^\/(?:agents|flows|knowledgebases|retrieveAndGenerate|rerank|generateQuery|optimize-prompt|sessions)(?:\/|$)/, 'bedrock-agent-runtime'],
  [
    /^\/(?:foundation-models|inference-profiles|guardrails|custom-models|imported-models|provisioned-model-throughputs?|model-invocation-jobs?)(?:\/|$)/,
    'bedrock',
  ],
];

/** Where a path of Bedrock's own is served. An address that is not AWS's serves all of them itself. */
export const relayedUrl = (target: Target, path: string): string => {
  const { base } = runtimePlaceOf(target);
  const host = neighbours.find(([pattern]) => pattern.test(path))?.[1];
  return (host === undefined ? base : base.replace(/^https:\/\/bedrock-runtime(?=[.-][^/]*\.amazonaws\.com)/, `https://${host}`)) + path;
};

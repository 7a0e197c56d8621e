import type { ChatRequest, JsonObject } from '../../types/index.ts';
import type { Writing } from './writing.ts';

const tiers = new Set(['default', 'flex', 'priority', 'reserved']);

/** https://docs.aws.amazon.com/bedrock/latest/userguide/service-tiers-inference.html, read 2026-11-22. `auto` is what it is unsaid. */
export const writeServiceTier = ({ serviceTier }: ChatRequest, writing: Writing): JsonObject => {
  if (serviceTier === undefined || serviceTier === 'auto') return {};
  if (writing.own || tiers.has(serviceTier)) return { serviceTier: { type: serviceTier } };
  if (serviceTier === 'standard_only') return { serviceTier: { type: 'default' } };
  writing.lacks('serviceTier', `Bedrock has no tier '${serviceTier}'`);
  return {};
};

/** `RequestMetadata` of the service's model: what AWS's logs of invocations are filtered by. */
const metadataKey = /^[a-zA-Z0-9\s:_@$#=/+,.-]{1,256}$/;
const metadataValue = /^[a-zA-Z0-9\s:_@$#=/+,.-]{0,256}$/;
const mostMetadata = 16;

export const writeMetadata = ({ metadata, user }: ChatRequest, writing: Writing): JsonObject => {
  if (user !== undefined && !writing.own) writing.note(writing.spell('user'), 'Bedrock does not want to know the user');
  if (!metadata) return {};
  const fits = Object.entries(metadata).filter(
    ([name, value]) => typeof value === 'string' && metadataKey.test(name) && metadataValue.test(value),
  );
  if (fits.length < Object.keys(metadata).length || fits.length > mostMetadata)
    writing.note(writing.spell('metadata'), 'Bedrock takes 16 pairs of at most 256 characters of its choice');
  return fits.length > 0 ? { requestMetadata: Object.fromEntries(fits.slice(0, mostMetadata)) } : {};
};

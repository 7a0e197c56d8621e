import type { CacheControl, JsonObject, Origin, Part, ProtocolExtra } from '../../types/index.ts';
import { asString, isObject } from '../shared/read.ts';

/*
 * Amazon Bedrock's Converse and ConverseStream (https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html,
 * and the service's published model of shapes as of 2026-07-31, read 2026-11-22). One format for models of many vendors:
 * what only one of them takes goes into `additionalModelRequestFields`.
 */

export const protocolId = 'bedrock-converse';

/** Blocks that Bedrock itself made or reads: its server tools, and what the neutral model has no word for. */
export const bedrock: Origin = 'bedrock';

/** Opaque values in a conversation are Claude's where nothing else is known: of all the models only Claude signs its thoughts. */
export const usualOrigin: Origin = 'anthropic';

export const ownExtra = (extra: ProtocolExtra | undefined): JsonObject => extra?.[protocolId] ?? {};

/** Members that the neutral model has no word for, kept for this protocol alone. */
export const keep = (members: JsonObject): { extra?: ProtocolExtra } =>
  Object.keys(members).length === 0 ? {} : { extra: { [protocolId]: members } };

/** The block's one member. Clients that write every member of the union leave the others null. */
export const memberOf = (block: JsonObject): [name: string, value: unknown] | undefined =>
  Object.entries(block).find(([, value]) => value !== null && value !== undefined);

/** Everything up to the part that stands before a `cachePoint` is cached. */
export const readCachePoint = (value: unknown): CacheControl => {
  const ttl = isObject(value) ? asString(value['ttl']) : undefined;
  return { type: 'ephemeral', ...(ttl !== undefined && { ttl }) };
};

const ttls = new Set(['5m', '1h']);

export const writeCachePoint = ({ ttl }: CacheControl): JsonObject => ({
  cachePoint: { type: 'default', ...(ttl !== undefined && ttls.has(ttl) && { ttl }) },
});

/** Parts that a cache mark may stand behind. */
export const markable = (part: Part | undefined): part is Part =>
  part !== undefined && part.type !== 'thinking' && part.type !== 'opaque' && part.cacheControl === undefined;

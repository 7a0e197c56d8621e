import type { CacheControl, JsonObject, ProtocolExtra } from '../../types/index.ts';
import { isObject } from '../shared/read.ts';

/*
 * Anthropic's Messages API (https://platform.claude.com/docs/en/api/messages, read 2026-11-21; API version 2023-06-01,
 * which 2026-10-21 narrows). Shapes below were checked against Anthropic's published OpenAPI document.
 */

export const protocolId = 'anthropic-messages';
export const origin = 'anthropic';

/** Where a request has room for this protocol's own members. */
export const ownExtra = (extra: ProtocolExtra | undefined): JsonObject => extra?.[protocolId] ?? {};

/** Members of a block or tool that the neutral model has no word for, kept for this protocol alone. */
export const keep = (members: JsonObject): { extra?: ProtocolExtra } =>
  Object.keys(members).length === 0 ? {} : { extra: { [protocolId]: members } };

/** The cache mark, verbatim (FP-75). */
export const cacheMark = (value: unknown): { cacheControl?: CacheControl } => {
  if (!isObject(value) || typeof value['type'] !== 'string') return {};
  return { cacheControl: value as unknown as CacheControl };
};

/** Without the members that say nothing: answers have several that are null until something is to be told. */
export const given = (members: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null && value !== undefined));

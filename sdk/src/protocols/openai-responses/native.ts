import type { JsonObject, Origin, ProtocolExtra } from '../../types/index.ts';
import { asObject } from '../shared/read.ts';
import { sealedMark } from '../shared/seal.ts';

export const protocolId = 'openai-responses';

/** The family whose encrypted reasoning and opaque items this format carries. */
export const family: Origin = 'openai';

/**
 * Begins the ids of reasoning items made here: the vendor behind never saw them, so they must not be sent to one. The
 * mark is that of sealed texts, for which a request is looked through before it is passed on untouched.
 */
export const ownReasoningId = `rs_${sealedMark}`;

type Extended = { extra?: ProtocolExtra } | undefined;

/** What only this format can say about a message, part or tool. */
export const nativeOf = (thing: Extended): JsonObject | undefined => thing?.extra?.[protocolId];

/** The reverse, to be spread into the message, part or tool; nothing if there is nothing to say. */
export const asNative = (value: JsonObject): { extra?: ProtocolExtra } =>
  Object.keys(value).length === 0 ? {} : { extra: { [protocolId]: value } };

export const objectIn = (value: JsonObject | undefined, member: string): JsonObject | undefined => asObject(value?.[member]);

/** A copy that lacks some members. */
export const without = (object: JsonObject, ...members: readonly string[]): JsonObject => {
  const rest: JsonObject = { ...object };
  for (const member of members) delete rest[member];
  return rest;
};

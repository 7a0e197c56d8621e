import { isObject, type JsonObject } from 'sluice/kit';
import type { CallState } from '../call-state.ts';
import { sessionOf } from '../session-of.ts';

interface Said {
  readonly body: JsonObject;
  readonly headers: Headers;
  readonly customerId: string | undefined;
  readonly tags: readonly string[] | undefined;
}

const maxTags = 64;
const maxNameLength = 256;
const maxUserAgentLength = 200;
/** Of what a client wants written down, as JSON. */
const maxMetadataLength = 4096;

/** Keeps what the books say of a call beside what it cost: whom it was for, and what its client calls it. Clients say it, so there are bounds. */
export const noteForBooks = (state: CallState, { body, headers, customerId, tags }: Said): void => {
  if (!state.books) return;
  if (customerId !== undefined && customerId.length <= maxNameLength) state.customerId = customerId;
  if (tags?.length) state.tags = [...new Set(tags)].filter(({ length }) => length <= maxNameLength).slice(0, maxTags);
  const sessionId = sessionOf(body, headers);
  if (sessionId !== undefined) state.sessionId = sessionId;
  const userAgent = headers.get('user-agent');
  if (userAgent) state.userAgent = userAgent.slice(0, maxUserAgentLength);
  const metadata = metadataOf(body, headers);
  if (metadata) state.spendMetadata = metadata;
};

/** LiteLLM's places for it: a header with JSON, and a member of the metadata. */
const metadataOf = (body: JsonObject, headers: Headers): JsonObject | undefined => {
  const header = headers.get('x-litellm-spend-logs-metadata');
  const said = header === null ? (memberOf(body['litellm_metadata']) ?? memberOf(body['metadata'])) : parsed(header);
  return isObject(said) && (header ?? JSON.stringify(said)).length <= maxMetadataLength ? said : undefined;
};

const memberOf = (metadata: unknown): unknown => (isObject(metadata) ? metadata['spend_logs_metadata'] : undefined);

const parsed = (text: string): unknown => {
  if (text.length > maxMetadataLength) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

import type { ChatRequest, JsonObject, ResponseFormat, ToWireContext, WebSearch } from '../../types/index.ts';
import { asBoolean, asObject, asString, compact, maybe, wantObject, wantString } from '../shared/read.ts';
import { parameterName } from '../shared/parameter-name.ts';
import { objectIn, protocolId, without } from './native.ts';

/*
 * The members of a request that are objects. What is left of one after reading goes to `extra` and is written back
 * around the neutral value.
 */

/** What a reader gives: the neutral value, and what is left of the object. */
export interface ReadOption<T> {
  value: T;
  left: JsonObject;
}

const readFormat = (given: unknown): ReadOption<ResponseFormat> => {
  const format = wantObject(given, 'text.format');
  const type = wantString(format['type'], 'text.format.type');
  if (type === 'json_object') return { value: { type: 'json' }, left: without(format, 'type') };
  if (type !== 'json_schema') return { value: { type: 'text' }, left: type === 'text' ? without(format, 'type') : format };
  const name = asString(format['name']);
  const description = asString(format['description']);
  const strict = asBoolean(format['strict']);
  const named = compact({ name, description, strict });
  return {
    value: { type: 'json-schema', schema: wantObject(format['schema'], 'text.format.schema'), ...named },
    left: without(format, 'type', 'schema', ...Object.keys(named)),
  };
};

const formatTypes = { text: 'text', json: 'json_object', 'json-schema': 'json_schema' } as const;

/** OpenAI takes only these in a schema's name. */
const schemaName = (name: string | undefined): string => name?.replaceAll(/[^a-zA-Z0-9_-]/g, '_').slice(0, 64) || 'response';

const writeFormat = (format: ResponseFormat, left: JsonObject | undefined): JsonObject => {
  const type = formatTypes[format.type];
  if (format.type !== 'json-schema') return { type, ...left };
  const { schema, description, strict } = format;
  return compact({ type, name: left ? format.name : schemaName(format.name), description, strict, schema, ...left });
};

export interface TextOption {
  responseFormat?: ResponseFormat;
  verbosity?: string;
}

export const readTextOption = (given: unknown): ReadOption<TextOption> => {
  const option = wantObject(given, 'text');
  const verbosity = asString(option['verbosity']);
  const format = maybe(readFormat, option['format'], 'text.format');
  return {
    value: { ...(format && { responseFormat: format.value }), ...(verbosity !== undefined && { verbosity }) },
    left: {
      ...without(option, ...(verbosity !== undefined ? ['verbosity'] : []), ...(format ? ['format'] : [])),
      ...(format && { format: format.left }),
    },
  };
};

const refuseFormat = (format: ResponseFormat, context: ToWireContext): boolean => {
  if (context.from === protocolId) return false;
  const { structuredOutput } = context.quirks;
  const refused =
    format.type === 'json-schema'
      ? structuredOutput !== undefined || context.traits.jsonSchema === false
      : format.type === 'json' && structuredOutput === 'none';
  if (refused) context.lacks(parameterName('responseFormat', context.from), 'the provider cannot hold an answer to it');
  return refused;
};

export const writeTextOption = (
  { responseFormat, verbosity }: ChatRequest,
  left: JsonObject | undefined,
  context: ToWireContext,
): JsonObject | undefined => {
  const formatLeft = objectIn(left, 'format');
  const format = responseFormat && !refuseFormat(responseFormat, context) ? writeFormat(responseFormat, formatLeft) : undefined;
  // "Text" is what a model gives unasked.
  const shown = left || responseFormat?.type !== 'text' ? format : undefined;
  const text = compact({
    ...(left && without(left, 'format')),
    ...(left && left['format'] === null && { format: null }),
    format: shown,
    verbosity,
  });
  return left || Object.keys(text).length > 0 ? compact({ ...(left?.['format'] === null && { format: null }), ...text }) : undefined;
};

/** Chat's `web_search_options` as the tool that they are here. */
export const webSearchTool = (
  { contextSize, userLocation, allowedDomains, blockedDomains, maxUses }: WebSearch,
  context: ToWireContext,
): JsonObject => {
  if (blockedDomains) context.drop('web_search.blocked_domains', 'the Responses format can only name allowed domains');
  if (maxUses !== undefined) context.drop('web_search.max_uses', 'the Responses format has no limit for one tool');
  return compact({
    type: 'web_search',
    search_context_size: contextSize,
    user_location: userLocation && { type: 'approximate', ...asObject(userLocation) },
    filters: allowedDomains && { allowed_domains: allowedDomains },
  });
};

const serviceTiers: ReadonlySet<string> = new Set(['auto', 'default', 'flex', 'scale', 'priority', 'fast', 'ultrafast']);

/** OpenAI's tiers; one of another vendor is left out, on record. */
export const writeServiceTier = (tier: string | undefined, context: ToWireContext): string | undefined => {
  if (tier === undefined || context.from === protocolId || serviceTiers.has(tier)) return tier;
  context.drop(parameterName('serviceTier', context.from), `'${tier}' is a tier of another vendor`);
  return undefined;
};

/** The tier of an answer: what clients know, else `default`. */
export const answerTier = (served: string | undefined, asked: string | undefined): string =>
  [served, asked].find((tier) => tier !== undefined && serviceTiers.has(tier)) ?? 'default';

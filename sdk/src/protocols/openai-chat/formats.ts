import type { JsonObject, ResponseFormat, WebSearch } from '../../types/index.ts';
import { asBoolean, asObject, asString, compact } from '../shared/read.ts';

/** `response_format`; undefined for a kind that only some vendor knows. Together and llama.cpp put a schema beside `json_object`. */
export const readResponseFormat = (value: unknown): ResponseFormat | undefined => {
  const format = asObject(value);
  const type = asString(format?.['type']);
  if (type === 'text') return { type: 'text' };
  const named = asObject(format?.['json_schema']);
  const schema = asObject(named?.['schema']) ?? asObject(format?.['schema']);
  if (schema && (type === 'json_schema' || type === 'json_object')) {
    return compact<ResponseFormat>({
      type: 'json-schema',
      name: asString(named?.['name']),
      description: asString(named?.['description']),
      schema,
      strict: asBoolean(named?.['strict']),
    });
  }
  return type === 'json_object' || type === 'json_schema' ? { type: 'json' } : undefined;
};

export const writeResponseFormat = (format: ResponseFormat): JsonObject => {
  if (format.type === 'text') return { type: 'text' };
  if (format.type === 'json') return { type: 'json_object' };
  const { name = 'response', description, schema, strict } = format;
  return { type: 'json_schema', json_schema: compact<JsonObject>({ name, description, schema, strict }) };
};

export const readWebSearch = (value: unknown): WebSearch | undefined => {
  const options = asObject(value);
  if (!options) return undefined;
  const location = asObject(options['user_location']);
  return compact<WebSearch>({
    contextSize: asString(options['search_context_size']),
    userLocation: asObject(location?.['approximate']) ?? location,
  });
};

export const writeWebSearch = ({ contextSize, userLocation }: WebSearch): JsonObject =>
  compact<JsonObject>({
    search_context_size: contextSize,
    user_location: userLocation && { type: 'approximate', approximate: userLocation },
  });

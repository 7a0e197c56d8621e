import type { ChatRequest, JsonObject, Reasoning, ReasoningEffort, ResponseFormat, ToWireContext, WebSearch } from '../../types/index.ts';
import { asBoolean, asObject, asString, compact, maybe, wantObject, wantString } from '../shared/read.ts';
import { parameterName } from '../shared/parameter-name.ts';
import { objectIn, without } from './native.ts';

/*
 * The members of a request that are objects: `reasoning` and `text`. Each reader gives the neutral value and what
 * is left of the object, which goes to `extra` and is written back around the neutral value.
 */

const efforts: readonly ReasoningEffort[] = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'];
const summaries = ['auto', 'concise', 'detailed'] as const;

export interface ReadOption<T> {
  value: T;
  left: JsonObject;
}

export const readReasoningOption = (given: unknown): ReadOption<Reasoning> => {
  const option = wantObject(given, 'reasoning');
  const effort = efforts.find((each) => each === option['effort']);
  const summary = summaries.find((each) => each === option['summary']);
  // The older name of `summary`; it stays where it is and only its meaning is taken over.
  const older = summaries.find((each) => each === option['generate_summary']);
  return {
    value: compact({ mode: effort === 'none' ? ('disabled' as const) : undefined, effort, summary: summary ?? older }),
    left: without(option, ...(effort ? ['effort'] : []), ...(summary ? ['summary'] : [])),
  };
};

/** Tokens of thought -> a word for them: where Anthropic's and Gemini's own clients put `low` and `medium`. */
const effortOfBudget = (tokens: number): ReasoningEffort => (tokens <= 2048 ? 'low' : tokens <= 16_384 ? 'medium' : 'high');

const effortOf = ({ effort, mode, budgetTokens }: Reasoning): ReasoningEffort | undefined => {
  if (effort) return effort;
  if (mode === 'disabled' || budgetTokens === 0) return 'none';
  return budgetTokens === undefined || budgetTokens < 0 ? undefined : effortOfBudget(budgetTokens);
};

/** @param left what `readReasoningOption` left; undefined where the client's format is another one */
export const writeReasoningOption = (
  reasoning: Reasoning | undefined,
  left: JsonObject | undefined,
  context: ToWireContext,
): JsonObject | undefined => {
  if (left) {
    const summary = left['generate_summary'] === undefined && left['summary'] === undefined ? reasoning?.summary : undefined;
    return compact({ ...left, effort: reasoning?.effort ?? left['effort'], summary: summary ?? left['summary'] });
  }
  if (!reasoning) return undefined;
  const effort = effortOf(reasoning);
  if (context.traits.reasoning === 'none') {
    // Asking a model that cannot think not to think is granted.
    if (effort !== 'none' && (effort || reasoning.mode))
      context.lacks(parameterName('reasoning', context.from), 'this model does not reason');
    return undefined;
  }
  const summary = reasoning.summary === 'none' ? undefined : reasoning.summary;
  return effort || summary ? compact({ effort, summary }) : undefined;
};

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

import type { ChatRequest, JsonObject } from '../../types/index.ts';
import { NotStrict, strictLimits, toStrictSchema } from '../shared/strict-schema.ts';
import { jsonTool, jsonValueTool } from '../shared/tool-hints.ts';
import type { Writing } from './writing.ts';

/** How an answer is held to JSON: by the model itself, or as the arguments of a tool that it is made to call. */
export type StructuredOutput = { kind: 'free' } | { kind: 'native'; format: JsonObject } | { kind: 'tool'; name: string; tool: JsonObject };

const free: StructuredOutput = { kind: 'free' };

/**
 * Native where the model takes schemas and this one is in Anthropic's subset; else a forced tool; else refused, as a
 * model that always thinks cannot be made to call one. JSON without a schema has no native form at all: it is a forced
 * tool whose input may be any object. Never silently ignored (FP-32).
 */
export const planStructuredOutput = ({ responseFormat }: ChatRequest, { context, lacks }: Writing): StructuredOutput => {
  if (!responseFormat || responseFormat.type === 'text') return free;
  const canForce = context.traits.thinkingDefault !== 'always';

  if (responseFormat.type === 'json') {
    if (canForce)
      return forced({ type: 'object', additionalProperties: true }, 'One JSON object, in the form that the conversation asks for.');
    lacks('responseFormat', 'this model takes JSON only with a schema (json_schema)');
    return free;
  }

  const native = context.traits.jsonSchema === true && context.quirks.structuredOutput === undefined;
  const strict = native ? toStrictSchema(responseFormat.schema) : new NotStrict('the model takes no schema');
  if (!(strict instanceof NotStrict) && strict.cost.unions <= strictLimits.unions && strict.cost.optional <= strictLimits.optional) {
    return { kind: 'native', format: { type: 'json_schema', schema: strict.schema } };
  }
  if (canForce) return forced(responseFormat.schema, responseFormat.description);
  lacks(
    'responseFormat',
    strict instanceof NotStrict ? `Anthropic cannot hold an answer to this schema: ${strict.why}` : 'the schema is too large for Anthropic',
  );
  return free;
};

const forced = (schema: JsonObject, about: string | undefined): StructuredOutput => {
  const isObject = schema['type'] === undefined || schema['type'] === 'object';
  const name = isObject ? jsonTool : jsonValueTool;
  const description = ['Give the whole final answer with this tool: its input is the answer.', about].filter(Boolean).join(' ');
  const input_schema = isObject ? { type: 'object', ...schema } : { type: 'object', properties: { value: schema }, required: ['value'] };
  return { kind: 'tool', name, tool: { name, description, input_schema } };
};

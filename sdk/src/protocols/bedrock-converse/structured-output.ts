import type { ChatRequest, JsonObject } from '../../types/index.ts';
import { NotStrict, strictLimits, toStrictSchema } from '../shared/strict-schema.ts';
import { jsonTool, jsonValueTool } from '../shared/tool-hints.ts';
import { isClaude } from './family.ts';
import type { Writing } from './writing.ts';

/** How an answer is held to JSON: by the model itself (`outputConfig`), or as the arguments of a tool that it is made to call. */
export type StructuredOutput =
  | { kind: 'free' }
  | { kind: 'native'; textFormat: JsonObject }
  | { kind: 'tool'; name: string; tool: JsonObject };

const free: StructuredOutput = { kind: 'free' };

/**
 * Native where the model takes schemas, and Claude this one; else a forced tool; else refused, as a model that always
 * thinks cannot be made to call one. JSON without a schema is a forced tool whose input may be any object (FP-32).
 * https://docs.aws.amazon.com/bedrock/latest/userguide/structured-output.html, read 2026-11-22
 */
export const planStructuredOutput = ({ responseFormat }: ChatRequest, { context, family, lacks }: Writing): StructuredOutput => {
  if (!responseFormat || responseFormat.type === 'text') return free;
  const canForce = context.traits.thinkingDefault !== 'always';
  if (responseFormat.type === 'json') {
    if (canForce)
      return forced({ type: 'object', additionalProperties: true }, 'One JSON object, in the form that the conversation asks for.');
    lacks('responseFormat', 'this model takes JSON only with a schema (json_schema)');
    return free;
  }
  const schema = context.traits.jsonSchema === true ? enforced(responseFormat.schema, isClaude(family)) : 'the model takes no schema';
  if (typeof schema !== 'string') {
    const { name, description } = responseFormat;
    const jsonSchema = {
      schema: JSON.stringify(schema),
      ...(name !== undefined && { name }),
      ...(description !== undefined && { description }),
    };
    return { kind: 'native', textFormat: { type: 'json_schema', structure: { jsonSchema } } };
  }
  if (canForce) return forced(responseFormat.schema, responseFormat.description);
  lacks('responseFormat', `the answer cannot be held to this schema: ${schema}`);
  return free;
};

/** The schema as the model can enforce it, or why it cannot. */
const enforced = (schema: JsonObject, byClaude: boolean): JsonObject | string => {
  if (!byClaude) return schema;
  const strict = toStrictSchema(schema);
  if (strict instanceof NotStrict) return strict.why;
  return strict.cost.unions <= strictLimits.unions && strict.cost.optional <= strictLimits.optional ? strict.schema : 'it is too large';
};

const forced = (schema: JsonObject, about: string | undefined): StructuredOutput => {
  const isObject = schema['type'] === undefined || schema['type'] === 'object';
  const name = isObject ? jsonTool : jsonValueTool;
  const description = ['Give the whole final answer with this tool: its input is the answer.', about].filter(Boolean).join(' ');
  const json = isObject ? { type: 'object', ...schema } : { type: 'object', properties: { value: schema }, required: ['value'] };
  return { kind: 'tool', name, tool: { toolSpec: { name, description, inputSchema: { json } } } };
};

import type { JsonObject } from '../../types/index.ts';
import { asArray, isObject } from '../shared/read.ts';

/** Members of a Converse request that clients of other formats give beside their own, as LiteLLM's do. */
const converseMembers = new Set([
  'additionalModelResponseFieldPaths',
  'guardrailConfig',
  'inferenceConfig',
  'outputConfig',
  'performanceConfig',
  'promptVariables',
  'requestMetadata',
  'serviceTier',
]);

/**
 * Members that the client's format does not know, where they belong: Bedrock's own beside the rest, any other is a
 * parameter of the model. `additionalModelRequestFields` may itself be given, whole.
 */
export const splitGiven = (unknown: JsonObject): { members: JsonObject; fields: JsonObject } => {
  const members: JsonObject = {};
  const fields: JsonObject = {};
  for (const name in unknown) {
    const value = unknown[name];
    if (name === 'additionalModelRequestFields') {
      if (isObject(value)) Object.assign(fields, value);
    } else if (converseMembers.has(name)) members[name] = value;
    else fields[name] = value;
  }
  return { members, fields };
};

/** Later ones win; objects are joined, and so are the lists of flags. */
export const joinFields = (...all: readonly JsonObject[]): JsonObject => {
  const joined: JsonObject = {};
  for (const fields of all)
    for (const name in fields) {
      const value = fields[name];
      const before = joined[name];
      if (isObject(before) && isObject(value)) joined[name] = { ...before, ...value };
      else if (name === 'anthropic_beta' && before !== undefined) joined[name] = [...new Set([...asArray(before), ...asArray(value)])];
      else joined[name] = value;
    }
  return joined;
};

import { isObject, parseObject } from '../../protocols/shared/read.ts';
import type { JsonObject } from '../../types/index.ts';

/** The members of a request that an adapter does not name: the vendor's own. Null is how many clients say "not given". */
export const otherMembers = (request: object, named: readonly string[]): JsonObject => {
  const others: JsonObject = {};
  for (const [name, value] of Object.entries(request)) {
    if (value !== undefined && value !== null && !named.includes(name)) others[name] = value;
  }
  return others;
};

const plainNumber = /^-?(?:0|[1-9]\d{0,14})(?:\.\d+)?$/;

/**
 * Members of a form as JSON has them: a form's values are all text. Numbers are read as such only under these names: a
 * text may look like one.
 */
export const typedMembers = (members: JsonObject, numeric: readonly string[] = []): JsonObject => {
  const typed: JsonObject = {};
  for (const [name, value] of Object.entries(members)) typed[name] = typeof value === 'string' ? typedText(name, value, numeric) : value;
  return typed;
};

const typedText = (name: string, text: string, numeric: readonly string[]): unknown => {
  if (text === 'true' || text === 'false') return text === 'true';
  if (numeric.includes(name) && plainNumber.test(text)) return Number(text);
  if (text.startsWith('{')) return parseObject(text) ?? text;
  if (text.startsWith('[')) return parseObject(`{"list":${text}}`)?.['list'] ?? text;
  return text;
};

/** A value as the text of a form's field or of a query. */
export const memberText = (value: unknown): string => (isObject(value) || Array.isArray(value) ? JSON.stringify(value) : String(value));

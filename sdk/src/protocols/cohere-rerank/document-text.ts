import type { JsonObject } from '../../types/index.ts';

/**
 * A document with named fields as one text: "we recommend formatting them as YAML strings"
 * (https://docs.cohere.com/v2/docs/rerank-overview, read 2026-11-22).
 * @param fields only these, in this order; a document that is nothing but its text is that text
 */
export const documentText = (document: JsonObject, fields?: readonly string[]): string => {
  const named = fields?.filter((name) => document[name] !== undefined) ?? [];
  const names = named.length > 0 ? named : Object.keys(document);
  const [only] = names.length === 1 ? names : [];
  const bare = only === undefined || (only !== 'text' && named.length === 0) ? undefined : document[only];
  return typeof bare === 'string' ? bare : names.map((name) => `${scalar(name)}: ${scalar(document[name])}`).join('\n');
};

/** JSON is YAML as well: what would read otherwise as YAML's own is written so. */
const scalar = (value: unknown): string =>
  typeof value === 'string' ? (plain.test(value) ? value : JSON.stringify(value)) : (JSON.stringify(value) ?? 'null');

/** One line that begins with a letter and neither looks like a mapping nor like a word of YAML's own. */
const plain = /^(?!(?:true|false|null|yes|no|on|off|y|n)$)\p{L}(?!.*: )(?!.* #)[^\n\r]*(?<![:\s])$/iu;

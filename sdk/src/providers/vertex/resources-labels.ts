import type { JsonObject } from '../../types/index.ts';

/*
 * Requests of Vertex AI's batches have no ids; results come in any order and repeat their requests, labels and all. Labels
 * are small letters, digits, `_` and `-`, 63 of them: an id goes there in hexadecimal digits, in as many as it takes
 * (docs.cloud.google.com/resource-manager/docs/labels-overview, read 2026-11-22).
 */

const name = 'custom_id_';
/** Whole bytes. */
const labelChars = 62;

export const labelsOf = (customId: string): Record<string, string> => {
  const hex = [...new TextEncoder().encode(customId)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const labels: Record<string, string> = {};
  for (let at = 0; at * labelChars < hex.length; at++) labels[name + at] = hex.slice(at * labelChars, (at + 1) * labelChars);
  return labels;
};

export const customIdOf = (labels: JsonObject): string | undefined => {
  let hex = '';
  for (let at = 0; typeof labels[name + at] === 'string'; at++) hex += String(labels[name + at]);
  if (hex === '' || !/^(?:[0-9a-f]{2})+$/.test(hex)) return undefined;
  return new TextDecoder().decode(Uint8Array.from(hex.match(/../g)!, (pair) => Number.parseInt(pair, 16)));
};

import { describe, expect, test } from 'bun:test';
import type { JsonObject } from '../../types/index.ts';
import { NotStrict, toStrictSchema } from './strict-schema.ts';

const strict = (schema: JsonObject) => {
  const result = toStrictSchema(schema);
  return result instanceof NotStrict ? result.why : result.schema;
};

describe('kept, closed or told in words', () => {
  test.each<[string, JsonObject, JsonObject]>([
    [
      'objects are closed',
      { type: 'object', properties: { a: {} } },
      { type: 'object', properties: { a: {} }, additionalProperties: false },
    ],
    [
      'bounds are told',
      { type: 'string', maxLength: 3, description: 'A word.' },
      { type: 'string', description: 'A word.\n\n(maxLength: 3)' },
    ],
    ['known formats stay', { type: 'string', format: 'date' }, { type: 'string', format: 'date' }],
    ['unknown formats are told', { type: 'string', format: 'phone' }, { type: 'string', description: '(format: "phone")' }],
    ['oneOf is anyOf', { oneOf: [{ type: 'string' }, { type: 'null' }] }, { anyOf: [{ type: 'string' }, { type: 'null' }] }],
    ['a single allOf is itself', { allOf: [{ $ref: '#/$defs/A' }], description: 'd' }, { $ref: '#/$defs/A', description: 'd' }],
    ['nullable', { type: 'string', nullable: true }, { type: ['string', 'null'] }],
    [
      'at least one item',
      { type: 'array', items: { type: 'object', properties: {} }, minItems: 1 },
      { type: 'array', items: { type: 'object', properties: {}, additionalProperties: false }, minItems: 1 },
    ],
    [
      'more items are told',
      { type: 'array', items: { type: 'string' }, minItems: 2 },
      { type: 'array', items: { type: 'string' }, description: '(minItems: 2)' },
    ],
    ['words about the schema go', { $schema: 'https://x', type: 'string', examples: ['a'] }, { type: 'string' }],
    [
      'definitions',
      { type: 'object', properties: { a: { $ref: '#/$defs/A' } }, $defs: { A: { type: 'object', properties: {} } } },
      {
        type: 'object',
        properties: { a: { $ref: '#/$defs/A' } },
        $defs: { A: { type: 'object', properties: {}, additionalProperties: false } },
        additionalProperties: false,
      },
    ],
  ])('%s', (_name, schema, expected) => expect(strict(schema)).toEqual(expected));
});

describe('given up, because closing would change what may be answered', () => {
  test.each<[string, JsonObject]>([
    ['members of any name', { type: 'object', additionalProperties: { type: 'string' } }],
    ['no declared members', { type: 'object' }],
    ['inside', { type: 'object', properties: { a: { type: 'array', items: { type: 'object' } } } }],
    ['a schema elsewhere', { $ref: 'https://x/y.json' }],
    [
      'itself',
      {
        type: 'object',
        properties: { next: { $ref: '#/$defs/N' } },
        $defs: { N: { type: 'object', properties: { next: { $ref: '#/$defs/N' } } } },
      },
    ],
    ['itself by way of another', { $ref: '#/$defs/A', $defs: { A: { $ref: '#/$defs/B' }, B: { anyOf: [{ $ref: '#/$defs/A' }] } } }],
    [
      'several to be added up',
      {
        allOf: [
          { type: 'object', properties: { a: {} } },
          { type: 'object', properties: { b: {} } },
        ],
      },
    ],
    ['objects in an enum', { enum: [{ a: 1 }] }],
    ['no schema', { type: 'object', properties: { a: true } }],
  ])('%s', (_name, schema) => expect(strict(schema)).toBeString());
});

test('does not change the client’s schema, and counts what it costs', () => {
  const schema = {
    type: 'object',
    properties: { a: { type: ['string', 'null'] }, b: { anyOf: [] }, c: { type: 'string' } },
    required: ['a'],
  };
  const before = structuredClone(schema);
  const result = toStrictSchema(schema);
  expect(schema).toEqual(before);
  expect(result).toMatchObject({ cost: { optional: 2, unions: 2 } });
});

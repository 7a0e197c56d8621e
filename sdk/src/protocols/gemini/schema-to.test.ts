import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import type { JsonObject } from '../../types/index.ts';
import { thrown } from './fixtures/context.ts';
import { toGeminiSchema, toParametersSchema } from './schema-to.ts';

const place = { what: "tool 'f'", path: 'tools[0].function.parameters' };
const convert = (schema: JsonObject) => toGeminiSchema(schema, place);
const parameters = (schema: JsonObject) => toParametersSchema(schema, place);

describe('keywords (FP-79)', () => {
  test('what Gemini knows stays', () => {
    const schema = {
      type: 'object',
      title: 'T',
      description: 'D',
      properties: {
        a: { type: ['string', 'null'], format: 'date-time', enum: ['x', 'y'] },
        b: { type: 'array', items: { type: 'integer', minimum: 1, maximum: 9 }, minItems: 1, maxItems: 3 },
        c: { anyOf: [{ type: 'string' }, { type: 'null' }] },
        d: { type: 'array', prefixItems: [{ type: 'number' }] },
      },
      required: ['a'],
      additionalProperties: false,
      propertyOrdering: ['a', 'b', 'c', 'd'],
    };
    expect(convert(schema)).toEqual(schema);
  });

  test('what it does not know is said in words, or otherwise', () => {
    expect(convert({ $schema: 'x', type: 'string', pattern: '^a$', minLength: 2, description: 'D', 'x-own': 1 })).toEqual({
      type: 'string',
      description: 'D (pattern: ^a$; minLength: 2)',
    });
    expect(convert({ type: 'integer', exclusiveMinimum: 0, exclusiveMaximum: 10, default: 3 })).toEqual({
      type: 'integer',
      minimum: 1,
      maximum: 9,
      description: '(default: 3)',
    });
    expect(convert({ type: 'number', exclusiveMinimum: 0, multipleOf: 0.5 })).toEqual({
      type: 'number',
      minimum: 0,
      description: '(greater than 0; multipleOf: 0.5)',
    });
    expect(convert({ type: 'integer', minimum: 0, exclusiveMinimum: true })).toEqual({ type: 'integer', minimum: 1 });
    expect(convert({ type: 'string', format: 'uuid' })).toEqual({ type: 'string', description: '(format: uuid)' });
    expect(convert({ oneOf: [{ type: 'string' }, { type: 'integer' }] })).toEqual({ anyOf: [{ type: 'string' }, { type: 'integer' }] });
    expect(convert({ type: 'STRING', nullable: true })).toEqual({ type: ['string', 'null'] });
  });

  test('const and enum: texts and numbers only', () => {
    expect(convert({ const: 'a' })).toEqual({ enum: ['a'], type: 'string' });
    expect(convert({ const: 5 })).toEqual({ enum: [5], type: 'integer' });
    expect(convert({ const: true })).toEqual({ type: 'boolean', description: '(one of: true)' });
    expect(convert({ const: null })).toEqual({ type: 'null' });
    expect(convert({ enum: ['a', null] })).toEqual({ enum: ['a'], type: ['string', 'null'] });
    // Gemini refuses an empty text in a list.
    expect(convert({ type: 'string', enum: ['', 'a'] })).toEqual({ type: 'string', description: '(also: ""; one of: "a")' });
  });

  test('required names a property, and members that may not be are left out', () => {
    expect(convert({ type: 'object', properties: { a: { type: 'string' }, b: false }, required: ['a', 'z'] })).toEqual({
      type: 'object',
      properties: { a: { type: 'string' } },
      required: ['a'],
      description: '(required: z)',
    });
    expect(convert({ type: 'object', required: [] })).toEqual({ type: 'object' });
  });

  test('tuples of older drafts, and items that are anything', () => {
    expect(convert({ type: 'array', items: [{ type: 'string' }, true], additionalItems: { type: 'number' } })).toEqual({
      type: 'array',
      prefixItems: [{ type: 'string' }, {}],
      items: { type: 'number' },
    });
    expect(convert({ type: 'array', items: true })).toEqual({ type: 'array', items: {} });
  });
});

describe('references', () => {
  test('are written out, and what stands beside them goes with them', () => {
    const schema = {
      type: 'object',
      properties: {
        a: { $ref: '#/$defs/A', description: 'mine' },
        b: { allOf: [{ $ref: '#/definitions/B' }], title: 'B' },
        c: { $ref: '#named' },
      },
      $defs: { A: { type: 'string', description: 'theirs' }, N: { $anchor: 'named', type: 'boolean' } },
      definitions: { B: { type: 'integer' } },
    };
    expect(convert(schema)).toEqual({
      type: 'object',
      properties: { a: { type: 'string', description: 'mine' }, b: { type: 'integer', title: 'B' }, c: { type: 'boolean' } },
    });
  });

  test('to themselves stay references, alone', () => {
    const node = {
      type: 'object',
      properties: { value: { type: 'string' }, children: { type: 'array', items: { $ref: '#/definitions/Node', description: 'x' } } },
    };
    const kept = {
      type: 'object',
      properties: { value: { type: 'string' }, children: { type: 'array', items: { $ref: '#/$defs/Node' } } },
    };
    expect(convert({ $ref: '#/definitions/Node', definitions: { Node: node } })).toEqual({ ...kept, $defs: { Node: kept } });
    // As Pydantic 1 and others write it.
    const wrapped = { type: 'object', properties: { parent: { allOf: [{ $ref: '#/$defs/Node' }], description: 'x' } } };
    expect(convert({ $ref: '#/$defs/Node', $defs: { Node: wrapped } })).toMatchObject({ properties: { parent: { $ref: '#/$defs/Node' } } });
    expect(convert({ type: 'object', properties: { self: { $ref: '#' } } })).toEqual({
      type: 'object',
      properties: { self: { type: 'object', properties: { self: { $ref: '#/$defs/Root' } } } },
      $defs: { Root: { type: 'object', properties: { self: { $ref: '#/$defs/Root' } } } },
    });
  });

  test('that lead nowhere, or multiply without end, are refused by name', () => {
    const error = thrown(() => convert({ type: 'object', properties: { a: { items: { $ref: 'https://x/y.json' } } } }));
    expect(error).toMatchObject({ code: 'invalid_request', param: 'tools[0].function.parameters.properties.a.items' });
    expect(error.message).toContain("tool 'f'");
    const $defs: JsonObject = {};
    for (let n = 0; n < 30; n++) {
      $defs[`d${n}`] = { type: 'object', properties: { a: { $ref: `#/$defs/d${n + 1}` }, b: { $ref: `#/$defs/d${n + 1}` } } };
    }
    $defs['d30'] = { type: 'string' };
    expect(thrown(() => convert({ $ref: '#/$defs/d0', $defs })).message).toContain('too large');
  });
});

describe('combinations', () => {
  test('allOf is merged, the stricter holds', () => {
    expect(
      convert({
        allOf: [
          { type: 'object', properties: { a: { type: 'number', minimum: 1 } }, required: ['a'] },
          { properties: { a: { type: 'integer', minimum: 0 }, b: { type: 'string' } }, required: ['b'] },
        ],
        description: 'D',
      }),
    ).toEqual({
      type: 'object',
      properties: { a: { type: 'integer', minimum: 1 }, b: { type: 'string' } },
      required: ['a', 'b'],
      description: 'D',
    });
  });

  test('a choice beside properties is a choice of whole objects; one of required members is said in words', () => {
    expect(
      convert({
        type: 'object',
        properties: { k: { type: 'string' } },
        anyOf: [{ properties: { a: { type: 'string' } } }, { properties: { b: { type: 'string' } } }],
      }),
    ).toEqual({
      anyOf: [
        { type: 'object', properties: { k: { type: 'string' }, a: { type: 'string' } } },
        { type: 'object', properties: { k: { type: 'string' }, b: { type: 'string' } } },
      ],
    });
    expect(convert({ anyOf: [{ required: ['a'] }, { required: ['b'] }], type: 'object', properties: { a: {}, b: {} } })).toEqual({
      type: 'object',
      properties: { a: {}, b: {} },
      description: '(anyOf: [{"required":["a"]},{"required":["b"]}])',
    });
  });
});

describe("a function's parameters", () => {
  test('are an object', () => {
    expect(parameters({})).toEqual({ type: 'object' });
    expect(parameters({ type: ['object', 'null'], properties: {} })).toEqual({ type: 'object', properties: {} });
    expect(thrown(() => parameters({ type: 'array' }))).toMatchObject({ param: 'tools[0].function.parameters' });
    expect(thrown(() => parameters({ anyOf: [{ type: 'string' }, { type: 'object' }] })).param).toBe('tools[0].function.parameters.anyOf');
  });

  test('a choice at the root has the members of all', () => {
    expect(
      parameters({
        oneOf: [
          { type: 'object', properties: { kind: { const: 'a' }, x: { type: 'string' } }, required: ['kind', 'x'] },
          { type: 'object', properties: { kind: { const: 'b' }, y: { type: 'string' } }, required: ['kind'] },
        ],
      }),
    ).toEqual({
      type: 'object',
      properties: {
        kind: {
          anyOf: [
            { enum: ['a'], type: 'string' },
            { enum: ['b'], type: 'string' },
          ],
        },
        x: { type: 'string' },
        y: { type: 'string' },
      },
      required: ['kind'],
    });
  });
});

const documented = new Set(
  '$defs $ref type format title description enum items prefixItems minItems maxItems minimum maximum anyOf properties additionalProperties required propertyOrdering'.split(
    ' ',
  ),
);

const undocumented = (schema: unknown): string[] => {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return [];
  return Object.entries(schema).flatMap(([name, value]) => {
    if (!documented.has(name)) return [name];
    if (name === 'properties' || name === '$defs') return Object.values(value as object).flatMap(undocumented);
    if (name === 'anyOf' || name === 'prefixItems') return (value as unknown[]).flatMap(undocumented);
    return name === 'items' || name === 'additionalProperties' ? undocumented(value) : [];
  });
};

test('whatever comes in, only documented keywords go out, and the input is not changed', () => {
  const leaf = fc.record(
    {
      type: fc.constantFrom('string', 'integer', 'number', 'boolean', ['string', 'null'], 'any'),
      const: fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)),
      enum: fc.array(fc.oneof(fc.string(), fc.integer(), fc.constant(null), fc.boolean())),
      minimum: fc.integer(),
      exclusiveMaximum: fc.oneof(fc.integer(), fc.boolean()),
      pattern: fc.string(),
      format: fc.constantFrom('uuid', 'date'),
      default: fc.jsonValue(),
      nullable: fc.boolean(),
    },
    { requiredKeys: [] },
  );
  const { schema } = fc.letrec((tie) => ({
    schema: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      leaf,
      fc.record(
        {
          type: fc.constant('object'),
          properties: fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('schema')),
          required: fc.subarray(['a', 'b', 'z']),
          additionalProperties: fc.oneof(fc.boolean(), tie('schema')),
        },
        { requiredKeys: ['type'] },
      ),
      fc.record({ type: fc.constant('array'), items: fc.oneof(fc.boolean(), tie('schema'), fc.array(tie('schema'))) }),
      fc.record({ anyOf: fc.array(tie('schema'), { minLength: 1 }), type: fc.constant('object') }, { requiredKeys: ['anyOf'] }),
      fc.record({ oneOf: fc.array(tie('schema'), { minLength: 1 }), description: fc.string() }),
      fc.record({ allOf: fc.array(tie('schema'), { minLength: 1 }) }),
      fc.constant({ $ref: '#/$defs/D' }),
    ),
  }));
  fc.assert(
    fc.property(schema, schema, (root, definition) => {
      const given = { properties: { root }, $defs: { D: definition } } as JsonObject;
      const before = JSON.stringify(given);
      let result: JsonObject;
      try {
        result = convert(given);
      } catch (error) {
        // A definition that is only itself, or a merge with itself, has no meaning.
        expect(String(error)).toMatch(/contains itself|too large/);
        return;
      }
      expect(undocumented(result)).toEqual([]);
      expect(JSON.stringify(given)).toBe(before);
    }),
    { numRuns: 100 },
  );
});

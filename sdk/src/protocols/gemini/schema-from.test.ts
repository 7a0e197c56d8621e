import { expect, test } from 'bun:test';
import { fromOpenApiSchema } from './schema-from.ts';

test("the numbers of types that Google's older SDKs write are the types", () => {
  const schema = {
    type: 6,
    properties: { city: { type: 1 }, days: { type: 5, items: { type: 3 } }, wet: { type: 4, nullable: true }, heat: { type: 2 } },
    required: ['city'],
  };
  expect(fromOpenApiSchema(schema)).toEqual({
    type: 'object',
    properties: {
      city: { type: 'string' },
      days: { type: 'array', items: { type: 'integer' } },
      wet: { type: ['boolean', 'null'] },
      heat: { type: 'number' },
    },
    required: ['city'],
  });
  expect(fromOpenApiSchema({ type: 99 })).toEqual({ type: 99 });
});

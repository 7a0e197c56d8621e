import { describe, expect, test } from 'bun:test';
import { SchemaDocument } from './schema.ts';

const document = new SchemaDocument({
  paths: { '/chat': { post: { requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Chat' } } } } } } },
  components: {
    schemas: {
      Base: { type: 'object', properties: { user: { type: ['string', 'null'] } } },
      Chat: {
        allOf: [
          { $ref: '#/components/schemas/Base' },
          {
            type: 'object',
            required: ['messages'],
            properties: {
              messages: { type: 'array', minItems: 1, items: { $ref: '#/components/schemas/Message' } },
              temperature: { type: 'number', maximum: 2, nullable: true },
              labels: { type: 'object', additionalProperties: { type: 'string' } },
            },
          },
        ],
      },
      Message: {
        oneOf: [{ $ref: '#/components/schemas/Text' }, { $ref: '#/components/schemas/Image' }],
        discriminator: { propertyName: 'type', mapping: { text: '#/components/schemas/Text', image: '#/components/schemas/Image' } },
      },
      Text: {
        type: 'object',
        required: ['text'],
        properties: { type: { const: 'text' }, text: { type: 'string' } },
        additionalProperties: false,
      },
      Image: { type: 'object', required: ['url'], properties: { type: { enum: ['image'] }, url: { type: 'string' } } },
    },
  },
});

const issues = (value: unknown) =>
  document
    .check(value, document.requestSchema('/chat'))
    .map(({ kind, path, message }) => `${kind === 'shape' ? '' : '? '}${path}: ${message}`);
const text = { type: 'text', text: 'a' };

describe('schema check', () => {
  test('accepts what fits', () => {
    expect(issues({ messages: [text, { type: 'image', url: 'u' }], temperature: null, user: null, labels: { a: 'b' } })).toEqual([]);
  });

  test('names what does not, by its path', () => {
    expect(issues({})).toEqual([": 'messages' is missing"]);
    expect(issues({ messages: [] })).toEqual(['messages: length 0 is below 1']);
    expect(issues({ messages: [{ type: 'image' }] })).toEqual(["messages[0]: 'url' is missing"]);
    expect(issues({ messages: [text], temperature: 3 })).toEqual(['temperature: 3 is above 2']);
    expect(issues({ messages: 'x' })).toEqual(['messages: "x" where array is wanted']);
    expect(issues({ messages: [text], labels: { a: 1 } })).toEqual(['labels.a: 1 where string is wanted']);
    expect(issues({ messages: [{ type: 'video' }] })).not.toEqual([]);
  });

  test('members that the document does not know are another matter', () => {
    expect(issues({ messages: [text], novel: 1 })).toEqual(["? : 'novel' is not known"]);
    expect(issues({ messages: [{ ...text, cache: true }] })).toEqual(["? messages[0]: 'cache' is not known"]);
  });

  test('an operation that is not there is a mistake of the caller', () => {
    expect(() => document.requestSchema('/nowhere')).toThrow('no request schema');
  });
});

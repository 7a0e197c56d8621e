/*
 * AWS describes its services in a language of its own (Smithy, in the JSON that botocore ships). Here such a description
 * becomes an OpenAPI document, as far as `schema.ts` reads one.
 */

interface Shape {
  type: string;
  members?: Record<string, { shape: string; location?: string; locationName?: string }>;
  required?: string[];
  union?: boolean;
  document?: boolean;
  member?: { shape: string };
  value?: { shape: string };
  enum?: string[];
  min?: number;
  max?: number;
  pattern?: string;
}

export interface Service {
  operations: Record<string, { http: { requestUri: string }; input?: { shape: string } }>;
  shapes: Record<string, Shape>;
}

type Schema = Record<string, unknown>;

const reference = (shape: string): Schema => ({ $ref: `#/components/schemas/${shape}` });

/** Members that are in the body: others are in the path, the query or a header. */
const bodyMembers = ({ members = {} }: Shape): [string, Schema][] =>
  Object.entries(members).flatMap(([name, { shape, location }]) => (location === undefined ? [[name, reference(shape)]] : []));

const defined = (schema: Schema): Schema => Object.fromEntries(Object.entries(schema).filter(([, value]) => value !== undefined));

const structure = (shape: Shape): Schema => {
  if (shape.document) return {};
  const members = bodyMembers(shape);
  const properties = Object.fromEntries(members);
  if (shape.union) return { type: 'object', properties, additionalProperties: false, minProperties: 1, maxProperties: 1 };
  const required = (shape.required ?? []).filter((name) => name in properties);
  return { type: 'object', properties, required, additionalProperties: false };
};

const converters: Readonly<Record<string, (shape: Shape) => Schema>> = {
  structure,
  list: ({ member, min, max }) => defined({ type: 'array', items: reference(member!.shape), minItems: min, maxItems: max }),
  map: ({ value }) => ({ type: 'object', additionalProperties: reference(value!.shape) }),
  string: ({ enum: words, min, max, pattern }) => defined({ type: 'string', enum: words, minLength: min, maxLength: max, pattern }),
  // Bytes are base64 on the wire.
  blob: () => ({ type: 'string' }),
  boolean: () => ({ type: 'boolean' }),
  integer: ({ min, max }) => defined({ type: 'integer', minimum: min, maximum: max }),
  long: () => ({ type: 'integer' }),
  float: ({ min, max }) => defined({ type: 'number', minimum: min, maximum: max }),
  double: ({ min, max }) => defined({ type: 'number', minimum: min, maximum: max }),
  timestamp: () => ({ type: 'number' }),
};

export const asOpenApi = ({ operations, shapes }: Service): object => ({
  components: {
    schemas: Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, converters[shape.type]?.(shape) ?? {}])),
  },
  paths: Object.fromEntries(
    Object.values(operations).flatMap(({ http, input }) =>
      input ? [[http.requestUri, { post: { requestBody: { content: { 'application/json': { schema: reference(input.shape) } } } } }]] : [],
    ),
  ),
});

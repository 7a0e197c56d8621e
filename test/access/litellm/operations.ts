import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { outside } from '../../kit/recordings.ts';
import { SchemaDocument } from '../../kit/schema.ts';

/*
 * LiteLLM's own description of its proxy (v1.96.0), which lies outside the project as the vendors' do (`SLUICE_SPECS`, or
 * `../shared/specs`): what its clients may ask of the admin API, and what they read of the answers.
 */

type Json = Readonly<Record<string, unknown>>;

/** One operation of the admin API. */
export interface Operation {
  /** `POST /key/generate` */
  readonly name: string;
  readonly method: string;
  readonly path: string;
  /** Of its JSON body, by name; undefined: it has none. */
  readonly members: Readonly<Record<string, Json>> | undefined;
  /** Of its body. */
  readonly required: readonly string[];
  readonly queryNames: readonly string[];
  readonly requiredQuery: readonly string[];
  /** Of its answer; undefined: the document does not say. */
  readonly answer: Json | undefined;
}

const file = (): string => join(outside('SLUICE_SPECS', 'specs'), 'litellm-proxy.json');

/** Why there is nothing to compare with, or undefined if there is. */
export const specMissing = (): string | undefined =>
  existsSync(file()) ? undefined : `no specification of LiteLLM at ${file()} (set SLUICE_SPECS to its folder)`;

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What belongs to the management of keys, teams, users and the rest; calls of models, logs and figures are others' matter. */
const managed = new Set([
  'model management',
  'credential management',
  'key management',
  'Internal User management',
  'team management',
  'organization management',
  'Customer Management',
  'budget management',
  'SSO Settings',
  'tag management',
  'Cost Tracking',
  'Budget & Spend Tracking',
  'Router Settings',
  'Fallback Management',
  'Audit Logging',
  'project management',
  'jwt_mappings',
  'access_groups',
]);

/** Of no group, or of one that is about other things as well. */
const managedPaths = new Set([
  '/config/pass_through_endpoint',
  '/config/pass_through_endpoint/{endpoint_id}',
  '/config/pass_through_endpoint/team/{team_id}',
  '/team/available',
  '/management/v1/budgets',
  '/provider/budgets',
  '/agent/daily/activity',
  '/add/allowed_ip',
  '/delete/allowed_ip',
  '/sso/readiness',
]);

const methods = ['get', 'post', 'put', 'patch', 'delete'];

export interface LitellmSpec {
  readonly document: SchemaDocument;
  readonly operations: readonly Operation[];
}

export const readLitellmSpec = (): LitellmSpec => {
  const text = JSON.parse(readFileSync(file(), 'utf8')) as Json;
  const document = new SchemaDocument(text);
  const resolved = (schema: unknown): Json => {
    if (!isObject(schema)) return {};
    const reference = schema['$ref'];
    if (typeof reference === 'string') return document.named(reference.split('/').at(-1)!);
    // Where a body may be left out, it is one of two.
    const [first] = Array.isArray(schema['anyOf']) ? (schema['anyOf'] as Json[]) : [];
    return first ? resolved(first) : schema;
  };
  const jsonOf = (content: unknown): unknown => (isObject(content) ? at(content, 'content', 'application/json', 'schema') : undefined);
  const operations = Object.entries(text['paths'] as Readonly<Record<string, Json>>).flatMap(([path, byMethod]) =>
    methods.flatMap((method): Operation[] => {
      const operation = byMethod[method];
      if (!isObject(operation)) return [];
      const tags = (operation['tags'] ?? []) as string[];
      if (!tags.some((tag) => managed.has(tag)) && !managedPaths.has(path)) return [];
      const body = jsonOf(operation['requestBody']);
      const schema = resolved(body);
      const query = ((operation['parameters'] ?? []) as Json[]).filter((each) => each['in'] === 'query');
      const answer = jsonOf(at(operation, 'responses', '200') ?? at(operation, 'responses', '201'));
      return [
        {
          name: `${method.toUpperCase()} ${path}`,
          method: method.toUpperCase(),
          path,
          members: body === undefined ? undefined : ((schema['properties'] ?? {}) as Readonly<Record<string, Json>>),
          required: (schema['required'] ?? []) as string[],
          queryNames: query.map((each) => String(each['name'])),
          requiredQuery: query.filter((each) => each['required'] === true).map((each) => String(each['name'])),
          answer: isObject(answer) && Object.keys(answer).length > 0 ? answer : undefined,
        },
      ];
    }),
  );
  return { document, operations };
};

const at = (value: unknown, ...keys: string[]): unknown =>
  keys.reduce<unknown>((inner, key) => (isObject(inner) ? inner[key] : undefined), value);

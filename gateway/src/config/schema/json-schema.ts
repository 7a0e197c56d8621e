import { z } from 'zod';
import { notBuilt, notBuiltForms, openaiParams, vendorParams, type Section } from '../known-litellm.ts';
import type { Path } from '../problem.ts';
import { descriptions } from './fields.ts';
import { configSchema } from './index.ts';

/** As much of JSON Schema as is made here. */
export interface JsonSchema {
  [keyword: string]: unknown;
  type?: string | string[];
  description?: string;
  unit?: string;
  default?: unknown;
  enum?: unknown[];
  properties?: Record<string, JsonSchema>;
  patternProperties?: Record<string, JsonSchema>;
  additionalProperties?: JsonSchema | boolean;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  required?: string[];
}

const definitions: Record<string, JsonSchema> = {
  notBuilt: { description: 'Known from LiteLLM and not built yet: has no effect.' },
  toProvider: { description: 'Default for requests that give none; goes to the provider.' },
};
const unbuilt: JsonSchema = { $ref: '#/$defs/notBuilt' };
const passed: JsonSchema = { $ref: '#/$defs/toProvider' };

/** Keys of the top level that may hold anchors for the rest of the file. */
export const anchorKey = /^(x-|_|\.)/;

const add = (target: JsonSchema | undefined, section: Section) => {
  if (!target) return;
  const properties = (target.properties ??= {});
  for (const key of notBuilt[section]) properties[key] ??= unbuilt;
  const form = notBuiltForms[section];
  if (form) target.patternProperties = { ...target.patternProperties, [form.source]: unbuilt };
};

/** What is built, and nothing else. */
export const builtJsonSchema = (): JsonSchema =>
  z.toJSONSchema(configSchema, {
    io: 'input',
    metadata: descriptions,
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      const { fallback, ...rest } = jsonSchema as JsonSchema;
      if (fallback === undefined) return;
      for (const key of Object.keys(jsonSchema)) delete (jsonSchema as JsonSchema)[key];
      Object.assign(jsonSchema, rest, { default: fallback });
    },
  }) as JsonSchema;

/** The schema of the file for editors (JSON Schema, draft 2020-12), with LiteLLM's unbuilt settings as they are known. */
export const configJsonSchema = (): JsonSchema => {
  const schema = builtJsonSchema();
  schema['title'] = 'Sluice configuration';
  schema['$defs'] = definitions;
  schema.patternProperties = { [anchorKey.source]: { description: 'Not read: a place for anchors.' } };
  add(schema, 'top');
  const section = (name: string) => schema.properties?.[name];
  const model = section('model_list')?.items;
  add(model, 'model');
  const provider = section('providers')?.additionalProperties;
  if (typeof provider === 'object') add(provider, 'provider');
  add(section('litellm_settings'), 'litellm_settings');
  add(section('router_settings'), 'router_settings');
  add(section('general_settings'), 'general_settings');
  add(section('router_settings')?.properties?.['retry_policy'], 'retry_policy');
  add(section('router_settings')?.properties?.['allowed_fails_policy'], 'allowed_fails_policy');
  add(model?.properties?.['model_info'], 'model_info');
  add(section('general_settings')?.properties?.['pass_through_endpoints']?.items, 'pass_through_endpoints');
  add(section('team_settings')?.items, 'team_settings');
  add(section('general_settings')?.properties?.['alerting_args'], 'alerting_args');
  for (const params of [
    model?.properties?.['litellm_params'],
    section('router_settings')?.properties?.['default_litellm_params'],
    section('credential_list')?.items?.properties?.['credential_values'],
    section('sluice_settings')?.properties?.['discovery']?.items?.properties?.['litellm_params'],
  ]) {
    add(params, 'litellm_params');
    for (const name of [...openaiParams, ...vendorParams]) if (params?.properties) params.properties[name] ??= passed;
  }
  return schema;
};

/** The keys that a mapping at a path may have. */
export const keysAt = (schema: JsonSchema, path: Path): string[] => {
  let found: (JsonSchema | undefined)[] = [schema];
  for (const step of path) {
    found = found.flatMap((each) => variants(each)).map((each) => child(each, step));
  }
  return found.flatMap((each) => variants(each)).flatMap((each) => Object.keys(each.properties ?? {}));
};

const variants = (schema: JsonSchema | undefined): JsonSchema[] => (schema ? [schema, ...(schema.anyOf ?? [])] : []);

const child = (schema: JsonSchema, step: string | number): JsonSchema | undefined => {
  if (typeof step === 'number') return schema.items;
  const more = schema.additionalProperties;
  return schema.properties?.[step] ?? (typeof more === 'object' ? more : undefined);
};

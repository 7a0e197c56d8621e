import { describe, expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { notBuilt, openaiParams, vendorParams } from './known-litellm.ts';
import { referencePage } from './reference-page.ts';
import { builtJsonSchema, configJsonSchema, keysAt, type JsonSchema } from './schema/json-schema.ts';
import { paramNames } from './schema/litellm-params.ts';

describe('JSON schema for editors', () => {
  const schema = configJsonSchema();
  test('knows what is built and what is not', () => {
    expect(keysAt(schema, [])).toContain('model_list');
    expect(keysAt(schema, ['model_list', 3, 'litellm_params'])).toEqual(
      expect.arrayContaining(['api_key', 'cooldown_time', 'top_k', 'stop']),
    );
    expect(keysAt(schema, ['router_settings', 'model_group_alias', 'any'])).toEqual(['model', 'hidden']);
    expect(keysAt(schema, ['router_settings', 'retry_policy'])).toContain('RateLimitErrorRetries');
    expect(keysAt(schema, ['nowhere', 'at', 'all'])).toEqual([]);
  });
  test('lets references stand for numbers and booleans', () => {
    const rpm = schema.properties!['model_list']!.items!.properties!['litellm_params']!.properties!['rpm']!;
    expect(rpm.type).toEqual(['number', 'string']);
    expect(new RegExp(String(rpm['pattern'])).test('os.environ/RPM')).toBe(true);
  });
});

describe('tables of names', () => {
  test('no name is both built and not built', () => {
    const schema = builtJsonSchema();
    for (const section of ['litellm_settings', 'router_settings', 'general_settings'] as const) {
      expect(keysAt(schema, [section]).filter((key) => notBuilt[section].includes(key))).toEqual([]);
    }
    expect(keysAt(schema, []).filter((key) => notBuilt.top.includes(key))).toEqual([]);
    expect([...paramNames, ...openaiParams, ...vendorParams].filter((key) => notBuilt.litellm_params.includes(key))).toEqual([]);
  });
});

describe('every field', () => {
  const walk = function* (schema: JsonSchema | undefined, path: string): Generator<[string, JsonSchema]> {
    if (!schema) return;
    if (path !== '') yield [path, schema];
    for (const [name, field] of Object.entries(schema.properties ?? {})) yield* walk(field, `${path}.${name}`);
    if (schema.items?.properties)
      for (const [name, field] of Object.entries(schema.items.properties)) yield* walk(field, `${path}[].${name}`);
  };
  const fields = [...walk(builtJsonSchema(), '')];
  test('says what it is, in a sentence', () => {
    expect(fields.length).toBeGreaterThan(80);
    expect(fields.filter(([, { description }]) => description === undefined || !description.endsWith('.')).map(([path]) => path)).toEqual(
      [],
    );
  });
  test('in milliseconds or bytes has a default and says its unit', () => {
    // What stands for nothing where it is absent.
    const own = fields.filter(
      ([path]) =>
        path.startsWith('.sluice_settings.') &&
        !/\.budgets(?:$|\.agents$|\.unsaid_output_tokens$|\.shadow$)|\.ask_for_stream_usage$|\.limits_without_redis$|\.spend(?:$|\.content_retention$)|\.alerts(?:$|\.emails$|\.webhook_secret$)|\.price_map(?:\.url|\.file)?$|\.discovery(?:$|\[)|\.secret_managers(?:$|\[)|\.routing(?:$|\.experiments|\.ladders|\.hedging(?:$|\.after)|\.queue$)/.test(
          path,
        ),
    );
    expect(own.filter(([, { default: fallback }]) => fallback === undefined).map(([path]) => path)).toEqual([]);
    expect(fields.filter(([path, { unit }]) => /_(ms|bytes|mb)$/.test(path) && unit === undefined).map(([path]) => path)).toEqual([]);
  });
});

test('docs/reference/config.md is up to date: npm run docs', () => {
  const page = readFileSync(new URL('../../../docs/reference/config.md', import.meta.url), 'utf8');
  expect(page).toBe(referencePage());
});

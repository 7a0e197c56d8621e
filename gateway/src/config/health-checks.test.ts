import { expect, test } from 'bun:test';
import { plainHealthChecks } from './router-defaults.ts';
import { load } from './testing.ts';

const model = 'model_list: [{ model_name: a, litellm_params: { model: openai/a } }]\n';

test('nothing said: as a start without a file', () => expect(load('{}').healthChecks).toEqual(plainHealthChecks));

test('every setting', () => {
  expect(
    load(`${model}general_settings:
  background_health_checks: true
  health_check_interval: 30
  health_check_details: false
  health_check_concurrency: 2
  enable_health_check_routing: true
  health_check_staleness_threshold: 45
  health_check_ignore_transient_errors: true
  health_check_skip_disabled_background_models: true
  background_health_check_model_groups: [a]
  model_list_healthy_only: true
`).healthChecks,
  ).toEqual({
    background: true,
    intervalMs: 30_000,
    details: false,
    concurrency: 2,
    routing: true,
    stalenessMs: 45_000,
    ignoreTransient: true,
    skipDisabled: true,
    models: ['a'],
    listHealthyOnly: true,
  });
});

test('a result counts for two rounds, and router_settings wins', () => {
  expect(load('general_settings: { health_check_interval: 30 }').healthChecks.stalenessMs).toBe(60_000);
  const both =
    'general_settings: { enable_health_check_routing: true, health_check_staleness_threshold: 1 }\nrouter_settings: { enable_health_check_routing: false, health_check_staleness_threshold: 2 }';
  expect(load(both).healthChecks).toMatchObject({ routing: false, stalenessMs: 2000 });
});

test('a name that there is none of', () => {
  expect(load(`${model}general_settings: { background_health_check_model_groups: [a, bb] }`).warnings).toMatchObject([
    { line: 2, column: 63, path: 'general_settings.background_health_check_model_groups[1]' },
  ]);
});

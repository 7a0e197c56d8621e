import { describe, expect, test } from 'bun:test';
import { load, loadOne, mistakes, withParams } from './testing.ts';

const entry = (params: string, rest = '') => `model_list: [{ model_name: m, litellm_params: { model: openai/a${params} }${rest} }]`;
const warningsOf = (text: string) => load(text).warnings.map(({ line, column, message }) => `${line}:${column}: ${message}`);

test('what the router does with a deployment', () => {
  const text = withParams(
    'model: openai/a',
    'max_parallel_requests: 3',
    'cooldown_time: 1.5',
    'region_name: eu',
    'tags: [free]',
    'tag_regex: ["^User-Agent: claude-code/", "(?i)curl"]',
    'max_budget: 10',
    'budget_duration: 1d',
    'silent_model: other',
    'order: 2',
    'weight: 5',
  );
  const deployment = loadOne(text);
  expect(deployment).toMatchObject({
    maxParallelRequests: 3,
    cooldownMs: 1500,
    region: 'eu',
    tags: ['free'],
    budget: { limitUsd: 10, periodMs: 86_400_000 },
    silentModel: 'other',
    order: 2,
    weight: 5,
  });
  expect(deployment.tagPatterns.map((pattern) => pattern.test('User-Agent: CURL/8'))).toEqual([false, true]);
  // None of them is a member of the requests that go to the provider.
  expect(deployment.defaults).toEqual({});
});

test('nothing said: nothing there', () => {
  const deployment = loadOne(entry(''));
  for (const key of ['maxParallelRequests', 'cooldownMs', 'region', 'budget', 'silentModel', 'healthCheck', 'schedule', 'autoRouter'])
    expect(deployment).not.toHaveProperty(key);
  expect([deployment.tagPatterns, deployment.accessGroups]).toEqual([[], []]);
});

test('the default of the router holds for those that do not say', () => {
  const { deployments } = load(`model_list:
  - { model_name: a, litellm_params: { model: openai/a } }
  - { model_name: b, litellm_params: { model: openai/b, cooldown_time: 1 } }
router_settings: { default_litellm_params: { cooldown_time: 9, region_name: us } }`);
  expect(deployments.map(({ cooldownMs, region }) => [cooldownMs, region])).toEqual([
    [9000, 'us'],
    [1000, 'us'],
  ]);
});

test('regions: what is said, else what the cloud is told', () => {
  const regionOf = (model: string, rest: string) =>
    loadOne(`model_list: [{ model_name: m, litellm_params: { model: ${model} }${rest} }]`).region;
  expect(regionOf('bedrock/x, aws_region_name: eu-west-1', '')).toBe('eu-west-1');
  expect(regionOf('vertex_ai/x, vertex_location: us-east5', '')).toBe('us-east5');
  expect(regionOf('azure/x', ', model_info: { region: eu }')).toBe('eu');
  expect(regionOf('azure/x, region_name: us', ', model_info: { region: eu }')).toBe('us');
});

test('a bad pattern is a mistake with its place', () => {
  expect(mistakes(withParams('model: openai/a', 'tag_regex: ["ok", "(bad"]'))).toEqual([
    'config.yaml:5:25: model_list[0].litellm_params.tag_regex[1]: is not a regular expression',
  ]);
});

test('half a budget is none, and said', () => {
  expect(loadOne(entry(', max_budget: 1'))).not.toHaveProperty('budget');
  expect(warningsOf(entry(', max_budget: 1'))).toEqual(['1:66: has no effect without `budget_duration`']);
  expect(warningsOf(entry(', budget_duration: 1d'))).toEqual(['1:66: has no effect without `max_budget`']);
  expect(mistakes(entry(', max_budget: 1, budget_duration: fortnightly'))).toEqual([
    'config.yaml:1:98: model_list[0].litellm_params.budget_duration: must be a duration such as 1h, 1d, 30d, 1mo, daily or monthly',
  ]);
});

describe('which deployments are served', () => {
  const served = (rest: string, env = {}) => load(entry('', rest), { env }).deployments.length;
  test('not the blocked ones', () => {
    expect([served(', blocked: true'), served(', model_info: { blocked: true }'), served(', blocked: false')]).toEqual([0, 0, 1]);
  });
  test('only those for this environment', () => {
    const rest = ', model_info: { supported_environments: [production, staging] }';
    expect(served(rest, { LITELLM_ENVIRONMENT: 'production' })).toBe(1);
    expect(served(rest, { LITELLM_ENVIRONMENT: 'development' })).toBe(0);
    expect(served(rest)).toBe(0);
    expect(warningsOf(entry('', rest))[0]).toBe('1:82: LITELLM_ENVIRONMENT is not set, so the model is not served');
    const version = (LITELLM_ENVIRONMENT: string) => load(entry('', rest), { env: { LITELLM_ENVIRONMENT } }).version;
    expect(version('a')).not.toBe(version('b'));
  });
});

test('model_info: groups and checks', () => {
  expect(
    loadOne(
      entry(
        '',
        ', model_info: { access_groups: [beta, team], health_check_model: openai/gpt-4o-mini, health_check_timeout: 5, health_check_max_tokens: 3, disable_background_health_check: true }',
      ),
    ),
  ).toMatchObject({
    accessGroups: ['beta', 'team'],
    healthCheck: { model: 'openai/gpt-4o-mini', timeoutMs: 5000, maxTokens: 3, disabled: true },
  });
});

describe('hours', () => {
  test('days, times and a zone', () => {
    expect(
      loadOne(entry('', ', sluice_params: { active: { days: [Saturday, mon], from: "8:30", to: "24:00", time_zone: Europe/Berlin } }'))
        .schedule,
    ).toEqual({ timeZone: 'Europe/Berlin', days: [1, 6], fromMinute: 510, toMinute: 1440 });
    expect(loadOne(entry('', ', sluice_params: { active: { from: "22:00", to: "06:00" } }')).schedule).toEqual({
      timeZone: 'UTC',
      fromMinute: 1320,
      toMinute: 360,
    });
  });
  test('mistakes', () => {
    expect(mistakes(entry('', ', sluice_params: { active: { days: [moon], from: 25:00, time_zone: Mars/Base } }'))).toEqual([
      'config.yaml:1:93: model_list[0].sluice_params.active.to: is missing',
      'config.yaml:1:102: model_list[0].sluice_params.active.days[0]: must be one of sun, mon, tue, wed, thu, fri, sat (did you mean mon?)',
      'config.yaml:1:115: model_list[0].sluice_params.active.from: must be a time of day such as 08:30',
      'config.yaml:1:133: model_list[0].sluice_params.active.time_zone: is no time zone of the IANA database',
    ]);
  });
});

test('access groups are nothing to tell of', () => {
  const { notes } = load(entry('', ', model_info: { access_groups: [beta] }'));
  expect(notes).toEqual([]);
});

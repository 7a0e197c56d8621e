import { describe, expect, test } from 'bun:test';
import { checkConfig, loadConfig } from './load.ts';
import { strategyChoices } from './schema/strategies.ts';
import { mistakes, withParams } from './testing.ts';

describe('every mistake, with line, column, path and the nearest known key', () => {
  test('all of a file at once, in the order of the text', () => {
    const text = `model_list:
  - model_name: gpt-4o
    litellm_params: { model: openai/gpt-4o, temperatur: 1, rpm: many }
    model_inf: {}
  - model_nam: x
    litellm_params:
      modle: y
      api_base: localhost:80
    model_info: { mode: chatt, wieght: 3 }
router_settings:
  routing_strategy: latency
  num_retrie: 3
  master_key: x
  retry_policy: { num_retries: 3, fallbacks: [a], RateLimitErrorRetries: 3, foo: 1 }
  model_group_alias: { a: b, c: { model: d, hiden: true } }
litellm_setting: {}
litellm_settings: { cache: true, drop_param: true }
`;
    const modes =
      'chat, completion, embedding, responses, image_generation, image_edit, audio_transcription, audio_speech, rerank, moderation, batch, realtime, ocr, search, video_generation, vector_store';
    const strategies = strategyChoices.join(', ');
    expect(mistakes(text)).toEqual([
      'config.yaml:3:45: model_list[0].litellm_params.temperatur: unknown key (did you mean temperature?)',
      'config.yaml:3:65: model_list[0].litellm_params.rpm: must be a number',
      'config.yaml:4:5: model_list[0].model_inf: unknown key (did you mean model_info?)',
      'config.yaml:5:5: model_list[1].model_name: is missing',
      'config.yaml:5:5: model_list[1].model_nam: unknown key (did you mean model_name?)',
      'config.yaml:7:7: model_list[1].litellm_params.modle: unknown key (did you mean model?)',
      'config.yaml:7:7: model_list[1].litellm_params.model: is missing',
      'config.yaml:8:17: model_list[1].litellm_params.api_base: must be an address that begins with http:// or https://',
      `config.yaml:9:25: model_list[1].model_info.mode: must be one of ${modes} (did you mean chat?)`,
      'config.yaml:9:32: model_list[1].model_info.wieght: unknown key (did you mean weight?)',
      `config.yaml:11:21: router_settings.routing_strategy: must be one of ${strategies} (did you mean latency-based-routing?)`,
      'config.yaml:12:3: router_settings.num_retrie: unknown key (did you mean num_retries?)',
      'config.yaml:13:3: router_settings.master_key: unknown key (did you mean general_settings.master_key?)',
      'config.yaml:14:77: router_settings.retry_policy.foo: unknown key',
      'config.yaml:15:45: router_settings.model_group_alias.c.hiden: unknown key (did you mean hidden?)',
      'config.yaml:16:1: litellm_setting: unknown key (did you mean litellm_settings?)',
      'config.yaml:17:34: litellm_settings.drop_param: unknown key (did you mean drop_params?)',
    ]);
  });

  test('as data', () => {
    expect(checkConfig('router_settings:\n  num_retris: 3\n', { file: 'a.yaml', env: {} })).toEqual([
      { file: 'a.yaml', line: 2, column: 3, path: 'router_settings.num_retris', message: 'unknown key', suggestion: 'num_retries' },
    ]);
  });

  test.each([
    [
      'a key of another spelling',
      'sluice_settings: { connectTimeoutMs: 1 }',
      'sluice_settings.connectTimeoutMs: unknown key (did you mean connect_timeout_ms?)',
    ],
    [
      'a key of the wrong section',
      'general_settings: { num_retries: 3 }',
      'general_settings.num_retries: unknown key (did you mean litellm_settings.num_retries?)',
    ],
    [
      'a parameter beside litellm_params',
      'model_list: [{ model_name: a, api_key: b, litellm_params: { model: c } }]',
      'model_list[0].api_key: unknown key (did you mean litellm_params.api_key?)',
    ],
    ['a wrong kind', 'litellm_settings: { drop_params: maybe }', 'litellm_settings.drop_params: must be true or false'],
    ['a list for a mapping', 'router_settings: []', 'router_settings: must be a mapping'],
    ['a text for a list', 'model_list: gpt-4o', 'model_list: must be a list'],
    ['a fraction', 'router_settings: { num_retries: 1.5 }', 'router_settings.num_retries: must be a whole number'],
    ['a negative number', 'router_settings: { timeout: -1 }', 'router_settings.timeout: must be at least 0'],
    ['an empty name', 'model_list: [{ model_name: "", litellm_params: { model: c } }]', 'model_list[0].model_name: must not be empty'],
    ['a key without value', 'model_list:\n  - model_name:\n    litellm_params: { model: c }', 'model_list[0].model_name: is missing'],
    [
      'a credential that is not there',
      `credential_list: [{ credential_name: azure-prod }]\n${withParams('model: c', 'litellm_credential_name: azure-prd')}`,
      'model_list[0].litellm_params.litellm_credential_name: is not in `credential_list` (did you mean azure-prod?)',
    ],
    [
      'an unbuilt parameter, misspelt',
      withParams('model: c', 'cooldwon_time: 3'),
      'model_list[0].litellm_params.cooldwon_time: unknown key (did you mean cooldown_time?)',
    ],
  ])('%s', (_, text, expected) => {
    expect(mistakes(text).map((line) => line.replace(/^config\.yaml:\d+:\d+: /, ''))).toEqual([expected]);
  });

  test('a mistake that came in by an alias stands where it is written', () => {
    const text = `x-shared: &shared
  model: openai/gpt-4o
  tempreature: 1
model_list:
  - model_name: a
    litellm_params:
      <<: *shared
`;
    expect(mistakes(text)).toEqual(['config.yaml:3:3: model_list[0].litellm_params.tempreature: unknown key (did you mean temperature?)']);
  });
});

describe('mistakes of the YAML itself', () => {
  test.each([
    ['model_list:\n\t- a: b\n', 2, 'a tab as indentation'],
    ['a: "b\n', 2, 'something is missing here'],
    ['model_list: []\nmodel_list: []\n', 2, 'this key is given twice'],
    ['a: b\n---\nc: d\n', 2, 'more than one document'],
    ['a: *nowhere\n', 1, 'an alias'],
    ['- a\n- b\n', 1, 'must be a mapping of sections'],
    ['just text', 1, 'must be a mapping of sections'],
    ['a: b: c\n', 1, 'a mapping inside this line'],
    ['a:\n  - b: 1\n   c: 2\n', 3, 'wrong indentation'],
    ['a: [1, 2\nb: 3\n', 2, 'a `]` or `}` is missing above'],
  ])('%j', (text, line, start) => {
    const found = checkConfig(text, { file: 'f', env: {} });
    expect(found.length).toBeGreaterThan(0);
    expect(found[0]!.line).toBe(line);
    expect(found[0]!.message).toStartWith(start);
  });

  test('a bomb of aliases is refused', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let at = 1; at < 12; at++) lines.push(`a${at}: &a${at} [${Array.from({ length: 10 }, () => `*a${at - 1}`).join(', ')}]`);
    const loaded = loadConfig(lines.join('\n'), { file: 'f', env: {} });
    expect(loaded.ok).toBe(false);
  });
});

test('names of the clouds that are nearly right are mistakes, those that LiteLLM has beside ours are not', () => {
  const of = (params: string) => mistakes(`model_list: [{ model_name: m, litellm_params: { model: bedrock/x, ${params} } }]`);
  expect(of('aws_acess_key_id: a')).toEqual([expect.stringContaining('aws_acess_key_id: unknown key (did you mean aws_access_key_id?)')]);
  expect(of('aws_region: us-east-1')).toEqual([expect.stringContaining('did you mean aws_region_name?')]);
  expect(of('vertex_projet: p')).toEqual([expect.stringContaining('did you mean vertex_project?')]);
  expect(of('aws_bedrock_project_id: p, aws_batch_role_arn: r, vertex_ai_safety_settings: []')).toEqual([]);
});

test('what Bedrock and Cohere take of their own is known, and a default of the requests', () => {
  const params =
    'guardrailConfig: { guardrailIdentifier: g }, performanceConfig: { latency: optimized }, requestMetadata: { a: b }, serviceTier: { type: flex }, safety_mode: NONE';
  const loaded = loadConfig(`model_list: [{ model_name: m, litellm_params: { model: bedrock/x, ${params} } }]`, { file: 'f', env: {} });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded));
  expect(loaded.snapshot.notes).toEqual([]);
  expect(Object.keys(loaded.snapshot.deployments[0]!.defaults ?? {})).toEqual([
    'guardrailConfig',
    'performanceConfig',
    'requestMetadata',
    'serviceTier',
    'safety_mode',
  ]);
});

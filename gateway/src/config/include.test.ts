import { describe, expect, test } from 'bun:test';
import type { ReadInclude } from './read-files.ts';
import { load, mistakes } from './testing.ts';

const from =
  (files: Record<string, string>): ReadInclude =>
  (name) => {
    const text = files[name];
    if (text === undefined) throw Object.assign(new Error('no such file: canary'), { code: 'ENOENT' });
    return { file: name, text };
  };

const main = `include: [models.yaml, more.yaml]
model_list: [{ model_name: a, litellm_params: { model: openai/a } }]
router_settings: { num_retries: 1, model_group_alias: { x: a } }
environment_variables: { K: main, L: main }
`;

describe('include', () => {
  test('lists are appended, settings joined, the included one wins and is warned of', () => {
    const snapshot = load(main, {
      readInclude: from({
        'models.yaml':
          'model_list: [{ model_name: b, litellm_params: { model: openai/b, api_key: os.environ/K } }]\nenvironment_variables: { K: included }',
        'more.yaml': 'router_settings: { num_retries: 7, timeout: 3, model_group_alias: { y: b } }',
      }),
    });
    expect(snapshot.deployments.map(({ modelName }) => modelName)).toEqual(['a', 'b']);
    expect(snapshot.deployments[1]!.apiKey?.reveal()).toBe('included');
    expect(snapshot.router).toMatchObject({ maxRetries: 7, timeoutMs: 3000 });
    expect(Object.keys(snapshot.aliases)).toEqual(['x', 'y']);
    expect(snapshot.environment['K']?.reveal()).toBe('included');
    expect(snapshot.environment['L']?.reveal()).toBe('main');
    expect(snapshot.warnings.map(({ file, key }) => [file, key])).toEqual([['more.yaml', 'router_settings.num_retries']]);
  });

  test('mistakes of all files, each with its own name', () => {
    expect(mistakes(main, { readInclude: from({ 'models.yaml': 'model_lst: []', 'more.yaml': 'x: 1\nx: 2' }) })).toEqual([
      'models.yaml:1:1: model_lst: unknown key (did you mean model_list?)',
      'more.yaml:2:1: this key is given twice; the first one would be lost',
    ]);
  });

  test('one that cannot be read, includes itself, or is no file at all', () => {
    expect(mistakes('include: [gone.yaml]', { readInclude: from({}) })).toEqual(['config.yaml:1:11: include[0]: cannot be read (ENOENT)']);
    expect(mistakes('include: [a.yaml]', { readInclude: from({ 'a.yaml': 'include: [a.yaml]' }) })).toEqual([
      'a.yaml:1:11: include[0]: is included already',
    ]);
    expect(mistakes('include: [a.yaml]')).toEqual(['config.yaml:1:11: include[0]: cannot be read here: the configuration is not a file']);
  });

  test('a credential of another file', () => {
    const text = 'include: [c.yaml]\nmodel_list: [{ model_name: a, litellm_params: { model: openai/a, litellm_credential_name: c } }]';
    const files = { 'c.yaml': 'credential_list: [{ credential_name: c, credential_values: { api_key: k } }]' };
    expect(load(text, { readInclude: from(files) }).deployments[0]!.apiKey?.reveal()).toBe('k');
  });
});

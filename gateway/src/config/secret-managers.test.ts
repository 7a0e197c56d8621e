import { describe, expect, test } from 'bun:test';
import { Secret } from 'sluice/kit';
import { meaningless, secretManagerEntry, secretManagerTypes } from './schema/secrets.ts';
import { mayHold, wantedSecrets } from './secret-managers.ts';
import { parseSource } from './source.ts';
import { load, mistakes } from './testing.ts';

const wanted = (text: string, env: Record<string, string> = {}) => wantedSecrets([parseSource(text, 'c.yaml')], env);

describe('what is asked of secret managers', () => {
  test('no manager, no questions', () => {
    expect(wanted('model_list: [{ model_name: a, litellm_params: { model: openai/x, api_key: os.environ/A } }]')).toBeUndefined();
    expect(wanted('')).toBeUndefined();
  });

  test('names that the environment and the file itself lack, at any depth, each once', () => {
    const found = wanted(
      `
general_settings:
  master_key: os.environ/MASTER
  key_management_system: hashicorp_vault
  key_management_settings: { token: os.environ/VAULT_TOKEN_OF_MINE }
environment_variables: { OWN: x, FROM: os.environ/ELSEWHERE, EMPTY: "" }
model_list:
  - { model_name: a, litellm_params: { model: openai/x, api_key: os.environ/A, extra_headers: { x: os.environ/OWN } } }
  - { model_name: b, litellm_params: { model: openai/x, api_key: os.environ/A, api_base: os.environ/SET, organization: os.environ/EMPTY } }
`,
      { SET: 'https://x', VAULT_TOKEN_OF_MINE: 't' },
    )!;
    expect(found.names.toSorted()).toEqual(['A', 'ELSEWHERE', 'EMPTY', 'MASTER']);
    expect(found.managers[0]!.entry.token!.reveal()).toBe('t');
  });

  test('a manager is not asked for what signs in to it', () => {
    const found = wanted('sluice_settings: { secret_managers: [{ type: cyberark, api_key: os.environ/CONJUR_KEY }] }')!;
    expect(found.names).toEqual([]);
    expect(found.managers[0]!.entry.api_key).toBeUndefined();
  });

  test.each([
    ['general_settings: { key_management_system: google_secret_manager }', ['google_secret_manager']],
    ['general_settings: { use_azure_key_vault: true }', ['azure_key_vault']],
    ['general_settings: { use_google_kms: "yes" }', ['google_kms']],
    ['general_settings: { use_google_kms: false }', undefined],
    ['sluice_settings: { secret_managers: [{ type: local }, { type: aws_kms }] }', ['local', 'aws_kms']],
    [
      'general_settings: { key_management_system: local }\nsluice_settings: { secret_managers: [{ type: cyberark }] }',
      ['local', 'cyberark'],
    ],
    ['general_settings: { key_management_system: custom }', []],
  ])('%s', (text, types) => {
    expect(wanted(text)?.managers.map(({ type }) => type)).toEqual(types as never);
  });

  test('files that are included: the last one that says something holds', () => {
    const sources = [
      'general_settings: { key_management_system: local, key_management_settings: { directory: /a, hosted_keys: [A] } }',
      'general_settings: { key_management_settings: { directory: /b } }',
    ].map((text, at) => parseSource(text, `${at}.yaml`));
    const [manager] = wantedSecrets(sources, {})!.managers;
    expect(manager!.entry).toMatchObject({ directory: '/b', hosted_keys: ['A'] });
  });

  test('other settings have another fingerprint, and a secret is no part of what is seen of it', () => {
    const of = (token: string) =>
      wanted(`general_settings: { key_management_system: hashicorp_vault, key_management_settings: { token: ${token} } }`)!.managers[0]!;
    expect(of('canary-1').fingerprint).not.toBe(of('canary-2').fingerprint);
    expect(of('canary-1').fingerprint).toBe(of('canary-1').fingerprint);
    expect(Bun.inspect(of('canary-1'))).not.toContain('canary');
  });

  test('who may hold a name', () => {
    const of = (text: string) => mayHold(wanted(`sluice_settings: { secret_managers: [${text}] }`)!.managers, 'A');
    expect(of('{ type: local }')).toBe(true);
    expect(of('{ type: local, hosted_keys: [B] }')).toBe(false);
    expect(of('{ type: aws_kms, hosted_keys: [A] }')).toBe(true);
    expect(of('{ type: aws_kms }')).toBe(false);
    expect(of('{ type: local, access_mode: write_only }')).toBe(false);
  });
});

describe('mistakes', () => {
  test.each([
    ['general_settings: { key_management_system: hashicorp_vualt }', 'must be one of hashicorp_vault, aws_secret_manager'],
    ['general_settings: { key_management_settings: { hosted_keys: [A] } }', 'needs `key_management_system`'],
    [
      'general_settings: { key_management_system: local, key_management_settings: { token: t } }',
      'key_management_settings.token: has no meaning for local',
    ],
    [
      'sluice_settings: { secret_managers: [{ type: aws_kms, project_id: p }] }',
      'secret_managers[0].project_id: has no meaning for aws_kms',
    ],
    ['sluice_settings: { secret_managers: [{ hosted_keys: [A] }] }', 'secret_managers[0].type'],
    ['sluice_settings: { secret_managers: [{ type: local, hosted_kys: [A] }] }', 'did you mean hosted_keys?'],
    [
      'sluice_settings: { secret_managers: [{ type: local, access_mode: write_only, store_virtual_keys: true }] }',
      'nothing is written to local',
    ],
    ['sluice_settings: { secret_managers: [{ type: hashicorp_vault, kv_version: 3 }] }', 'must be at most 2'],
    ['sluice_settings: { secret_managers: [{ type: hashicorp_vault, address: vault.test }] }', 'must be an address'],
    ['sluice_settings: { secret_managers: [{ type: hashicorp_vault, refresh_interval_ms: 10 }] }', 'must be at least 1000'],
  ])('%s', (text, words) => {
    expect(mistakes(text).join('\n')).toContain(words);
  });

  test('keys that would be written nowhere are warned of', () => {
    const { warnings } = load(
      'general_settings: { key_management_system: hashicorp_vault, key_management_settings: { store_virtual_keys: true } }',
    );
    expect(warnings.map(({ key, message }) => `${key} ${message}`)).toContain(
      'store_virtual_keys has no effect without `access_mode: write_only` or `read_and_write`',
    );
  });
});

describe('a configuration with secrets', () => {
  const text = `
environment_variables: { OWN: from the file, AGAIN: os.environ/HELD }
model_list: [{ model_name: a, litellm_params: { model: openai/x, api_key: os.environ/HELD, organization: os.environ/OWN } }]
`;
  const held = (value: string) => ({ HELD: new Secret(value), OPENAI_API_KEY: new Secret('implied'), OWN: new Secret('from a manager') });

  test('they are variables: the file wins over them, and they over the process', () => {
    const { deployments, environment, unsetVariables } = load(text, { secrets: held('h-1'), env: { HELD: 'of the process' } });
    expect(deployments[0]!.apiKey!.reveal()).toBe('h-1');
    expect(environment['AGAIN']!.reveal()).toBe('h-1');
    expect(environment['OPENAI_API_KEY']!.reveal()).toBe('implied');
    expect(environment['OWN']!.reveal()).toBe('from the file');
    expect(unsetVariables).toEqual([]);
  });

  test('another value is another version', () => {
    const version = (value: string) => load(text, { secrets: held(value) }).version;
    expect(version('h-1')).toBe(version('h-1'));
    expect(version('h-1')).not.toBe(version('h-2'));
  });

  test('nothing that is printed holds one (FP-26)', () => {
    const snapshot = load(text, { secrets: held('canary-1') });
    expect(`${JSON.stringify(snapshot)} ${Bun.inspect(snapshot, { depth: 20 })}`).not.toContain('canary');
  });
});

test('every setting belongs to a manager, or to all of them', () => {
  const common =
    'access_mode hosted_keys max_stale_ms prefix_for_stored_virtual_keys primary_secret_name refresh_interval_ms store_virtual_keys tags timeout_ms';
  const all = Object.keys(secretManagerEntry().shape);
  const given = Object.fromEntries(all.map((name) => [name, 'x']));
  const taken = new Set(secretManagerTypes.flatMap((type) => all.filter((name) => !meaningless(type, given).includes(name))));
  expect(all.filter((name) => !taken.has(name))).toEqual([]);
  const ofAll = all.filter((name) => secretManagerTypes.every((type) => !meaningless(type, given).includes(name)));
  expect(ofAll.toSorted().join(' ')).toBe(common);
});

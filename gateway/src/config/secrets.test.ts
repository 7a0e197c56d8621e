import { describe, expect, test } from 'bun:test';
import { Secret } from 'sluice/kit';
import { formatProblem } from './problem.ts';
import { loadConfig } from './load.ts';
import { reveal } from './reveal.ts';
import { load, loadOne, withParams } from './testing.ts';

const canary = (name: string) => `canary-${name}-4f9a`;
const env = Object.fromEntries(['KEY', 'HEADER', 'BODY', 'PARAM', 'VARIABLE'].map((name) => [name, canary(name)]));

const text = `general_settings: { master_key: ${canary('master')}, database_url: "postgresql://u:${canary('db')}@h/d" }
environment_variables: { OPENAI_API_KEY: ${canary('file')}, OTHER: os.environ/VARIABLE }
credential_list: [{ credential_name: c, credential_values: { api_key: ${canary('credential')} } }]
model_list:
  - model_name: a
    litellm_params:
      model: azure/a
      api_key: os.environ/KEY
      client_secret: ${canary('client')}
      azure_ad_token: ${canary('token')}
      extra_headers: { Authorization: "Bearer ${canary('auth')}", x-plain: os.environ/HEADER, X-Api-Key: ${canary('xkey')} }
      extra_body: { nested: { value: os.environ/BODY, api_key: ${canary('bodykey')} } }
      user: os.environ/PARAM
      aws_secret_access_key: ${canary('aws')}
      vendor_token: ${canary('vendor')}
    model_info: { api_key: ${canary('info')} }
  - model_name: b
    litellm_params: { model: openai/b, litellm_credential_name: c }
`;

describe('no secret is seen (FP-26)', () => {
  test('a snapshot prints none, in no way of printing', () => {
    const snapshot = load(text, { env });
    for (const printed of [JSON.stringify(snapshot), Bun.inspect(snapshot, { depth: 20 }), String(snapshot.access.masterKey)]) {
      expect(printed).not.toContain('canary');
    }
  });

  test('and still has them where they go onto the wire', () => {
    const [a, b] = load(text, { env }).deployments;
    expect(a!.apiKey!.reveal()).toBe(canary('KEY'));
    expect(reveal(a!.headers)).toEqual({
      authorization: `Bearer ${canary('auth')}`,
      'x-plain': canary('HEADER'),
      'x-api-key': canary('xkey'),
    });
    expect(reveal(a!.extraBody)).toEqual({ nested: { value: canary('BODY'), api_key: canary('bodykey') } });
    expect(reveal(a!.defaults)).toEqual({ user: canary('PARAM') });
    expect(b!.apiKey!.reveal()).toBe(canary('credential'));
  });

  // Whatever is done to the file: cut anywhere, a letter changed anywhere, its problems never quote a value.
  test('no mistake quotes a value', () => {
    for (let at = 0; at < text.length; at += 13) {
      for (const broken of [
        text.slice(0, at),
        `${text.slice(0, at)}"${text.slice(at)}`,
        `${text.slice(0, at)}[${text.slice(at + 1)}`,
        `${text.slice(0, at)}: ${text.slice(at)}`,
      ]) {
        const loaded = loadConfig(broken, { file: 'f', env, providers: [] });
        if (loaded.ok) continue;
        // A value may have become a key, and keys are named.
        const messages = loaded.problems.map((problem) => formatProblem({ ...problem, path: '' }));
        expect(messages.join('\n')).not.toContain('canary');
      }
    }
  });

  test('a wrong kind of a secret', () => {
    const loaded = loadConfig(withParams('model: a', 'api_key: [canary-list]', 'client_secret: { a: canary-map }'), { file: 'f', env: {} });
    expect(JSON.stringify(loaded)).not.toContain('canary');
    expect(loaded.ok).toBe(false);
  });
});

describe('reveal', () => {
  test('leaves plain values alone', () => {
    expect(reveal({ a: 1, b: [new Secret('x'), null, { c: 'd' }], e: undefined })).toEqual({
      a: 1,
      b: ['x', null, { c: 'd' }],
      e: undefined,
    });
  });
  test('a text from the environment is hidden wherever it is', () => {
    const { defaults } = loadOne(withParams('model: openai/a', 'stop: [os.environ/X, plain]'), { env: { X: 'hidden' } });
    expect(JSON.stringify(defaults)).toBe('{"stop":["[secret]","plain"]}');
  });
});

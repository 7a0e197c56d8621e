import { describe, expect, test } from 'bun:test';
import { Secret } from 'sluice/kit';
import { createSealer, saltKeyOf } from '../../storage/sealed/index.ts';
import { openMembers } from './open-members.ts';
import { maskMembers, sealMembers } from './secret-members.ts';

const sealer = createSealer({ keys: [saltKeyOf(new Secret('salt'))] });
const params = {
  model: 'openai/gpt',
  api_key: 'sk-secret',
  aws_secret_access_key: 'aws-secret',
  vertex_credentials: { type: 'service_account', private_key: 'pem' },
  api_base: 'https://user:pass@host.test/v1',
  extra_headers: { Authorization: 'Bearer x', 'x-team': 'a' },
  extra_body: { nested: [{ clientSecret: 'deep' }] },
  max_tokens: 5,
  input_cost_per_token: 0.001,
  organization: ['a', 'b'],
};

describe('sealMembers', () => {
  test('seals what is secret, by the schema, by its name, at any depth; nothing else', () => {
    const sealed = sealMembers(params, 'model/1', sealer);
    const text = JSON.stringify(sealed);
    for (const secret of ['sk-secret', 'aws-secret', 'pem', 'pass@', 'Bearer', 'deep']) expect(text).not.toContain(secret);
    expect(sealed).toMatchObject({ model: 'openai/gpt', extra_headers: { 'x-team': 'a' }, max_tokens: 5, organization: ['a', 'b'] });
    expect(openMembers(sealed, 'model/1', sealer)).toEqual({ value: params });
  });

  test('a reference is no secret, and an empty text none', () => {
    const given = { api_key: 'os.environ/KEY', client_secret: '' };
    expect(sealMembers(given, 'p', sealer)).toEqual(given);
  });

  test('what only looks sealed is sealed: it opens to itself', () => {
    const given = { model: sealer.seal('x', 'elsewhere') };
    const sealed = sealMembers(given, 'p', sealer);
    expect(sealed).not.toEqual(given);
    expect(openMembers(sealed, 'p', sealer)).toEqual({ value: given });
  });
});

test('moved to another row or member it does not open', () => {
  const { api_key: key } = sealMembers({ api_key: 'sk' }, 'model/1', sealer);
  expect(openMembers({ api_key: key }, 'model/2', sealer).why).toBeString();
  expect(openMembers({ token: key }, 'model/1', sealer).why).toBeString();
});

test('with another salt key it says why, and keeps the rest', () => {
  const other = createSealer({ keys: [saltKeyOf(new Secret('another'))] });
  const opened = openMembers(sealMembers({ api_key: 'sk', model: 'm' }, 'p', sealer), 'p', other);
  expect(opened.why).toContain('salt key');
  expect(opened.value.model).toBe('m');
});

test('is shown as ****', () => {
  expect(maskMembers(sealMembers(params, 'p', sealer))).toMatchObject({
    model: 'openai/gpt',
    api_key: '****',
    extra_headers: { Authorization: '****', 'x-team': 'a' },
    extra_body: { nested: [{ clientSecret: '****' }] },
  });
});

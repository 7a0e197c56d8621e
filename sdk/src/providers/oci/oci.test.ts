import { describe, expect, test } from 'bun:test';
import { generateKeyPairSync } from 'node:crypto';
import type { Env } from '../../lib/env.ts';
import type { SluiceError } from '../../types/index.ts';
import { credentialHeaders } from '../credentials.ts';
import { createProviders } from '../registry.ts';
import { targetOf, type TargetOptions } from '../target.ts';
import { upstreamUrl } from '../url.ts';
import { createOci } from './index.ts';

const pem = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const who = { oci_tenancy: 'ocid1.tenancy', oci_user: 'ocid1.user', oci_fingerprint: '20:3b' };
const request = {
  method: 'POST',
  url: 'https://inference.test/20231130/actions/chat',
  body: '{}',
  headers: { 'content-type': 'application/json' },
};

const made = (files: Record<string, string> = {}) => {
  let reads = 0;
  const provider = createOci({
    now: () => Date.parse('2026-11-22T10:20:30Z'),
    readText: async (path) => {
      reads++;
      const text = files[path];
      if (text === undefined) throw new Error(`no ${path}`);
      return text;
    },
  });
  const target = (given: Partial<TargetOptions> = {}, env: Env = {}) =>
    targetOf({ model: 'oci/meta.llama-3.3-70b-instruct', ...given }, { providers: createProviders([provider]), env });
  return { provider, target, reads: () => reads };
};

describe('credentials', () => {
  test.each([
    ['a key', { options: { ...who, oci_key: pem } }, {}],
    ['a file', { options: { ...who, oci_key_file: '/k.pem' } }, {}],
    ['variables', {}, { OCI_USER: 'ocid1.user', OCI_TENANCY: 'ocid1.tenancy', OCI_FINGERPRINT: '20:3b', OCI_KEY_FILE: '/k.pem' }],
    ['a key of the environment', { options: who }, { OCI_KEY: pem }],
  ] as [string, Partial<TargetOptions>, Env][])('%s signs', async (_name, given, env) => {
    const headers = await credentialHeaders(made({ '/k.pem': pem }).target(given, env), request);
    expect(headers['authorization']).toStartWith('Signature version="1",keyId="ocid1.tenancy/ocid1.user/20:3b",algorithm="rsa-sha256"');
    expect(headers['x-date']).toBe('Sun, 22 Nov 2026 10:20:30 GMT');
    expect(JSON.stringify(headers)).not.toContain('PRIVATE KEY');
  });

  test('a file is read once, and again after a failure', async () => {
    const files: Record<string, string> = {};
    const { target, reads } = made(files);
    const one = target({ options: { ...who, oci_key_file: '/k.pem' } });
    const failed = await Promise.resolve(credentialHeaders(one, request)).catch((cause: unknown) => cause);
    expect(failed).toMatchObject({ code: 'authentication', detail: 'no /k.pem' });
    files['/k.pem'] = pem;
    await credentialHeaders(one, request);
    await credentialHeaders(one, request);
    expect(reads()).toBe(2);
  });

  test.each([
    ['nothing', {}, 'oci_tenancy, oci_user, oci_fingerprint, oci_key_file'],
    ['a key that is none', { options: { ...who, oci_key: 'CANARY' } }, 'not a private key'],
    ['a fingerprint that is none', { options: { ...who, oci_fingerprint: 'a"b', oci_key: pem } }, 'characters'],
  ] as [string, Partial<TargetOptions>, string][])('%s: what is wrong is said', async (_name, given, words) => {
    const error = await Promise.resolve(credentialHeaders(made().target(given), request)).catch((cause: unknown) => cause);
    expect((error as SluiceError).message).toContain(words);
    expect(String(error)).not.toContain('CANARY');
  });
});

describe('addresses and bodies', () => {
  const dialectOf = (model: string, options: Record<string, unknown>) =>
    createOci().speaks.chat!.dialect!({ model, stream: false, headers: {}, body: {}, options }).members;

  test('a region, or an address', () => {
    const { target, provider } = made();
    const url = (given: Partial<TargetOptions>, env: Env = {}) => upstreamUrl(target(given, env), provider.speaks.chat!, true);
    expect(url({})).toBe('https://inference.generativeai.us-ashburn-1.oci.oraclecloud.com/20231130/actions/chat');
    expect(url({}, { OCI_REGION: 'eu-frankfurt-1' })).toContain('.eu-frankfurt-1.oci.');
    expect(url({ baseUrl: 'https://gw.test/20231130/actions/chat' })).toBe('https://gw.test/20231130/actions/chat');
    expect(() => url({ options: { oci_region: 'evil.test/x' } })).toThrow('no region');
  });

  test('a compartment, and how the model is served', () => {
    const compartmentId = 'ocid1.compartment';
    const of = (model: string, more = {}) => dialectOf(model, { oci_compartment_id: compartmentId, ...more });
    expect(of('xai.grok-4')).toEqual({ compartmentId, servingMode: { servingType: 'ON_DEMAND', modelId: 'xai.grok-4' } });
    expect(of('m', { oci_serving_mode: 'DEDICATED', oci_endpoint_id: 'e-1' })).toEqual({
      compartmentId,
      servingMode: { servingType: 'DEDICATED', endpointId: 'e-1' },
    });
    expect(of('ocid1.generativeaiendpoint.oc1.x')['servingMode']).toEqual({
      servingType: 'DEDICATED',
      endpointId: 'ocid1.generativeaiendpoint.oc1.x',
    });
    expect(() => of('m', { oci_serving_mode: 'SOMEHOW' })).toThrow('ON_DEMAND');
    expect(() => dialectOf('m', {})).toThrow('OCI_COMPARTMENT_ID');
  });

  test("Cohere's models have their own format", () => {
    const { target } = made();
    expect(target({ model: 'oci/cohere.command-r-plus' }).provider.speaks.chat!.protocol).toBe('oci-cohere');
    expect(
      target({ model: 'oci/ocid1.generativeaiendpoint.x', baseModel: 'cohere.command-a-03-2025' }).provider.speaks.chat!.protocol,
    ).toBe('oci-cohere');
    expect(target().provider.speaks.chat!.protocol).toBe('oci-generic');
  });
});

import { describe, expect, test } from 'bun:test';
import type { Endpoint, Target } from '../../types/index.ts';
import { fakeWorld } from '../aws/fixtures/world.ts';
import { credentialHeaders } from '../credentials.ts';
import { createProviders } from '../registry.ts';
import { targetOf, type TargetOptions } from '../target.ts';
import { createSagemaker } from './index.ts';

const providers = createProviders(createSagemaker(fakeWorld({})));
const target = (given: string | TargetOptions, env: Record<string, string> = { AWS_REGION: 'us-east-1' }): Target =>
  targetOf(typeof given === 'string' ? { model: given } : given, { providers, env });
const url = (at: Target, stream = false, endpoint: Endpoint = 'chat') => at.provider.url!(at, at.provider.speaks[endpoint]!, stream);
const host = 'https://runtime.sagemaker.us-east-1.amazonaws.com';
const keys = { aws_access_key_id: 'AKIDEXAMPLE', aws_secret_access_key: 'secret' };

describe('addresses', () => {
  test.each(['sagemaker', 'sagemaker_chat', 'sagemaker_nova'])('%s', (id) => {
    expect(url(target(`${id}/my-endpoint`))).toBe(`${host}/endpoints/my-endpoint/invocations`);
    expect(url(target(`${id}/my-endpoint`), true)).toBe(`${host}/endpoints/my-endpoint/invocations-response-stream`);
  });

  test.each<[string, TargetOptions, Record<string, string>, string]>([
    [
      'a region in the name',
      { model: 'sagemaker/eu-west-1/e' },
      {},
      'https://runtime.sagemaker.eu-west-1.amazonaws.com/endpoints/e/invocations',
    ],
    [
      'an ARN',
      { model: 'sagemaker/arn:aws:sagemaker:eu-west-3:123456789012:endpoint/e' },
      {},
      'https://runtime.sagemaker.eu-west-3.amazonaws.com/endpoints/e/invocations',
    ],
    [
      'China',
      { model: 'sagemaker/e' },
      { AWS_REGION: 'cn-north-1' },
      'https://runtime.sagemaker.cn-north-1.amazonaws.com.cn/endpoints/e/invocations',
    ],
    [
      'FIPS',
      { model: 'sagemaker/e' },
      { AWS_REGION: 'us-east-1', AWS_USE_FIPS_ENDPOINT: 'true' },
      'https://runtime-fips.sagemaker.us-east-1.amazonaws.com/endpoints/e/invocations',
    ],
    [
      'a base',
      { model: 'sagemaker/e', options: { sagemaker_base_url: 'https://proxy.test/aws' } },
      { AWS_REGION: 'us-east-1' },
      'https://proxy.test/aws/endpoints/e/invocations',
    ],
    [
      'a whole URL',
      { model: 'sagemaker/e', options: { sagemaker_base_url: 'https://proxy.test/endpoints/other/invocations-response-stream' } },
      { AWS_REGION: 'us-east-1' },
      'https://proxy.test/endpoints/e/invocations',
    ],
  ])('%s', (_, given, env, wanted) => expect(url(target(given, env))).toBe(wanted));

  test('a name cannot leave its place', () => expect(url(target('sagemaker_chat/a?b'))).toBe(`${host}/endpoints/a%3Fb/invocations`));

  test('embeddings have the same path', () =>
    expect(url(target('sagemaker/e'), false, 'embeddings')).toBe(`${host}/endpoints/e/invocations`));

  test('no region is said', () => expect(() => url(target('sagemaker/e', {}))).toThrow('needs a region'));
});

describe('credentials', () => {
  const sign = (options: Record<string, unknown>) => {
    const at = target({ model: 'sagemaker/e', options: { ...keys, ...options } });
    return credentialHeaders(at, { method: 'POST', url: url(at), body: '{}', headers: { 'content-type': 'application/json' } });
  };

  test('are a signature for SageMaker', async () => {
    const { authorization } = await sign({});
    expect(authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/us-east-1\/sagemaker\/aws4_request, /);
    expect(authorization).toContain('SignedHeaders=content-type;host;x-amz-date');
  });

  test('an inference component is named in a header, which is signed', async () => {
    const headers = await sign({ model_id: 'my-component' });
    expect(headers['x-amzn-sagemaker-inference-component']).toBe('my-component');
    expect(headers['authorization']).toContain('x-amzn-sagemaker-inference-component');
  });
});

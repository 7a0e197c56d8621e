import { describe, expect, test } from 'bun:test';
import { Secret, SluiceError, type Endpoint, type Target } from '../../types/index.ts';
import { chooseSpeaks } from '../choose.ts';
import { credentialHeaders } from '../credentials.ts';
import { createProviders } from '../registry.ts';
import { targetOf, type TargetOptions } from '../target.ts';
import { fakeWorld, stsAnswer } from '../aws/fixtures/world.ts';
import { createBedrock } from './index.ts';

const nowhere = fakeWorld({});
const providers = createProviders(createBedrock(nowhere));
const target = (given: string | TargetOptions, env: Record<string, string> = {}): Target =>
  targetOf(typeof given === 'string' ? { model: given } : given, { providers, env });
const url = (at: Target, endpoint: Endpoint = 'chat', stream = false) => at.provider.url!(at, at.provider.speaks[endpoint]!, stream);
const region = { AWS_REGION: 'us-east-1' };
const host = 'https://bedrock-runtime.us-east-1.amazonaws.com';
const profileArn = 'arn:aws:bedrock:eu-west-3:123456789012:application-inference-profile/a1b2';
const claude = 'anthropic.claude-sonnet-4-5-20250929-v1:0';

describe('names', () => {
  test.each([
    [claude, claude, undefined],
    [`converse/${claude}`, claude, 'chat'],
    [`invoke/us.${claude}`, `us.${claude}`, 'messages'],
    // Of others than Claude the family says the body.
    ['invoke/meta.llama3-3-70b-instruct-v1:0', 'meta.llama3-3-70b-instruct-v1:0', undefined],
    ['us-west-2/amazon.nova-pro-v1:0', 'amazon.nova-pro-v1:0', undefined],
    ['us-west-2/1-month-commitment/anthropic.claude-v2:1', 'anthropic.claude-v2:1', undefined],
    ['llama/arn:aws:bedrock:us-east-1:1:imported-model/x/y', 'arn:aws:bedrock:us-east-1:1:imported-model/x/y', undefined],
    [`converse/${profileArn}`, profileArn, 'chat'],
    ['responses/openai.gpt-5.5', 'openai.gpt-5.5', 'responses'],
  ])('bedrock/%s', (name, model, prefer) => {
    const made = target(`bedrock/${name}`);
    expect([made.model, made.prefer as string | undefined]).toEqual([model, prefer]);
  });

  test.each(['agent/A/B', 'agentcore/x', 'mantle/x'])('bedrock/%s is refused with a reason', (name) => {
    expect(() => target(`bedrock/${name}`)).toThrow(SluiceError);
  });

  test('what a name hides is told by base_model or model_id', () => {
    const behind = target({ model: `bedrock/${profileArn}`, baseModel: `bedrock/us.${claude}` });
    expect(behind).toMatchObject({ model: `us.${claude}`, options: { model_id: profileArn }, traits: { reasoning: 'budget' } });
    expect(url(behind)).toBe(`https://bedrock-runtime.eu-west-3.amazonaws.com/model/${encodeURIComponent(profileArn)}/converse`);
    const named = target({ model: `bedrock/us.${claude}`, options: { model_id: profileArn } });
    expect(url(named)).toBe(url(behind));
    expect(url(named, 'count-tokens')).toEndWith('/model/anthropic.claude-sonnet-4-5-20250929-v1%3A0/count-tokens');
  });

  test.each([
    [`us.${claude}`, ['chat', 'messages']],
    [`arn:aws:bedrock:us-east-1:1:inference-profile/global.${claude}`, ['chat', 'messages']],
    ['amazon.nova-pro-v1:0', ['chat']],
    [profileArn, ['chat']],
  ])('the endpoints of %s', (model, endpoints) => {
    expect(providers.get('bedrock').chatEndpoints!(model)).toEqual(endpoints as Endpoint[]);
  });

  test('Claude is Claude behind any prefix, and others are not', () => {
    const traits = (model: string) => providers.get('bedrock').traits!(model);
    for (const prefix of [
      '',
      'us.',
      'eu.',
      'apac.',
      'au.',
      'jp.',
      'global.',
      'us-gov.',
      'arn:aws:bedrock:us-east-1:1:inference-profile/us.',
    ])
      expect(traits(prefix + claude)).toMatchObject({ reasoning: 'budget', maxOutputTokens: 64_000 });
    expect(traits('us.amazon.nova-lite-v1:0')).toEqual({ reasoning: 'none' });
    expect(traits(profileArn)).toEqual({});
  });

  test("an Anthropic client reaches Claude in its own format, others by Converse; 'converse' holds for all", () => {
    const choose = (name: string, format: string) => {
      const { provider, model, prefer } = target(`bedrock/${name}`);
      return chooseSpeaks(provider, model, format, prefer).speaks.protocol;
    };
    expect(choose(claude, 'anthropic-messages')).toBe('anthropic-messages');
    expect(choose(claude, 'openai-chat')).toBe('bedrock-converse');
    expect(choose(`invoke/${claude}`, 'openai-chat')).toBe('anthropic-messages');
    expect(choose(`converse/${claude}`, 'anthropic-messages')).toBe('bedrock-converse');
    expect(choose('amazon.nova-pro-v1:0', 'anthropic-messages')).toBe('bedrock-converse');
  });
});

describe('families at InvokeModel', () => {
  const spoken = (given: string | TargetOptions): string[] => {
    const { provider, model, prefer } = target(given);
    return ['openai-chat', 'anthropic-messages', 'bedrock-converse'].map(
      (format) => chooseSpeaks(provider, model, format, prefer).speaks.protocol,
    );
  };
  const imported = 'arn:aws:bedrock:us-east-1:123456789012:imported-model/a1b2';

  test.each([
    ['invoke/amazon.titan-text-express-v1', 'bedrock-titan'],
    ['invoke/arn:aws:bedrock:us-east-1::foundation-model/amazon.titan-tg1-large', 'bedrock-titan'],
    ['invoke/us.amazon.nova-lite-v1:0', 'bedrock-nova'],
    ['invoke/us-west-2/meta.llama3-3-70b-instruct-v1:0', 'bedrock-llama'],
    ['invoke/mistral.mixtral-8x7b-instruct-v0:1', 'bedrock-mistral'],
    ['invoke/mistral.mistral-large-2407-v1:0', 'bedrock-openai'],
    ['invoke/cohere.command-text-v14', 'bedrock-cohere'],
    ['invoke/cohere.command-r-plus-v1:0', 'bedrock-command-r'],
    ['invoke/ai21.j2-mid-v1', 'bedrock-jurassic'],
    ['invoke/ai21.jamba-1-5-large-v1:0', 'bedrock-openai'],
    ['invoke/us.deepseek.r1-v1:0', 'bedrock-deepseek'],
    ['invoke/deepseek.v3-v1:0', 'bedrock-openai'],
    ['invoke/qwen.qwen3-32b-v1:0', 'bedrock-openai'],
    ['invoke/openai.gpt-oss-120b-1:0', 'bedrock-openai'],
    ['invoke/moonshot.kimi-k2-thinking', 'bedrock-openai'],
    ['anthropic_text/anthropic.claude-v2', 'bedrock-claude-text'],
    [`llama/${imported}`, 'bedrock-llama'],
    [`deepseek_r1/${imported}`, 'bedrock-imported-r1'],
    [`qwen2/${imported}`, 'bedrock-imported-qwen'],
    [`qwen3/${imported}`, 'bedrock-imported-qwen'],
    [`openai/${imported}`, 'bedrock-openai'],
    [`invoke/${imported}`, 'bedrock-openai'],
  ])('%s: %s, whatever the client speaks', (name, protocol) => {
    expect(spoken(`bedrock/${name}`)).toEqual([protocol, protocol, protocol]);
  });

  test.each([
    'amazon.titan-text-express-v1',
    'meta.llama3-3-70b-instruct-v1:0',
    `nova/${imported}`,
    imported,
    // What it is only Converse knows.
    `invoke/${profileArn}`,
  ])('%s goes by Converse', (name) => expect(spoken(`bedrock/${name}`)).toEqual(Array(3).fill('bedrock-converse')));

  test('what a name hides is told by base_model', () => {
    expect(spoken({ model: `bedrock/invoke/${profileArn}`, baseModel: 'bedrock/meta.llama3-3-70b-instruct-v1:0' })[0]).toBe(
      'bedrock-llama',
    );
  });

  test('addresses, whole and streamed; Jurassic-2 does not stream', () => {
    const llama = target('bedrock/invoke/meta.llama3-8b-instruct-v1:0', region);
    expect(url(llama)).toBe(`${host}/model/meta.llama3-8b-instruct-v1%3A0/invoke`);
    expect(url(llama, 'chat', true)).toEndWith('/invoke-with-response-stream');
    expect(url(target('bedrock/invoke/ai21.j2-mid-v1', region), 'chat', true)).toEndWith('/model/ai21.j2-mid-v1/invoke');
    expect(url(llama, 'embeddings')).toEndWith('/invoke');
  });

  test('InvokeModel has in headers what Converse has in its body', () => {
    const { provider, model } = target('bedrock/invoke/ai21.j2-mid-v1');
    const body = { prompt: 'x', guardrailConfig: { guardrailIdentifier: 'gr-1', guardrailVersion: '2' } };
    expect(provider.speaks.chat!.dialect!({ model, stream: true, headers: {}, body })).toEqual({
      members: { guardrailConfig: undefined },
      headers: {
        'x-amzn-bedrock-guardrailidentifier': 'gr-1',
        'x-amzn-bedrock-guardrailversion': '2',
        accept: 'application/json',
      },
    });
  });

  test("a client's own InvokeModel goes to InvokeModel, whatever the route", () => {
    for (const name of [
      claude,
      'meta.llama3-8b-instruct-v1:0',
      'converse/meta.llama3-8b-instruct-v1:0',
      'invoke/meta.llama3-8b-instruct-v1:0',
    ]) {
      const { provider, model, prefer } = target(`bedrock/${name}`);
      expect(chooseSpeaks(provider, model, 'bedrock-invoke', prefer)).toMatchObject({ endpoint: 'native', same: true });
    }
  });
});

describe('addresses', () => {
  test('of the endpoints', () => {
    const at = target(`bedrock/us.${claude}`, region);
    const path = `${host}/model/us.anthropic.claude-sonnet-4-5-20250929-v1%3A0`;
    expect(url(at)).toBe(`${path}/converse`);
    expect(url(at, 'chat', true)).toBe(`${path}/converse-stream`);
    expect(url(at, 'messages')).toBe(`${path}/invoke`);
    expect(url(at, 'messages', true)).toBe(`${path}/invoke-with-response-stream`);
    expect(url(at, 'embeddings')).toBe(`${path}/invoke`);
    expect(url(at, 'responses', true)).toBe(`${host}/openai/v1/responses`);
  });

  test.each([
    [
      'what is configured',
      { model: `bedrock/eu-west-1/${claude}`, options: { aws_region_name: 'us-west-2' } },
      { AWS_REGION: 'us-east-1' },
      'us-west-2',
    ],
    ['the name', { model: `bedrock/eu-west-1/${claude}` }, { AWS_REGION: 'us-east-1' }, 'eu-west-1'],
    ['the ARN', { model: `bedrock/${profileArn}` }, { AWS_REGION: 'us-east-1' }, 'eu-west-3'],
    ['AWS_REGION_NAME', { model: `bedrock/${claude}` }, { AWS_REGION_NAME: 'eu-north-1', AWS_REGION: 'us-east-1' }, 'eu-north-1'],
    ['AWS_DEFAULT_REGION', { model: `bedrock/${claude}` }, { AWS_DEFAULT_REGION: 'ap-southeast-2' }, 'ap-southeast-2'],
  ])('the region: %s', (_, given, env, name) => {
    expect(url(target(given, env))).toStartWith(`https://bedrock-runtime.${name}.amazonaws.com/`);
  });

  test.each([
    ['cn-north-1', {}, 'bedrock-runtime.cn-north-1.amazonaws.com.cn'],
    ['us-gov-west-1', { AWS_USE_FIPS_ENDPOINT: 'true' }, 'bedrock-runtime-fips.us-gov-west-1.amazonaws.com'],
    ['us-east-1', { AWS_USE_DUALSTACK_ENDPOINT: 'true' }, 'bedrock-runtime.us-east-1.api.aws'],
    ['eusc-de-east-1', {}, 'bedrock-runtime.eusc-de-east-1.amazonaws.eu'],
  ])('the host of %s with %j', (name, env, expected) => {
    expect(new URL(url(target(`bedrock/${claude}`, { AWS_REGION: name, ...env }))).host).toBe(expected);
  });

  test('a profile of ~/.aws/config tells the region where nothing else does', async () => {
    const own = createProviders(createBedrock(fakeWorld({ files: { '/h/.aws/config': '[profile p]\nregion = sa-east-1\n' } })));
    const at = targetOf({ model: `bedrock/${claude}`, options: { aws_profile_name: 'p' } }, { providers: own, env: { HOME: '/h' } });
    expect(() => url(at)).toThrow('AWS_REGION');
    await at.provider.ready!(at);
    expect(url(at)).toContain('.sa-east-1.');
    expect(at.provider.ready!(at)).toBeUndefined();
  });

  test('without a region it says what to do; one that is none never becomes a host', () => {
    expect(() => url(target(`bedrock/${claude}`))).toThrow('aws_region_name');
    expect(() => url(target({ model: `bedrock/${claude}`, options: { aws_region_name: 'evil.test/x' } }))).toThrow('not a region');
  });

  test.each([
    'https://vpce-0a.bedrock-runtime.us-east-1.vpce.amazonaws.com',
    'https://vpce-0a.bedrock-runtime.us-east-1.vpce.amazonaws.com/',
    'https://vpce-0a.bedrock-runtime.us-east-1.vpce.amazonaws.com/model/x%3A0/converse',
    'https://vpce-0a.bedrock-runtime.us-east-1.vpce.amazonaws.com/openai/v1/responses',
  ])('a pasted address: %s', (base) => {
    const expected = 'https://vpce-0a.bedrock-runtime.us-east-1.vpce.amazonaws.com/model/amazon.nova-pro-v1%3A0/converse';
    expect(url(target({ model: 'bedrock/amazon.nova-pro-v1:0', baseUrl: base }))).toBe(expected);
    expect(url(target({ model: 'bedrock/amazon.nova-pro-v1:0', options: { aws_bedrock_runtime_endpoint: base } }))).toBe(expected);
    expect(url(target('bedrock/amazon.nova-pro-v1:0', { AWS_ENDPOINT_URL_BEDROCK_RUNTIME: base }))).toBe(expected);
  });
});

describe('mantle', () => {
  test.each([
    ['openai.gpt-oss-120b', 'chat', '/v1/chat/completions'],
    ['openai.gpt-oss-120b', 'responses', '/v1/responses'],
    ['openai.gpt-5.5', 'responses', '/openai/v1/responses'],
    ['google.gemma-4-31b', 'chat', '/openai/v1/chat/completions'],
    [claude, 'messages', '/anthropic/v1/messages'],
  ] as const)('%s at %s', (model, endpoint, path) => {
    expect(url(target(`bedrock_mantle/${model}`), endpoint)).toBe(`https://bedrock-mantle.us-east-1.api.aws${path}`);
    expect(url(target(`bedrock_mantle/${model}`, { BEDROCK_MANTLE_REGION: 'us-west-2', AWS_REGION: 'eu-west-1' }), endpoint)).toContain(
      'us-west-2',
    );
    expect(url(target(`bedrock_mantle/eu-west-1/${model}`, { BEDROCK_MANTLE_REGION: 'us-west-2' }), endpoint)).toContain('eu-west-1');
  });

  test("the runtime's OpenAI-compatible paths by api_base, signed as the runtime", async () => {
    const at = target({
      model: 'bedrock_mantle/openai.gpt-oss-20b-1:0',
      baseUrl: `${host}/openai/v1`,
      options: { aws_access_key_id: 'A', aws_secret_access_key: 's' },
    });
    expect(url(at)).toBe(`${host}/openai/v1/chat/completions`);
    expect((await credentialHeaders(at, { method: 'POST', url: url(at), body: '{}' }))['authorization']).toContain(
      '/us-east-1/bedrock/aws4',
    );
    expect(() => url(at, 'messages')).toThrow('bedrock/');
  });
});

describe('credentials', () => {
  const request = (at: Target) => ({
    method: 'POST',
    url: url(at),
    body: '{}',
    headers: { 'content-type': 'application/json', accept: '*/*' },
  });
  const keys = { AWS_ACCESS_KEY_ID: 'AKIAENV', AWS_SECRET_ACCESS_KEY: 'CANARY-secret', AWS_SESSION_TOKEN: 'CANARY-token', ...region };

  test('a bearer token goes before keys of the environment, not before what is configured', async () => {
    const env = { ...keys, AWS_BEARER_TOKEN_BEDROCK: 'bearer-1' };
    const at = target(`bedrock/${claude}`, env);
    expect(await credentialHeaders(at, request(at))).toEqual({ authorization: 'Bearer bearer-1' });
    const configured = target(
      { model: `bedrock/${claude}`, options: { aws_access_key_id: 'AKIA', aws_secret_access_key: new Secret('s') } },
      env,
    );
    const headers = await credentialHeaders(configured, request(configured));
    expect(headers['authorization']).toContain('Credential=AKIA/');
    expect(headers).not.toHaveProperty('x-amz-security-token');
  });

  test('signed are the host, the content type and what is of Amazon', async () => {
    const at = target(`bedrock/${claude}`, keys);
    const asked = request(at);
    const headers = await credentialHeaders(at, {
      ...asked,
      headers: { ...asked.headers, 'x-amzn-bedrock-trace': 'ENABLED', 'x-other': '1' },
    });
    expect(headers['authorization']).toContain(
      '/us-east-1/bedrock/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amzn-bedrock-trace,',
    );
    expect(headers['x-amz-security-token']).toBe('CANARY-token');
  });

  test('no secret of the environment is seen in a target (FP-26)', () => {
    const at = target(`bedrock/${claude}`, { ...keys, AWS_CONTAINER_AUTHORIZATION_TOKEN: 'CANARY-c', AWS_WEB_IDENTITY_TOKEN: 'CANARY-w' });
    expect(Bun.inspect(at.options, { depth: 20 }) + JSON.stringify(at.options)).not.toContain('CANARY');
  });

  const role = { aws_role_name: 'arn:aws:iam::1:role/r', aws_region_name: 'us-east-1' };
  const withRole = (answer: () => string | { status: number; text: string }, now: () => number) => {
    const world = fakeWorld({ answers: { 'POST https://sts.us-east-1.amazonaws.com/': answer } }, now);
    const own = createProviders(createBedrock(world));
    const make = () => targetOf({ model: `bedrock/${claude}`, options: role }, { providers: own, env: keys });
    const ask = async (at: Target) => (await credentialHeaders(at, request(at)))['x-amz-security-token'];
    return { world, make, ask };
  };

  test('a role is taken on once for all callers and targets, and again five minutes before it ends', async () => {
    let now = Date.parse('2026-01-01T00:00:00Z');
    let count = 0;
    const { world, make, ask } = withRole(
      () => stsAnswer(String(++count), new Date(now + 3600_000).toISOString()),
      () => now,
    );
    const targets = Array.from({ length: 20 }, make);
    expect(new Set(await Promise.all(targets.map(ask)))).toEqual(new Set(['token-1']));
    now += 54 * 60_000;
    expect(await ask(targets[0]!)).toBe('token-1');
    now += 2 * 60_000;
    expect(new Set(await Promise.all(targets.map(ask)))).toEqual(new Set(['token-2']));
    expect(world.sent).toHaveLength(2);
  });

  test('one that cannot be renewed holds to its end; a failure without one is not kept', async () => {
    let now = Date.parse('2026-01-01T00:00:00Z');
    let works = true;
    const { make, ask } = withRole(
      () => (works ? stsAnswer('1', new Date(Date.parse('2026-01-01T01:00:00Z')).toISOString()) : { status: 503, text: '' }),
      () => now,
    );
    const at = make();
    expect(await ask(at)).toBe('token-1');
    works = false;
    now += 57 * 60_000;
    expect(await ask(at)).toBe('token-1');
    now += 4 * 60_000;
    const failures = await Promise.all(Array.from({ length: 5 }, () => ask(at).catch((cause: unknown) => (cause as SluiceError).code)));
    expect(new Set(failures)).toEqual(new Set(['unavailable']));
    works = true;
    expect(await ask(at)).toBe('token-1');
  });
});

describe('what Claude on Invoke takes', () => {
  const { dialect, takes } = providers.get('bedrock').speaks.messages!;
  test('model and streaming are in the path, the version and betas in the body', () => {
    expect(dialect!({ model: claude, stream: true, headers: { 'anthropic-beta': 'a, b,a' }, body: {} })).toEqual({
      members: { model: undefined, stream: undefined, anthropic_version: 'bedrock-2023-05-31', anthropic_beta: ['a', 'b'] },
      withoutHeaders: ['anthropic-beta', 'anthropic-version'],
      headers: {},
    });
    expect(dialect!({ model: claude, stream: false, headers: {}, body: {} }).members).not.toHaveProperty('anthropic_beta');
  });
  test('guardrails and what else Converse has in its body are headers here', () => {
    const body = {
      guardrailConfig: { guardrailIdentifier: 'gr-1', guardrailVersion: 'DRAFT', trace: 'enabled_full' },
      performanceConfig: { latency: 'optimized' },
      requestMetadata: { team: 'Zoë' },
      serviceTier: { type: 'flex' },
    };
    const { members, headers } = dialect!({ model: claude, stream: false, headers: {}, body });
    expect(Object.keys(members)).toEqual(expect.arrayContaining(Object.keys(body)));
    for (const name of Object.keys(body)) expect(members[name]).toBeUndefined();
    expect(headers).toEqual({
      'x-amzn-bedrock-guardrailidentifier': 'gr-1',
      'x-amzn-bedrock-guardrailversion': 'DRAFT',
      'x-amzn-bedrock-trace': 'ENABLED_FULL',
      'x-amzn-bedrock-performanceconfig-latency': 'optimized',
      'x-amzn-bedrock-request-metadata': '{"team":"Zo\\u00eb"}',
      'x-amzn-bedrock-service-tier': 'flex',
    });
  });
  test('flags that tools need here', () => {
    const tools = [{ name: 'a', eager_input_streaming: true }, { name: 'b', defer_loading: true, input_examples: [{}] }, { name: 'c' }];
    const made = dialect!({ model: claude, stream: true, headers: { 'anthropic-beta': 'tool-search-tool-2025-10-19' }, body: { tools } });
    expect(made.members['anthropic_beta']).toEqual([
      'tool-search-tool-2025-10-19',
      'fine-grained-tool-streaming-2025-05-14',
      'tool-examples-2025-10-29',
    ]);
    for (const flag of made.members['anthropic_beta'] as string[]) expect(takes!.betas).toContain(flag);
    const off = dialect!({ model: claude, stream: true, headers: {}, body: { tools: [{ name: 'a', defer_loading: false }] } });
    expect(off.members).not.toHaveProperty('anthropic_beta');
  });
  test('a value that is no header’s is refused by name', () => {
    const guardrailConfig = { guardrailIdentifier: 'a\r\nx-evil: 1', guardrailVersion: '1' };
    expect(() => dialect!({ model: claude, stream: false, headers: {}, body: { guardrailConfig } })).toThrow(/guardrailIdentifier/);
  });
  test('FP-20: what Claude Code sends, and what is on no other machine than Anthropic’s', () => {
    expect(takes!.betas).toContain('context-management-2025-06-27');
    for (const flag of ['claude-code-20250219', 'prompt-caching-scope-2026-01-05', 'mcp-client-2025-11-20'])
      expect(takes!.betas).not.toContain(flag);
    expect(takes!.members).toMatchObject({ mcp_servers: 'refuse', cache_control: 'drop' });
    expect(takes!.tools).not.toContain('web_search_*');
  });
});

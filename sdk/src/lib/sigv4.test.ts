import { describe, expect, test } from 'bun:test';
import { canonicalRequest, signRequest } from './sigv4.ts';

const keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
const time = Date.UTC(2015, 7, 30, 12, 36, 0);
const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** Signatures that AWS publishes for its keys of example (aws-sig-v4-test-suite, as botocore 1.35.99 carries it). */
const published: readonly (readonly [
  name: string,
  method: string,
  target: string,
  headers: Record<string, string>,
  body: string,
  signature: string,
])[] = [
  ['get-vanilla', 'GET', '/', {}, '', '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
  [
    'get-vanilla-query-order-key',
    'GET',
    '/?Param1=value2&Param1=Value1',
    {},
    '',
    'eedbc4e291e521cf13422ffca22be7d2eb8146eecf653089df300a15b2382bd1',
  ],
  [
    'get-vanilla-query-unreserved',
    'GET',
    '/?-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz=-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz',
    {},
    '',
    '9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197',
  ],
  ['get-vanilla-utf8-query', 'GET', '/?ሴ=bar', {}, '', '2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04'],
  ['get-utf8', 'GET', '/ሴ', {}, '', '8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85'],
  [
    'get-header-value-order',
    'GET',
    '/',
    { 'my-header1': 'value4,value1,value3,value2' },
    '',
    '08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01',
  ],
  [
    'get-header-value-trim',
    'GET',
    '/',
    { 'my-header1': ' value1', 'my-header2': ' "a   b   c"' },
    '',
    'acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736',
  ],
  ['get-relative', 'GET', '/example/..', {}, '', '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
  ['get-slash-dot-slash', 'GET', '/./', {}, '', '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
  ['get-slashes', 'GET', '//example//', {}, '', '9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84'],
  ['get-space', 'GET', '/example space/', {}, '', '652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741'],
  ['post-header-key-sort', 'POST', '/', { 'my-header1': 'value1' }, '', 'c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c'],
  ['post-vanilla-query', 'POST', '/?Param1=value1', {}, '', '28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11'],
  [
    'post-x-www-form-urlencoded-parameters',
    'POST',
    '/',
    { 'content-type': 'application/x-www-form-urlencoded; charset=utf8' },
    'Param1=value1',
    '1a72ec8f64bd914b0e42e42607c7fbce7fb2c7465f63e3092b3b0d39fa77a6fe',
  ],
];

describe("AWS's published vectors", () => {
  test.each(published)('%s', async (_, method, target, headers, body, signature) => {
    const signed = await signRequest(
      { method, url: `https://example.amazonaws.com${target}`, headers, body, region: 'us-east-1', service: 'service', now: time },
      keys,
    );
    expect(signed['authorization']).toEndWith(`, Signature=${signature}`);
    expect(signed['x-amz-date']).toBe('20150830T123600Z');
  });

  test('get-vanilla-with-session-token', async () => {
    const sessionToken = '6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267';
    const signed = await signRequest(
      { method: 'GET', url: 'https://example.amazonaws.com/', headers: {}, body: '', region: 'us-east-1', service: 'service', now: time },
      { ...keys, sessionToken },
    );
    expect(signed).toEqual({
      'x-amz-date': '20150830T123600Z',
      'x-amz-security-token': sessionToken,
      authorization:
        'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date;x-amz-security-token, Signature=07ec1639c89043aa0e3e2de82b96708f198cceab042d4a97044c66dd9f74e7f8',
    });
  });
});

const pathOf = (url: string): string => canonicalRequest({ method: 'POST', url, headers: {} }, {}, empty).text.split('\n')[1]!;

describe('the canonical request', () => {
  // What @aws-sdk/client-bedrock-runtime 3.1163 signs for the same model ids.
  test.each([
    ['anthropic.claude-sonnet-4-5-20250929-v1:0', 'anthropic.claude-sonnet-4-5-20250929-v1%253A0'],
    [
      'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc',
      'arn%253Aaws%253Abedrock%253Aus-east-1%253A123456789012%253Aapplication-inference-profile%252Fabc',
    ],
  ])('what is escaped in the path is escaped again: %s', (model, escaped) => {
    expect(pathOf(`https://h.test/model/${encodeURIComponent(model)}/converse`)).toBe(`/model/${escaped}/converse`);
  });

  test.each([
    ['https://h.test', '/'],
    ['https://h.test?a=1', '/'],
    ['https://h.test//a//b/', '/a/b/'],
    ['https://h.test/a/../b/./c', '/b/c'],
    ["https://h.test/a!'()*", '/a%21%27%28%29%2A'],
  ])('%s', (url, path) => expect(pathOf(url)).toBe(path));

  test('a query is sorted by name, then value, and may hold broken escapes', () => {
    const { text } = canonicalRequest({ method: 'GET', url: 'https://h.test:8443/?b=2&a=%3D&b=1&c&%zz=1', headers: {} }, {}, empty);
    expect(text.split('\n').slice(2, 4)).toEqual(['%25zz=1&a=%3D&b=1&b=2&c=', 'host:h.test:8443']);
  });
});

test('the hash of the body as a header, where it is wanted', async () => {
  const request = { method: 'POST', url: 'https://h.test/', headers: {}, region: 'r', service: 's', now: time };
  const text = await signRequest({ ...request, body: 'héllo', contentHeader: true }, keys);
  const bytes = await signRequest({ ...request, body: new TextEncoder().encode('héllo'), contentHeader: true }, keys);
  expect(text).toEqual(bytes);
  expect(text['x-amz-content-sha256']).toBe('3c48591d8d098a4538f5e013dfcf406e948eac4d3277b10bf614e295d6068179');
  expect(text['authorization']).toContain('SignedHeaders=host;x-amz-content-sha256;x-amz-date');
});

test('many keys at once: each signs with its own, and again the same', async () => {
  const sign = (at: number) =>
    signRequest(
      { method: 'GET', url: 'https://h.test/', headers: {}, body: '', region: 'r', service: 's', now: time },
      { ...keys, secretAccessKey: `secret-${at}` },
    );
  const all = await Promise.all(Array.from({ length: 200 }, (_, at) => sign(at)));
  expect(new Set(all.map((each) => each['authorization'])).size).toBe(200);
  expect(await sign(3)).toEqual(all[3]!);
});

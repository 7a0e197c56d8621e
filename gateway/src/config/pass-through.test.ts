import { describe, expect, test } from 'bun:test';
import { Secret } from 'sluice/kit';
import { load, loadOne, mistakes, withParams } from './testing.ts';

describe('pass_through_endpoints', () => {
  test('all of them, in our words', () => {
    const { passThrough, notes, unsetVariables } = load(
      `general_settings:
  pass_through_request_timeout: 90
  pass_through_endpoints:
    - id: rerank
      path: v1/rerank/
      target: https://api.cohere.com/v1/rerank/
      headers: { Authorization: "bearer os.environ/COHERE_API_KEY", X-Key: os.environ/OTHER, X-Unset: os.environ/NOWHERE, x-number: 1 }
      default_query_params: { a: 1, b: two }
      include_subpath: true
      cost_per_request: 0.5
      timeout: 3
      auth: false
      methods: [get, POST]
      forward_headers: true
      guardrails: { a: }
    - { path: /b, target: "http://b.example" }
`,
      { env: { OTHER: 'sk-other' } },
    );
    const [first, second] = passThrough.endpoints;
    expect(passThrough.timeoutMs).toBe(90_000);
    expect(first).toEqual({
      name: 'rerank',
      path: '/v1/rerank',
      target: 'https://api.cohere.com/v1/rerank',
      headers: { Authorization: expect.any(Secret), 'X-Key': expect.any(Secret), 'x-number': '1' },
      defaultQuery: { a: '1', b: 'two' },
      includeSubpath: true,
      costPerRequestUsd: 0.5,
      timeoutMs: 3000,
      auth: false,
      methods: ['GET', 'POST'],
      forwardHeaders: true,
    });
    expect((first!.headers['X-Key'] as Secret).reveal()).toBe('sk-other');
    expect(second).toEqual({
      name: '/b',
      path: '/b',
      target: 'http://b.example',
      headers: {},
      defaultQuery: {},
      includeSubpath: false,
      auth: true,
      forwardHeaders: false,
    });
    expect(notes.map(({ key }) => key)).toEqual(['pass_through_endpoints.guardrails']);
    expect(unsetVariables.map(({ name }) => name)).toEqual(['NOWHERE']);
  });

  test('none', () => expect(load('model_list: []').passThrough).toEqual({ endpoints: [] }));

  test.each([
    ['{ path: /a }', 'target: is missing'],
    ['{ target: "https://a.example" }', 'path: is missing'],
    ['{ path: /a, target: a.example }', 'target: must be an address that begins with http:// or https://'],
    ['{ path: /a, target: "https://a.example", methodes: [GET] }', 'methodes: unknown key (did you mean methods?)'],
  ])('%s', (entry, expected) =>
    expect(mistakes(`general_settings: { pass_through_endpoints: [${entry}] }`).join()).toContain(
      `general_settings.pass_through_endpoints[0].${expected}`,
    ),
  );
});

describe('addresses that requests name', () => {
  test('must be public unless the file says otherwise, in either section', () => {
    expect(load('model_list: []').userUrls).toEqual({ validate: true, allowedHosts: [] });
    const text = `litellm_settings: { user_url_allowed_hosts: [a.internal] }
general_settings: { user_url_validation: false, user_url_allowed_hosts: ["10.0.0.0/8", "[::1]:443"] }`;
    expect(load(text).userUrls).toEqual({ validate: false, allowedHosts: ['a.internal', '10.0.0.0/8', '[::1]:443'] });
    expect(load(`${text}\n`.replace('{ user_url_allowed', '{ user_url_validation: true, user_url_allowed')).userUrls.validate).toBe(true);
  });

  test('an allowed host is no URL', () =>
    expect(mistakes('litellm_settings: { user_url_allowed_hosts: ["https://a.example"] }').join()).toContain('and no URL'));

  test('what a request may set itself', () => {
    const set = loadOne(withParams('model: openai/m', 'configurable_clientside_auth_params: [api_key, { api_base: "^https://x" }]'));
    expect(set.clientside).toEqual({ api_key: undefined, api_base: '^https://x' });
    expect(loadOne(withParams('model: openai/m', 'use_in_pass_through: true'))).toMatchObject({ usedInPassThrough: true, clientside: {} });
    expect(loadOne(withParams('model: openai/m')).usedInPassThrough).toBe(false);
  });
});

import { expect, test } from 'bun:test';
import { loadOne, mistakes, withParams } from './testing.ts';

test('a user and a password in an address become a header, and are not shown', () => {
  const deployment = loadOne(withParams('model: ollama/llama3.2', 'api_base: "https://ann:p%40ss@ollama.example:8443/base/"'));
  expect(deployment.apiBase).toBe('https://ollama.example:8443/base');
  expect(deployment.headers['authorization']).toMatchObject({});
  expect(JSON.stringify(deployment)).not.toContain('p%40ss');
  const header = deployment.headers['authorization'];
  expect(typeof header === 'object' && header.reveal()).toBe(`Basic ${btoa('ann:p@ss')}`);
});

test('a header that is given wins', () => {
  const { headers } = loadOne(
    withParams('model: ollama/a', 'api_base: "http://ann:pw@127.0.0.1:1"', 'extra_headers: { Authorization: Bearer x }'),
  );
  const header = headers['authorization'];
  expect(typeof header === 'object' ? header.reveal() : header).toBe('Bearer x');
});

test('a key in the query of an address is a mistake', () =>
  expect(mistakes(withParams('model: gemini/a', 'api_base: "https://example.com/v1?key=secret"'))).toEqual([
    'config.yaml:5:17: model_list[0].litellm_params.api_base: holds a key in its query, where it would be seen: give it as `api_key`',
  ]));

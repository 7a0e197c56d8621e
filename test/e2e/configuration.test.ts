import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { startGateway, type Gateway } from './harness.ts';

/** What is missing or wrong where the gateway runs is no fault of the client's request. */
const entries: readonly [name: string, params: string, words: RegExp][] = [
  ['no-region', 'model: bedrock/amazon.nova-pro-v1:0, aws_access_key_id: a, aws_secret_access_key: s', /needs a region/],
  [
    'no-region-claude',
    'model: bedrock/anthropic.claude-sonnet-4-5-20250929-v1:0, aws_access_key_id: a, aws_secret_access_key: s',
    /needs a region/,
  ],
  [
    'no-project',
    'model: vertex_ai/gemini-2.5-flash, vertex_location: us-central1, vertex_credentials: \'{"type":"authorized_user","client_id":"c","client_secret":"s","refresh_token":"r"}\'',
    /needs the project/,
  ],
  [
    'no-file',
    'model: vertex_ai/gemini-2.5-flash, vertex_project: p, vertex_credentials: /nowhere/secret-place.json',
    /The file of vertex_credentials cannot be read/,
  ],
  ['no-address', 'model: azure_ai/grok-4, api_key: k', /address of your resource/],
  ['no-key', 'model: openai/gpt-4o', /No API key/],
];
const doors: readonly [path: string, body: (model: string) => unknown][] = [
  ['/v1/chat/completions', (model) => ({ model, messages: [{ role: 'user', content: 'Hi' }] })],
  ['/v1/messages', (model) => ({ model, max_tokens: 5, messages: [{ role: 'user', content: 'Hi' }] })],
];

let gateway: Gateway;
beforeAll(async () => {
  const list = entries.map(([name, params]) => `  - { model_name: ${name}, litellm_params: { ${params} } }`);
  gateway = await startGateway(`model_list:\n${list.join('\n')}\nrouter_settings: { num_retries: 0 }\n`, { HOME: '/nowhere' });
});
afterAll(() => gateway.stop());

describe.each(entries)('%s', (name, _params, words) => {
  test.each(doors)('by %s is a 500 without a path of the machine, which the log has', async (path, body) => {
    const before = gateway.lines.length;
    const response = await gateway.post(path, body(name));
    const text = await response.text();
    expect([response.status, text]).toEqual([500, expect.stringMatching(words)]);
    expect(text).not.toMatch(/nowhere|invalid_request/);
    const log = gateway.lines.slice(before).join('\n');
    expect(log).toMatch(words);
    if (name === 'no-file') expect(log).toContain('/nowhere/secret-place.json');
  });
});

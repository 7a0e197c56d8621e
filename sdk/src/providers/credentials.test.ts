import { describe, expect, test } from 'bun:test';
import { Secret, SluiceError, type Provider, type Target } from '../types/index.ts';
import { anthropic } from './anthropic/index.ts';
import { createAzure } from './azure/index.ts';
import { compatible } from './compatible/index.ts';
import { credentialHeaders } from './credentials.ts';
import { gemini } from './gemini/index.ts';
import { ollama } from './ollama/index.ts';
import { openai } from './openai/index.ts';

const request = { method: 'POST', url: 'https://host.test/', body: '{}' };
const row = (id: string): Provider => compatible.find((each) => each.id === id)!;
const headers = async (
  provider: Provider,
  more: Partial<Target> = {},
  given: Partial<typeof request & { headers: Record<string, string> }> = {},
) => credentialHeaders({ provider, model: 'm', ...more }, { ...request, ...given });
const key = (text: string) => ({ apiKey: new Secret(text) });
const failure = async (provider: Provider, more: Partial<Target> = {}): Promise<SluiceError> => {
  const error: unknown = await headers(provider, more).then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (!SluiceError.is(error)) throw new Error('did not fail');
  return error;
};

describe('credentialHeaders', () => {
  test('each vendor gets the key in its own place, and nothing else', async () => {
    expect(await headers(row('groq'), key('gsk_1'))).toEqual({ authorization: 'Bearer gsk_1' });
    expect(await headers(openai, key('sk-1'))).toEqual({ authorization: 'Bearer sk-1' });
    expect(await headers(gemini, key('AIza1'))).toEqual({ 'x-goog-api-key': 'AIza1' });
    expect(await headers(anthropic, key('sk-ant-api03-1'))).toEqual({ 'x-api-key': 'sk-ant-api03-1' });
    expect(await headers(createAzure(), key('azure1'))).toEqual({ 'api-key': 'azure1' });
    expect(await headers(ollama)).toEqual({});
    expect(await headers(ollama, key('o1'))).toEqual({ authorization: 'Bearer o1' });
  });

  test('only the configured key leaves, wherever the base URL leads (FP-27)', async () => {
    for (const provider of [anthropic, createAzure(), gemini, ollama, openai, ...compatible]) {
      const made = await headers(
        provider,
        { ...key('configured'), baseUrl: 'https://third-party.test/v1' },
        { headers: { authorization: 'Bearer CLIENT', 'x-api-key': 'CLIENT', cookie: 'CLIENT' } },
      );
      expect(JSON.stringify(made)).not.toContain('CLIENT');
      expect(JSON.stringify(made)).toContain('configured');
    }
  });

  test('a subscription token of Anthropic goes as a bearer, with its beta joined to those that are there', async () => {
    const token = key('sk-ant-oat01-1');
    expect(await headers(anthropic, token)).toEqual({ authorization: 'Bearer sk-ant-oat01-1', 'anthropic-beta': 'oauth-2025-04-20' });
    expect(await headers(anthropic, token, { headers: { 'anthropic-beta': 'a-1, oauth-2025-04-20,b-2' } })).toMatchObject({
      'anthropic-beta': 'a-1,oauth-2025-04-20,b-2',
    });
    expect(await headers(anthropic, { options: { auth_token: new Secret('gateway-token') } })).toEqual({
      authorization: 'Bearer gateway-token',
    });
  });

  test('whoever configures the header itself needs no key', async () => {
    expect(await headers(openai, { headers: { Authorization: 'Basic x' } })).toEqual({});
    expect(await headers(createAzure(), { headers: { 'api-key': 'x' } })).toEqual({});
    expect(await headers(row('groq'), { ...key('gsk'), headers: { 'x-api-key': 'x' } })).toEqual({ authorization: 'Bearer gsk' });
  });

  test("OpenAI's organization and project are headers", async () => {
    expect(
      await headers(openai, { ...key('sk-1'), options: { organization: 'org-env' } }, { headers: { 'openai-organization': 'org-own' } }),
    ).toEqual({
      authorization: 'Bearer sk-1',
    });
    expect(await headers(openai, { ...key('sk-1'), options: { organization: 'org-1', project: 'proj_1' } })).toEqual({
      authorization: 'Bearer sk-1',
      'openai-organization': 'org-1',
      'openai-project': 'proj_1',
    });
  });

  test("a compatible server of one's own needs no key", async () => {
    expect(await headers(openai, { baseUrl: 'http://127.0.0.1:8000/v1' })).toEqual({});
    expect((await failure(openai)).code).toBe('authentication');
  });

  test.each([anthropic, createAzure(), gemini, openai, ...compatible.filter(({ keyOptional }) => !keyOptional)])(
    'without a key $label names the variables to set',
    async (provider) => {
      const error = await failure(provider);
      expect(error.code).toBe('authentication');
      expect(error.retry).toBe(false);
      expect(error.provider).toBe(provider.id);
      expect(provider.keyEnv.length).toBeGreaterThan(0);
      for (const name of provider.keyEnv) expect(error.message).toContain(name);
    },
  );

  test.each(['sk-1\n', 'sk 1', 'schlüssel', ''])('a key that cannot be a header is refused without being shown: %p', async (text) => {
    const error = await failure(row('groq'), { apiKey: new Secret(`CANARY${text}`.replace(/^CANARY$/, '')) });
    expect(error.code).toBe('authentication');
    expect(String(error)).not.toContain('CANARY');
  });
});

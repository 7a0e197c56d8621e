import { describe, expect, test } from 'bun:test';
import type { JsonObject, SluiceError } from '../../types/index.ts';
import { chooseSpeaks } from '../choose.ts';
import { credentialHeaders, credentialsRefused } from '../credentials.ts';
import { createProviders } from '../registry.ts';
import { targetOf, type TargetOptions } from '../target.ts';
import { upstreamUrl } from '../url.ts';
import { copilotDialect } from './headers.ts';
import { createGithubCopilot } from './index.ts';

const request = { method: 'POST', url: 'https://api.githubcopilot.com/chat/completions', body: '{}' };
const folder = '/home/u/.config/litellm/github_copilot';

const made = (files: Record<string, string> = {}, answer?: () => Response) => {
  const clock = { now: 1_000_000_000_000 };
  const asked: { url: string; authorization: string | undefined }[] = [];
  const provider = createGithubCopilot({
    now: () => clock.now,
    env: () => ({ HOME: '/home/u' }),
    readText: async (path) => {
      const text = files[path];
      if (text === undefined) throw new Error(`no ${path}`);
      return text;
    },
    fetch: async (url, { headers }) => {
      asked.push({ url, authorization: (headers as Record<string, string>)['authorization'] });
      return (
        answer?.() ??
        Response.json({
          token: `tid=${asked.length}`,
          expires_at: clock.now / 1000 + 1500,
          endpoints: { api: 'https://api.individual.githubcopilot.com' },
        })
      );
    },
  });
  const target = (given: Partial<TargetOptions> = {}) =>
    targetOf({ model: 'github_copilot/gpt-4o', ...given }, { providers: createProviders([provider]), env: {} });
  return { provider, target, asked, clock, files };
};

const url = (target: ReturnType<ReturnType<typeof made>['target']>) =>
  upstreamUrl(target, chooseSpeaks(target.provider, target.model, 'openai-chat').speaks, false);

describe('sign-in', () => {
  test("the OAuth token of LiteLLM's file is exchanged, once for all; the answer says where to call", async () => {
    const { target, asked, clock } = made({ [`${folder}/access-token`]: 'gho_secret\n' });
    const one = target();
    await one.provider.ready!(one);
    expect(url(one)).toBe('https://api.individual.githubcopilot.com/chat/completions');
    const headers = await Promise.all(Array.from({ length: 5 }, () => credentialHeaders(one, request)));
    expect(new Set(headers.map((each) => each['authorization']))).toEqual(new Set(['Bearer tid=1']));
    expect(asked).toEqual([{ url: 'https://api.github.com/copilot_internal/v2/token', authorization: 'token gho_secret' }]);
    expect(one.provider.ready!(one)).toBeUndefined();
    clock.now += 1_400_000;
    expect(await credentialHeaders(one, request)).toMatchObject({ authorization: 'Bearer tid=2' });
  });

  test('a token that another program fetched is used while it holds', async () => {
    const { target, asked, clock } = made({
      [`${folder}/api-key.json`]: JSON.stringify({
        token: 'tid=file',
        expires_at: 1_000_000_600,
        endpoints: { api: 'https://api.business.githubcopilot.com' },
      }),
      [`${folder}/access-token`]: 'gho_secret',
    });
    const one = target();
    await one.provider.ready!(one);
    expect(url(one)).toBe('https://api.business.githubcopilot.com/chat/completions');
    expect(await credentialHeaders(one, request)).toMatchObject({ authorization: 'Bearer tid=file' });
    expect(asked).toHaveLength(0);
    // Refused before its end: the file is not believed again.
    clock.now += 60_000;
    expect(credentialsRefused(one, { authorization: 'Bearer tid=file' })).toBe(true);
    expect(await credentialHeaders(one, request)).toMatchObject({ authorization: 'Bearer tid=1' });
  });

  test('the folder and the names of the files can be given', async () => {
    const { target } = made({ '/etc/copilot/oauth': 'gho_other' });
    const options = { github_copilot_token_dir: '/etc/copilot/', github_copilot_access_token_file: 'oauth' };
    expect(await credentialHeaders(target({ options }), request)).toMatchObject({ authorization: 'Bearer tid=1' });
  });

  test("a user's token as the key is exchanged, any other key is Copilot's own", async () => {
    const { target, asked } = made();
    expect(await credentialHeaders(target({ apiKey: 'ghu_mine' }), request)).toMatchObject({ authorization: 'Bearer tid=1' });
    expect(asked[0]!.authorization).toBe('token ghu_mine');
    const own = target({ apiKey: 'tid=own;exp=1' });
    expect(own.provider.ready!(own)).toBeUndefined();
    expect(await credentialHeaders(own, request)).toMatchObject({ authorization: 'Bearer tid=own;exp=1' });
    expect(credentialsRefused(own, { authorization: 'Bearer tid=own;exp=1' })).toBe(false);
  });

  test('two users do not share a token', async () => {
    const { target } = made();
    const [a, b] = [target({ apiKey: 'gho_a' }), target({ apiKey: 'gho_b' })];
    expect([await credentialHeaders(a, request), await credentialHeaders(b, request)]).toMatchObject([
      { authorization: 'Bearer tid=1' },
      { authorization: 'Bearer tid=2' },
    ]);
  });

  test('no sign-in: what to do is said, and no path of the machine', async () => {
    const { target, asked } = made();
    const error = await Promise.resolve(credentialHeaders(target(), request)).catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code: 'authentication', retry: false });
    expect((error as SluiceError).message).toContain('GITHUB_COPILOT_TOKEN_DIR');
    expect((error as SluiceError).message).not.toContain('/home/u');
    expect((error as SluiceError).detail).toContain('/home/u');
    expect(asked).toHaveLength(0);
  });

  test('GitHub refuses: no token in the error', async () => {
    const { target } = made({ [`${folder}/access-token`]: 'gho_CANARY' }, () =>
      Response.json({ message: 'Bad credentials gho_CANARY' }, { status: 401 }),
    );
    const error = await Promise.resolve(credentialHeaders(target(), request)).catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code: 'authentication' });
    expect(String(error)).not.toContain('gho_CANARY');
  });

  test.each(['https://evil.test', 'http://api.githubcopilot.com', 'https://githubcopilot.com.evil.test', 'nonsense', 7])(
    'an address that is not of GitHub gets no token: %p',
    async (api) => {
      const { target } = made({ [`${folder}/access-token`]: 'gho_x' }, () =>
        Response.json({ token: 't', expires_at: 2_000_000_000, endpoints: { api } }),
      );
      const one = target();
      await one.provider.ready!(one);
      expect(url(one)).toBe('https://api.githubcopilot.com/chat/completions');
    },
  );
});

describe('headers', () => {
  const of = (body: JsonObject) => copilotDialect({ model: 'm', stream: false, headers: {}, body }).headers;
  const user = { role: 'user', content: 'Hi' };

  test.each([
    ['a user', { messages: [{ role: 'system', content: 'S' }, user] }, 'user'],
    ['an answer before', { messages: [user, { role: 'assistant', content: 'A' }, user] }, 'agent'],
    ['a result', { messages: [user, { role: 'tool', content: '1' }] }, 'agent'],
    ["a result in Anthropic's format", { messages: [{ role: 'user', content: [{ type: 'tool_result', tool_use_id: 'x' }] }] }, 'agent'],
    ['Responses, a text', { input: 'Hi' }, 'user'],
    ['Responses, items', { input: [user, { type: 'function_call_output', call_id: 'x', output: '1' }] }, 'agent'],
    ['Responses, a user', { input: [user] }, 'user'],
  ])('%s', (_name, body, initiator) => {
    expect(of(body as JsonObject)).toEqual({ 'x-initiator': initiator });
  });

  test.each([
    { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AA' } }] }] },
    { input: [{ role: 'user', content: [{ type: 'input_image', image_url: 'data:image/png;base64,AA' }] }] },
    { messages: [{ role: 'user', content: [{ type: 'image', source: {} }] }] },
    { messages: [{ role: 'user', content: [{ type: 'tool_result', content: [{ type: 'image', source: {} }] }] }] },
  ])('an image is told: %#', (body) => {
    expect(of(body as JsonObject)).toMatchObject({ 'copilot-vision-request': 'true' });
  });
});

describe('endpoints of models', () => {
  test.each([
    ['gpt-4o', 'openai-chat', 'openai-chat'],
    ['gpt-5.3-codex', 'openai-chat', 'openai-responses'],
    ['gpt-5.5', 'anthropic-messages', 'openai-responses'],
    ['gpt-5-mini', 'openai-chat', 'openai-chat'],
    ['claude-sonnet-4.6', 'anthropic-messages', 'anthropic-messages'],
    ['claude-sonnet-4.6', 'gemini', 'openai-chat'],
    ['gemini-3.5-flash', 'openai-responses', 'openai-chat'],
  ])('%s for a client of %s', (model, client, protocol) => {
    expect(chooseSpeaks(createGithubCopilot(), model, client).speaks.protocol).toBe(protocol);
  });
});

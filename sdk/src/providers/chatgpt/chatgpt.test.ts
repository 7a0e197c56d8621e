import { describe, expect, test } from 'bun:test';
import { toBase64Url } from '../../lib/base64url.ts';
import type { JsonObject, SluiceError } from '../../types/index.ts';
import { credentialHeaders, credentialsRefused } from '../credentials.ts';
import { createProviders } from '../registry.ts';
import { targetOf, type TargetOptions } from '../target.ts';
import { chatgptDialect } from './dialect.ts';
import { createChatgpt } from './index.ts';

const request = { method: 'POST', url: 'https://chatgpt.com/backend-api/codex/responses', body: '{}' };
const path = '/home/u/.config/litellm/chatgpt/auth.json';
const start = 1_000_000_000_000;

const jwt = (claims: object) => `${toBase64Url('{"alg":"none"}')}.${toBase64Url(JSON.stringify(claims))}.x`;
const account = (id: string) => ({ 'https://api.openai.com/auth': { chatgpt_account_id: id } });

const made = (files: Record<string, string>, answer?: () => Response, mayWrite = true) => {
  const clock = { now: start };
  const asked: JsonObject[] = [];
  const provider = createChatgpt({
    now: () => clock.now,
    env: () => ({ HOME: '/home/u' }),
    readText: async (name) => {
      const text = files[name];
      if (text === undefined) throw new Error(`no ${name}`);
      return text;
    },
    writeText: async (name, text) => {
      if (!mayWrite) throw new Error('read-only');
      files[name] = text;
    },
    fetch: async (url, { body }) => {
      expect(url).toBe('https://auth.openai.com/oauth/token');
      asked.push(JSON.parse(String(body)) as JsonObject);
      const n = asked.length;
      return (
        answer?.() ??
        Response.json({ access_token: jwt({ n, exp: clock.now / 1000 + 3600 }), refresh_token: `r-${n}`, id_token: jwt(account('acc-1')) })
      );
    },
  });
  const target = (given: Partial<TargetOptions> = {}) =>
    targetOf({ model: 'chatgpt/gpt-5.4', ...given }, { providers: createProviders([provider]), env: {} });
  return { target, asked, clock, files };
};

const stored = (more: object = {}) =>
  JSON.stringify({ access_token: 'at', refresh_token: 'r-0', id_token: jwt(account('acc-0')), expires_at: start / 1000 + 3600, ...more });

describe('sign-in', () => {
  test('the token of the file, with its account', async () => {
    const { target, asked } = made({ [path]: stored() });
    expect(await credentialHeaders(target(), request)).toEqual({ authorization: 'Bearer at', 'chatgpt-account-id': 'acc-0' });
    expect(asked).toHaveLength(0);
  });

  test("Codex's own file does as well, wherever it is", async () => {
    const access = jwt({ exp: start / 1000 + 999 });
    const { target } = made({
      '/c/auth.json': JSON.stringify({ OPENAI_API_KEY: null, tokens: { access_token: access, refresh_token: 'r', account_id: 'acc-c' } }),
    });
    expect(await credentialHeaders(target({ options: { chatgpt_token_dir: '/c/' } }), request)).toEqual({
      authorization: `Bearer ${access}`,
      'chatgpt-account-id': 'acc-c',
    });
  });

  test.each([true, false])('one that has ended is renewed, and the new refresh token kept (file can be written: %p)', async (mayWrite) => {
    const { target, asked, clock, files } = made(
      { [path]: stored({ expires_at: start / 1000 + 30, other: 'stays' }) },
      undefined,
      mayWrite,
    );
    const one = target();
    const [first, same] = await Promise.all([credentialHeaders(one, request), credentialHeaders(one, request)]);
    expect(first).toEqual(same);
    expect(first).toMatchObject({ 'chatgpt-account-id': 'acc-1' });
    expect(asked).toEqual([
      { client_id: 'app_EMoamEEZ73f0CkXaXp7hrann', grant_type: 'refresh_token', refresh_token: 'r-0', scope: 'openid profile email' },
    ]);
    if (mayWrite) expect(JSON.parse(files[path]!)).toMatchObject({ refresh_token: 'r-1', other: 'stays', expires_at: start / 1000 + 3600 });
    clock.now += 3_590_000;
    await credentialHeaders(one, request);
    expect(asked.map((each) => each['refresh_token'])).toEqual(['r-0', 'r-1']);
  });

  test('a token that is refused is renewed though the file says that it holds', async () => {
    const { target, asked, clock } = made({ [path]: stored() });
    const one = target();
    await credentialHeaders(one, request);
    clock.now += 60_000;
    expect(credentialsRefused(one, { authorization: 'Bearer at' })).toBe(true);
    expect((await credentialHeaders(one, request))['authorization']).not.toBe('Bearer at');
    expect(asked).toHaveLength(1);
  });

  test('an access token as the key', async () => {
    const { target } = made({});
    expect(await credentialHeaders(target({ apiKey: 'at-key', options: { chatgpt_account_id: 'a' } }), request)).toEqual({
      authorization: 'Bearer at-key',
      'chatgpt-account-id': 'a',
    });
    expect(credentialsRefused(target({ apiKey: 'at-key' }), { authorization: 'Bearer at-key' })).toBe(false);
  });

  test.each([
    ['no file', {}],
    ['no JSON', { [path]: 'gibberish' }],
    ['ended, without a refresh token', { [path]: JSON.stringify({ access_token: 'at', expires_at: 1 }) }],
  ])('%s: what to do is said', async (_name, files) => {
    const { target, asked } = made(files);
    const error = await Promise.resolve(credentialHeaders(target(), request)).catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code: 'authentication' });
    expect((error as SluiceError).message).toContain('codex login');
    expect((error as SluiceError).message).not.toContain('/home/u');
    expect(asked).toHaveLength(0);
  });

  test('a renewal that is refused says why, without the token', async () => {
    const { target } = made({ [path]: stored({ expires_at: 1, refresh_token: 'CANARY' }) }, () =>
      Response.json({ error: { message: 'Your refresh token CANARY was used already.', code: 'refresh_token_reused' } }, { status: 401 }),
    );
    const error = await Promise.resolve(credentialHeaders(target(), request)).catch((cause: unknown) => cause);
    expect((error as SluiceError).message).toContain('was used already');
    expect(String(error)).not.toContain('CANARY');
  });
});

describe('bodies', () => {
  const members = (body: JsonObject) => chatgptDialect({ model: 'm', stream: false, headers: {}, body }).members;
  const user = { role: 'user', content: 'Hi' };

  test('always streamed, never stored, thoughts encrypted', () => {
    expect(members({ input: [user], instructions: 'Be.', include: ['x'], store: true })).toEqual({
      stream: true,
      store: false,
      include: ['x', 'reasoning.encrypted_content'],
    });
  });

  test('system messages become instructions; later ones are the developer’s', () => {
    const input = [
      { role: 'system', content: 'A' },
      { role: 'system', content: [{ type: 'input_text', text: 'B' }] },
      user,
      { role: 'system', content: 'C' },
    ];
    expect(members({ input, instructions: 'First.' })).toMatchObject({
      instructions: 'First.\n\nA\n\nB',
      input: [user, { role: 'developer', content: 'C' }],
    });
    expect(members({ input: [user] })['instructions']).toBe('');
  });

  test('a text alone becomes a message', () => {
    expect(members({ input: 'Hi' })['input']).toEqual([{ type: 'message', role: 'user', content: 'Hi' }]);
  });
});

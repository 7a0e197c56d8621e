import { describe, expect, test } from 'bun:test';
import type { Target } from '../../../types/index.ts';
import { createVertex } from '../index.ts';
import { account, external, failure, setUp, target, user } from './fixtures/world.ts';

describe('what is wrong is said, without any of it (FP-26)', () => {
  const withUrl = (changes: object) => ({ ...account, ...changes });
  test.each([
    ['not JSON', '{"private_key": "CANARY', 'is not JSON'],
    ['no type', { client_secret: 'CANARY' }, "lacks its 'type'"],
    ['a type that is not known', { type: 'gdch_service_account', private_key: 'CANARY' }, "type 'gdch_service_account'"],
    ['a name of every object', { type: 'constructor' }, "type 'constructor'"],
    ['a key that is missing', { ...account, private_key: undefined }, "lacks 'private_key'"],
    ['a key that is none', { ...account, private_key: 'CANARY' }, 'private_key of robot@p-of-file'],
    ['an address that is not Google', withUrl({ token_uri: 'https://evil.test/token' }), "leads to 'evil.test'"],
    ['an address that looks like Google', withUrl({ token_uri: 'https://googleapis.com.evil.test/' }), 'not Google'],
    ['an address in the open', withUrl({ token_uri: 'http://oauth2.googleapis.com/token' }), 'not Google'],
    ['an address with a user', withUrl({ token_uri: 'https://CANARY@oauth2.googleapis.com/token' }), 'not a usable URL'],
    ['an exchange elsewhere', { ...external, token_url: 'https://sts.evil.test/v1/token' }, "'token_url'"],
    ['another identity elsewhere', { ...external, service_account_impersonation_url: 'https://iam.evil.test/' }, 'impersonation_url'],
    ['a source in the open', { ...external, credential_source: { url: 'http://idp.test/token' } }, 'must be HTTPS'],
    ['a program', { ...external, credential_source: { executable: { command: '/bin/CANARY' } } }, 'Programs are never run'],
    [
      'metadata elsewhere',
      { ...external, credential_source: { environment_id: 'aws1', region_url: 'http://evil.test/', regional_cred_verification_url: 'x' } },
      'metadata server',
    ],
    ['a file that is not there', '/nowhere/CANARY.json', 'The file of vertex_credentials cannot be read'],
    ['a key in the place of a path', '-----BEGIN PRIVATE KEY-----\nCANARY', 'The file of vertex_credentials cannot be read'],
  ] as const)('%s', async (_, credentials, said) => {
    const { tokens, sent } = setUp();
    const error = await failure(tokens, target(credentials));
    expect(error.message).toContain(said);
    expect([error.code, error.retry]).toEqual(['authentication', false]);
    expect(error.message).not.toContain('CANARY');
    // The path is for the operator; what is none may be a key.
    expect(error.detail).toBe(credentials === '/nowhere/CANARY.json' ? credentials : undefined);
    expect(sent).toEqual([]);
  });

  test.each([
    [400, { error: 'invalid_grant', error_description: 'Invalid JWT Signature.\nmore' }, 'authentication', 'Invalid JWT Signature.'],
    [403, { error: { code: 403, message: 'Permission denied', status: 'PERMISSION_DENIED' } }, 'authentication', 'Permission denied'],
    [429, 'slow down', 'unavailable', 'status 429'],
    [503, '<html>', 'unavailable', 'status 503'],
    [200, { unexpected: true }, 'authentication', 'without a token'],
    [200, '<html>', 'authentication', 'not JSON'],
  ] as const)('an answer with %p is told and not kept', async (status, body, code, said) => {
    const { tokens, sent } = setUp({ answer: () => ({ status, body }) });
    const error = await failure(tokens, target(user));
    expect([error.code, error.message.includes(said), error.message.includes('\n')]).toEqual([code, true, false]);
    expect(JSON.stringify(error) + String(error)).not.toContain('CANARY');
    await failure(tokens, target(user));
    expect(sent).toHaveLength(2);
  });

  test('a server that cannot be reached is a connection that failed, which may be tried again', async () => {
    const { tokens } = setUp({ answer: () => undefined });
    const error = await failure(tokens, target(user));
    expect([error.code, error.retry]).toEqual(['connection', true]);
  });
});

describe('the project of a call', () => {
  const files = { '/key.json': JSON.stringify({ ...user, quota_project_id: 'q1' }) };
  const create = () => {
    const read: string[] = [];
    const made = createVertex({
      env: () => ({}),
      readText: async (path) => {
        read.push(path);
        return files[path as '/key.json'];
      },
      fetch: async () => Response.json({ access_token: 't', expires_in: 3600 }),
    });
    return { made, read };
  };

  test('is looked up once, and before the address is made', async () => {
    const { made, read } = create();
    const asked: Target = { provider: made, model: 'gemini-2.5-flash', options: { vertex_credentials: '/key.json' } };
    await Promise.all([made.ready!(asked), made.ready!(asked)]);
    // Another target with the same credentials needs no look either.
    await made.ready!({ ...asked, model: 'gemini-2.5-pro' });
    expect(made.ready!(asked)).toBeUndefined();
    expect(made.url!(asked, made.speaks.chat!, false)).toContain('/projects/q1/locations/us-central1/');
    expect(read).toEqual(['/key.json']);
  });

  test('that is named needs no look', () => {
    const { made } = create();
    for (const options of [{ vertex_project: 'p' }, { vertex_access_token: 't', google_cloud_project: 'p' }]) {
      const asked: Target = { provider: made, model: 'gemini-2.5-flash', options };
      expect(made.ready!(asked)).toBeUndefined();
      expect(made.url!(asked, made.speaks.chat!, false)).toContain('/projects/p/');
    }
  });

  test('that nobody names is asked for', () => {
    const { made } = create();
    const asked: Target = { provider: made, model: 'gemini-2.5-flash', options: { vertex_access_token: 't' } };
    expect(() => made.url!(asked, made.speaks.chat!, false)).toThrow('vertex_project');
  });
});

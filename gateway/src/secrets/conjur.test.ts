import { afterEach, describe, expect, test } from 'bun:test';
import { Secret } from 'sluice/kit';
import { startConjur, type FakeConjur } from '../../../test/kit/secret-managers/conjur.ts';
import { testWorld } from '../../../test/kit/secret-managers/world.ts';
import { failure, never, opened, reading } from './testing.ts';

let conjur: FakeConjur | undefined;
afterEach(() => conjur?.stop());

const prepare = () => {
  const env: Record<string, string> = { CYBERARK_ACCOUNT: 'acme', CYBERARK_USERNAME: 'host/gateway', CYBERARK_API_KEY: 'canary-api-key' };
  const world = testWorld({ env });
  conjur = startConjur(() => world.clock.now(), 'canary-api-key');
  env['CYBERARK_API_BASE'] = conjur.url;
  return { world, conjur };
};

describe('CyberArk Conjur', () => {
  test('signs in once, and again before the token ends', async () => {
    const { world, conjur } = prepare();
    conjur.variables.set('team/OPENAI_API_KEY', 'sk-1');
    conjur.variables.set('team/EMPTY', null);
    const manager = await opened('cyberark', { path_prefix: 'team' }, world);
    expect(await reading(manager, 'OPENAI_API_KEY')).toBe('sk-1');
    expect(await reading(manager, 'EMPTY')).toBeUndefined();
    expect(await reading(manager, 'OTHER')).toBeUndefined();
    expect(conjur.signIns).toBe(1);
    world.clock.pass(7.5 * 60_000);
    expect(await reading(manager, 'OPENAI_API_KEY')).toBe('sk-1');
    expect(conjur.signIns).toBe(2);
  });

  test('a token that was revoked is exchanged once', async () => {
    const { world, conjur } = prepare();
    conjur.variables.set('A', 'a');
    const manager = await opened('cyberark', {}, world);
    expect(await reading(manager, 'A')).toBe('a');
    world.clock.pass(60_000);
    conjur.revokeTokens();
    expect(await reading(manager, 'A')).toBe('a');
    conjur.revokeTokens();
    expect(await failure(manager, 'A')).toBe('it answered 401');
    expect(conjur.signIns).toBe(2);
  });

  test('a wrong key is told without it', async () => {
    const { world } = prepare();
    const said = await failure(await opened('cyberark', { api_key: 'canary-wrong' }, world), 'A');
    expect(said).toBe('it answered 401: it does not let the gateway sign in');
  });

  test('a variable that is written is declared first', async () => {
    const { world, conjur } = prepare();
    const manager = await opened('cyberark', { policy: 'gateway' }, world);
    await manager.write!('litellm/a "b"', new Secret('sk-1'), never);
    await manager.write!('litellm/a "b"', new Secret('sk-2'), never);
    expect([...conjur.variables]).toEqual([['litellm/a "b"', 'sk-2']]);
    expect(conjur.requests.filter(({ path }) => path.startsWith('/policies/'))).toHaveLength(1);
    expect(manager.delete).toBeUndefined();
  });

  test('no credentials, and checks that were turned off', async () => {
    const none = await opened('cyberark', {}, testWorld()).catch((cause: unknown) => cause);
    expect(String(none)).toContain('CYBERARK_API_KEY');
    const blind = testWorld({ env: { CYBERARK_API_KEY: 'k', CYBERARK_SSL_VERIFY: 'false' } });
    expect(String(await opened('cyberark', {}, blind).catch((cause: unknown) => cause))).toContain('ca_file');
  });
});

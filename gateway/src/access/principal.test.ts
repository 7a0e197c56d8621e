import { describe, expect, test } from 'bun:test';
import { masterPrincipal, nameOf, openPrincipal, type Principal } from './principal.ts';

const person = (userId: string): Principal => ({ ...openPrincipal, kind: 'key', userId });

describe('who is to blame', () => {
  test('a person is known by their id', () => {
    expect(nameOf(person('ann@example.com'))).toBe('ann@example.com');
    expect(nameOf(masterPrincipal)).toBe('master_key');
  });

  test.each(['master_key', 'config', 'scim', 'key:a', 'user:master_key', 'system:sso-groups', 'import:litellm', 'key:\n'])(
    'nobody passes for what is no person by being called %j',
    (id) => expect(nameOf(person(id))).toBe(`user:${id}`),
  );
});

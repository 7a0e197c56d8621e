import { describe, expect, test } from 'bun:test';
import type { Identity } from './identity.ts';
import { roleOf } from './roles.ts';
import { demandWelcome } from './demand-welcome.ts';
import { claimAt, textsAt } from '../claim-at.ts';

const identity = (more: Partial<Identity> = {}): Identity => ({ provider: 'acme', subject: 's', claims: {}, ...more });
const none = { roleMappings: undefined, adminId: undefined, adminEmail: undefined };

describe('roles', () => {
  const roleMappings = {
    provider: 'acme',
    groupClaim: 'g',
    defaultRole: 'internal_user' as const,
    roles: { proxy_admin: ['a'], internal_user_viewer: ['v'] },
  };
  test('the one that may most, of all groups', () => {
    expect(roleOf(identity({ claims: { g: ['v', 'a'] } }), { ...none, roleMappings })).toBe('proxy_admin');
    expect(roleOf(identity({ claims: { g: 'v' } }), { ...none, roleMappings })).toBe('internal_user_viewer');
    expect(roleOf(identity({ claims: {} }), { ...none, roleMappings })).toBe('internal_user');
  });
  test('a mapping is for its provider', () => {
    expect(roleOf(identity({ provider: 'other', claims: { g: ['a'] } }), { ...none, roleMappings })).toBeUndefined();
  });
  test('a claim of roles, and what is no role', () => {
    expect(roleOf(identity({ roles: ['x', 'internal_user'] }), none)).toBe('internal_user');
    expect(roleOf(identity({ roles: ['superuser'] }), none)).toBeUndefined();
  });
  test('an address makes an administrator only if it is verified', () => {
    const settings = { ...none, adminEmail: 'a@example.com' };
    expect(roleOf(identity({ email: 'a@example.com', emailVerified: true }), settings)).toBe('proxy_admin');
    expect(roleOf(identity({ email: 'a@example.com' }), settings)).toBeUndefined();
    expect(roleOf(identity({ email: 'a@example.com', emailVerified: false }), settings)).toBeUndefined();
  });
});

describe('domains', () => {
  const settings = { allowedEmailDomains: ['example.com'], accessMode: 'all' as const };
  for (const [email, good] of [
    ['a@example.com', true],
    ['a@evil.example', false],
    ['a@example.com@evil.example', false],
    ['a@sub.example.com', false],
    [undefined, false],
  ] as const)
    test(String(email), () => {
      const run = () => demandWelcome(identity({ email }), settings);
      if (good) expect(run).not.toThrow();
      else expect(run).toThrow('domain');
    });
});

describe('claims', () => {
  test('by dot path, and by a name with dots', () => {
    expect(claimAt({ a: { b: 1 } }, 'a.b')).toBe(1);
    expect(claimAt({ 'https://x.y/z': 2 }, 'https://x.y/z')).toBe(2);
    expect(claimAt({}, '__proto__.x')).toBeUndefined();
    expect(claimAt({ a: 'text' }, 'a.length')).toBeUndefined();
    expect(textsAt({ g: ['a', 1, 'b'] }, 'g')).toEqual(['a', 'b']);
    expect(textsAt({ g: 'a, b' }, 'g')).toEqual(['a', 'b']);
  });
});

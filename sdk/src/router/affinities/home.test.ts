import { describe, expect, test } from 'bun:test';
import { encryptedContentAffinity } from './encrypted-content.ts';
import { homeFilter } from './home.ts';
import { affinitiesOf } from './index.ts';
import { candidateOf } from './testing.ts';

const a = candidateOf('a', { credential: 'org-1', server: 'x' });
const b = candidateOf('b', { credential: 'org-2', server: 'x', provider: 'other' });
const c = candidateOf('c', { credential: 'org-1', server: 'x' });
const d = candidateOf('d', { credential: 'org-1', server: 'y' });
const all = [a, b, c, d];
const byId = (id: string) => all.find(({ deployment }) => deployment.id === id)?.deployment;

describe('FP-76: the home of a conversation', () => {
  const filter = homeFilter(byId);
  test('it goes on at its deployment, or at another one of the same account', () => {
    expect(filter.keep(all, { homeDeploymentId: 'a' }, 0)).toEqual([a, c]);
    expect(filter.keep(all, { homeDeploymentId: 'b' }, 0)).toEqual([b]);
    expect(filter.keep([a, c], { homeDeploymentId: 'a' }, 0)).toEqual([a, c]);
  });
  test('calls without one are not concerned: the array is the same', () => {
    expect(filter.keep(all, {}, 0)).toBe(all);
  });
  test('a home that is gone, or is not of that name, is told honestly, and not tried elsewhere', () => {
    expect(filter.keep(all, { homeDeploymentId: 'gone' }, 0)).toEqual([]);
    expect(filter.refusal('m', { homeDeploymentId: 'gone' })).toMatchObject({
      code: 'invalid_request',
      param: 'previous_response_id',
      retry: false,
      message: 'The conversation cannot go on: the deployment that keeps it is gone.',
    });
    expect(filter.keep([b], { homeDeploymentId: 'a' }, 0)).toEqual([]);
    expect(filter.refusal('m', { homeDeploymentId: 'a' }).message).toContain("that 'm' is not of");
  });
  test('another address of the same vendor may know it: the vendor says', () => {
    expect(filter.keep([b, d], { homeDeploymentId: 'a' }, 0)).toEqual([d]);
  });
});

describe('encrypted reasoning', () => {
  test('its maker is asked first, else one of the same account; others only where there is none', () => {
    const affinity = encryptedContentAffinity(byId);
    const request = { encryptedByDeploymentId: 'a' };
    expect(affinity.prefer([b, c, a], request, 0)).toBe(a);
    expect(affinity.prefer([b, c], request, 0)).toBe(c);
    const busy = candidateOf('c', { credential: 'org-1', server: 'x' });
    busy.state.pending = 3;
    expect(affinity.prefer([b, busy, c], request, 0)).toBe(c);
    expect(affinity.prefer([b, d], request, 0)).toBeUndefined();
    expect(affinity.prefer([b, d], { encryptedByDeploymentId: 'gone' }, 0)).toBeUndefined();
    expect(affinity.prefer(all, {}, 0)).toBeUndefined();
    affinity.served(c, request, 0);
    affinity.served(b, request, 0);
    affinity.served(b, {}, 0);
    expect(affinity.stats).toEqual({ hits: 1, misses: 1 });
  });
});

describe('switches', () => {
  const off = { promptCaching: false, session: false, user: false, ttlMs: 1000, byModel: {} };
  test('off unless switched on, in the order in which they are heard', () => {
    expect(affinitiesOf(off, byId).map(({ name }) => name)).toEqual(['encrypted-content']);
    const on = { ...off, promptCaching: true, session: true, user: true };
    expect(affinitiesOf(on, byId).map(({ name }) => name)).toEqual(['encrypted-content', 'session', 'prompt-cache', 'user']);
  });
  test('for some names, other names as the rest says', () => {
    const [, session] = affinitiesOf({ ...off, byModel: { m: { session: true } } }, byId);
    expect(session!.prefer(all, { sessionId: 's' }, 0)).toBeDefined();
    const others = [candidateOf('x', { name: 'n' }), candidateOf('y', { name: 'n' })];
    expect(session!.prefer(others, { sessionId: 's' }, 0)).toBeUndefined();
    const [, on] = affinitiesOf({ ...off, session: true, byModel: { m: {} } }, byId);
    expect(on!.prefer(all, { sessionId: 's' }, 0)).toBeUndefined();
    expect(on!.prefer(others, { sessionId: 's' }, 0)).toBeDefined();
  });
});

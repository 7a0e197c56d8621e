import { describe, expect, test } from 'bun:test';
import type { SluiceError } from 'sluice/kit';
import { checkRoutingMember, routeRequestOf, type RouteFacts } from './route-request.ts';

const of = (body: Record<string, unknown> = {}, headers: Record<string, string> = {}, more: Partial<RouteFacts> = {}) =>
  routeRequestOf({ body, length: JSON.stringify(body).length, headers: new Headers(headers), stream: false, ...more });

const failure = (read: () => unknown): SluiceError => {
  try {
    read();
  } catch (error) {
    return error as SluiceError;
  }
  throw new Error('nothing was thrown');
};

describe('tags', () => {
  test('come from body, metadata and header, each once', () => {
    const body = { tags: ['a', 'b'], metadata: { tags: ['b', 'c'] }, litellm_metadata: { tags: ['d'] } };
    expect(of(body, { 'x-litellm-tags': ' e, a ,,' }).tags).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  test("a text is one tag; what a provider's metadata holds is none", () => {
    expect(of({ tags: 'private-data', metadata: { tags: 'x,y' } }).tags).toEqual(['private-data']);
    expect(of({ metadata: 'x', tags: [1, null, '', 'ok', 'l'.repeat(257)] }).tags).toEqual(['ok']);
  });

  test('are 64 at most', () => {
    expect(of({ tags: Array.from({ length: 100 }, (_, at) => `t${at}`) }).tags).toHaveLength(64);
  });

  test('of another kind are refused by name, where they are ours', () => {
    expect(failure(() => checkRoutingMember('tags', { a: 1 }))).toMatchObject({ code: 'invalid_request', param: 'tags' });
    for (const fine of [null, undefined, 'a', ['a']]) expect(checkRoutingMember('tags', fine)).toBeUndefined();
    expect(of({ tags: ['a'] }, {}, { theirs: ['tags'] }).tags).toEqual([]);
  });
});

describe('regions', () => {
  test.each<[Record<string, unknown>, Record<string, string>, readonly string[] | undefined]>([
    [{}, {}, undefined],
    [{ allowed_model_region: null }, {}, undefined],
    [{ allowed_model_region: 'eu' }, {}, ['eu']],
    [{ allowed_model_region: ['eu', 'us'] }, {}, ['eu', 'us']],
    [{}, { 'x-sluice-allowed-regions': 'eu, westus' }, ['eu', 'westus']],
    [{ allowed_model_region: ['eu', 'us'] }, { 'x-sluice-allowed-regions': 'us' }, ['us']],
    [{ allowed_model_region: 'eu' }, { 'x-sluice-allowed-regions': 'us' }, ['eu and us']],
  ])('%p, %p: %p', (body, headers, wanted) => {
    expect(of(body, headers).regions).toEqual(wanted as string[]);
  });

  test('what cannot be read is refused', () => {
    for (const value of [7, [], [7], [''], {}, '', Array.from({ length: 33 }, () => 'eu')])
      expect(failure(() => of({ allowed_model_region: value }).regions)).toMatchObject({
        code: 'invalid_request',
        param: 'allowed_model_region',
      });
    expect(failure(() => of({}, { 'x-sluice-allowed-regions': 'x'.repeat(65) }).regions).param).toBe('x-sluice-allowed-regions');
  });
});

describe('price and priority', () => {
  test('prices stand in headers', () => {
    const request = of({}, { 'x-sluice-max-input-usd-per-million': '0.5', 'x-sluice-max-output-usd-per-million': '0' });
    expect([request.maxInputUsdPerMillion, request.maxOutputUsdPerMillion]).toEqual([0.5, 0]);
    expect(of().maxInputUsdPerMillion).toBeUndefined();
    for (const odd of ['', 'x', '-1', 'Infinity'])
      expect(failure(() => of({}, { 'x-sluice-max-input-usd-per-million': odd }).maxInputUsdPerMillion).code).toBe('invalid_request');
  });

  test.each<[Record<string, unknown>, Record<string, string>, number | undefined]>([
    [{}, {}, undefined],
    [{ priority: 0 }, { 'x-litellm-priority': '9' }, 0],
    [{}, { 'x-litellm-priority': '9' }, 9],
    [{ priority: '7' }, {}, 7],
    [{ priority: 1e9 }, {}, 255],
    [{ priority: -3 }, {}, 0],
  ])('%p, %p: %p', (body, headers, wanted) => {
    expect(of(body, headers).priority).toBe(wanted);
  });

  test("a priority that is none is refused; one that is the vendor's is left alone", () => {
    expect(failure(() => checkRoutingMember('priority', 'high')).param).toBe('priority');
    for (const fine of [null, undefined, 0, '7']) expect(checkRoutingMember('priority', fine)).toBeUndefined();
    expect(of({}, { 'x-litellm-priority': 'high' }, { defaultPriority: 5 }).priority).toBe(5);
    expect(of({ priority: 'high' }, {}, { theirs: ['priority'], defaultPriority: 5 }).priority).toBe(5);
    expect(of({ priority: null }, {}, { defaultPriority: 5 }).priority).toBe(5);
  });
});

test('nothing is read before it is asked for, and but once', () => {
  let reads = 0;
  const body = {
    get tags() {
      reads++;
      return ['a'];
    },
  };
  const request = routeRequestOf({ body, length: 10, headers: new Headers(), stream: true });
  expect(reads).toBe(0);
  expect(request.tags).toEqual(['a']);
  const once = reads;
  expect(request.tags).toEqual(['a']);
  expect(reads).toBe(once);
  expect(request.needs!()).toBe(request.needs!());
  const { needs, cachePrefix } = request;
  expect(needs!().inputTokens).toBe(0);
  expect(cachePrefix!()).toBeUndefined();
});

test('the rest goes through', () => {
  const request = of(
    { user: 'u', litellm_session_id: 's' },
    { 'user-agent': 'curl/8' },
    { stream: true, homeDeploymentId: 'd', caller: 'k' },
  );
  const { stream, homeDeploymentId, caller, user, sessionId, userAgent } = request;
  expect({ stream, homeDeploymentId, caller, user, sessionId, userAgent }).toEqual({
    stream: true,
    homeDeploymentId: 'd',
    caller: 'k',
    user: 'u',
    sessionId: 's',
    userAgent: 'curl/8',
  });
});

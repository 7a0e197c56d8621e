import { expect, test } from 'bun:test';
import { adminRoute, type AdminMethod } from './admin-route.ts';
import { createAdminMatcher } from './match.ts';

const route = (method: AdminMethod, ...paths: [string, ...string[]]) =>
  adminRoute({ method, paths, action: 'key.see', handle: async () => undefined, summary: `${method} ${paths[0]}` });

const matcher = createAdminMatcher([
  route('GET', '/key/info', '/v1/key/info'),
  route('POST', '/key/info'),
  route('POST', '/key/{key:path}/regenerate'),
  route('POST', '/key/regenerate'),
  route('GET', '/team/{id}'),
  route('GET', '/team/list'),
  route('DELETE', '/team/{id}/member/{user}'),
  route('GET', '/group/{id:path}'),
  route('GET', '/group/{id:path}/members'),
]);

const found = (method: string, path: string): unknown => {
  const match = matcher.find(method, path);
  return match && ('route' in match ? [match.route.summary, match.params] : match);
};

test('exact paths, each of them, whatever the others are', () => {
  expect(found('GET', '/key/info')).toEqual(['GET /key/info', {}]);
  expect(found('GET', '/v1/key/info')).toEqual(['GET /key/info', {}]);
  expect(found('GET', '/team/list')).toEqual(['GET /team/list', {}]);
  expect(found('POST', '/key/regenerate')).toEqual(['POST /key/regenerate', {}]);
});

test('patterns, with ids that may hold anything', () => {
  expect(found('GET', '/team/a')).toEqual(['GET /team/{id}', { id: 'a' }]);
  expect(found('GET', '/team/a%2Fb%20%C3%BC')).toEqual(['GET /team/{id}', { id: 'a/b ü' }]);
  expect(found('DELETE', '/team/a/member/b')).toEqual(['DELETE /team/{id}/member/{user}', { id: 'a', user: 'b' }]);
  expect(found('POST', '/key/sk-1/regenerate')).toEqual(['POST /key/{key:path}/regenerate', { key: 'sk-1' }]);
  expect(found('POST', '/key/a/b//c/regenerate')).toEqual(['POST /key/{key:path}/regenerate', { key: 'a/b//c' }]);
  expect(found('GET', '/group/a/b/members')).toEqual(['GET /group/{id:path}/members', { id: 'a/b' }]);
  expect(found('GET', '/group/a/b')).toEqual(['GET /group/{id:path}', { id: 'a/b' }]);
});

test('one trailing slash is forgiven, and nothing else', () => {
  expect(found('GET', '/key/info/')).toEqual(['GET /key/info', {}]);
  for (const path of [
    '/key/info//',
    '//key/info',
    '/key//info',
    '/Key/info',
    '/KEY/INFO',
    '/key/info/more',
    '/key',
    '/',
    '',
    '/key%2finfo',
    '/key/./info',
  ])
    expect([path, found('GET', path)]).toEqual([path, undefined]);
});

test('what cannot be decoded is nobody’s, and neither is what is empty', () => {
  for (const path of ['/team/%', '/team/%zz', '/team/%ff', '/team//member/b', '/team/a/member/'])
    expect([path, found('DELETE', path)]).toEqual([path, undefined]);
});

test('another method is told which there are', () => {
  expect(found('DELETE', '/key/info')).toEqual({ allowed: ['GET', 'POST'] });
  expect(found('HEAD', '/team/a')).toEqual({ allowed: ['GET'] });
  for (const odd of ['get', 'constructor', 'toString', '__proto__', 'TRACE'])
    expect(found(odd, '/key/info')).toEqual({ allowed: ['GET', 'POST'] });
});

test('two routes cannot have one path, nor can one begin with anything', () => {
  expect(() => createAdminMatcher([route('GET', '/a'), route('GET', '/a')])).toThrow('Two routes');
  expect(() => createAdminMatcher([route('GET', '/a/{b}'), route('GET', '/a/{b}')])).toThrow('Two routes');
  // The same pattern, by another name.
  expect(() => createAdminMatcher([route('GET', '/a/{b}'), route('GET', '/a/{c}')])).toThrow('Two routes');
  expect(() => createAdminMatcher([route('GET', '/{b}/a')])).toThrow('begins');
});

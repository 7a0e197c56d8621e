import { describe, expect, test } from 'bun:test';
import { isRouteName, routeAllowed, routeGroups, routesWithin } from './route-groups.ts';
import { routePattern } from './route-pattern.ts';

describe('routeAllowed', () => {
  test('an exact path, a pattern, a hole, a group', () => {
    expect(routeAllowed(['/v1/chat/completions'], '/v1/chat/completions')).toBe(true);
    expect(routeAllowed(['/v1/chat/completions'], '/v1/chat/completions/')).toBe(true);
    expect(routeAllowed(['/v1/chat/completions'], '/v1/embeddings')).toBe(false);
    expect(routeAllowed(['/key/*'], '/key/info')).toBe(true);
    expect(routeAllowed(['/key/*'], '/key')).toBe(false);
    expect(routeAllowed(['/key/*'], '/keys/info')).toBe(false);
    expect(routeAllowed(['/v1/files/{id}/content'], '/v1/files/f1/content')).toBe(true);
    expect(routeAllowed(['/v1/files/{id}/content'], '/v1/files/a/b/content')).toBe(false);
    expect(routeAllowed(['llm_api_routes'], '/v1/chat/completions')).toBe(true);
    expect(routeAllowed(['llm_api_routes'], '/key/generate')).toBe(false);
    expect(routeAllowed(['info_routes'], '/key/info')).toBe(true);
    expect(routeAllowed(['info_routes'], '/v1/chat/completions')).toBe(false);
    expect(routeAllowed(['*'], '/anything')).toBe(true);
    expect(routeAllowed([], '/v1/models')).toBe(false);
  });

  test('holes of several segments, and what follows in a segment', () => {
    const google = ['google_routes'];
    expect(routeAllowed(google, '/v1beta/models/gemini-2.5-pro:generateContent')).toBe(true);
    expect(routeAllowed(google, '/v1beta/models/openai/gpt-4o:generateContent')).toBe(true);
    expect(routeAllowed(google, '/models/:generateContent')).toBe(false);
    expect(routeAllowed(google, '/models/a:deleteContent')).toBe(false);
    expect(routeAllowed(['/key/{id:path}/regenerate'], '/key/a/b/regenerate')).toBe(true);
    expect(routeAllowed(['/key/{id:path}/regenerate'], '/key/regenerate')).toBe(false);
    expect(routeAllowed(['/x/{id:path}:end'], '/x/a/:end')).toBe(true);
    expect(routeAllowed(['/x/{id:path}:end'], '/x/:end')).toBe(false);
  });

  test('paths that could be read as another one are in no list', () => {
    const odd = [
      '/key//info',
      '/key/../team/new',
      '/key/%2e%2e/team/new',
      '/key/.%2E/x',
      '/key/./info',
      '//key/info',
      '/key\\info',
      'key/info',
      '',
    ];
    for (const path of odd) {
      expect(routeAllowed(['/key/*', '/*', '*', 'management_routes'], path)).toBe(false);
    }
  });

  test('relays to providers are calls, whichever providers there are', () => {
    expect(routeAllowed(['llm_api_routes'], '/replicate/v1/predictions')).toBe(false);
    expect(routeAllowed(['llm_api_routes'], '/replicate/v1/predictions', true)).toBe(true);
    expect(routeAllowed(['management_routes'], '/replicate/v1/predictions', true)).toBe(false);
  });

  test('time grows with the path alone', () => {
    const path = `/${'a/'.repeat(20_000)}b`;
    const started = performance.now();
    for (let at = 0; at < 20; at++) routeAllowed([`/{x:path}/${'a/'.repeat(50)}c`, '/a/*', 'llm_api_routes'], path);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

test('every path of a group is a path or a pattern', () => {
  for (const [name, paths] of Object.entries(routeGroups))
    for (const path of paths) expect({ name, path, ok: routePattern(path) !== undefined }).toEqual({ name, path, ok: true });
});

test('names of groups, paths and patterns may stand in allowed_routes; others not', () => {
  for (const good of ['llm_api_routes', 'info_routes', '/key/*', '/v1/models/{model}', '/*', '*', '/', 'mcp_routes'])
    expect(isRouteName(good)).toBe(true);
  for (const bad of [
    'llm_routes',
    'key/*',
    '/key*',
    '/a/*/b',
    '/{a:path}/{b:path}',
    '/a?b=1',
    '/a b',
    '',
    `/${'a'.repeat(300)}`,
    '/a//b',
    'constructor',
    '__proto__',
  ])
    expect({ bad, is: isRouteName(bad) }).toEqual({ bad, is: false });
});

test('one list within another', () => {
  expect(routesWithin(['/v1/chat/completions'], ['llm_api_routes'])).toBe(true);
  expect(routesWithin(['openai_routes'], ['llm_api_routes'])).toBe(true);
  expect(routesWithin(['llm_api_routes'], ['openai_routes'])).toBe(false);
  expect(routesWithin(['management_routes'], ['llm_api_routes'])).toBe(false);
  expect(routesWithin(['key_management_routes'], ['management_routes', 'spend_tracking_routes'])).toBe(true);
  expect(routesWithin(['/key/*'], ['/key/*'])).toBe(true);
  expect(routesWithin(['/team/member/*'], ['/team/*'])).toBe(true);
  expect(routesWithin(['/*'], ['/team/*'])).toBe(false);
  expect(routesWithin(['*'], ['/team/*'])).toBe(false);
});

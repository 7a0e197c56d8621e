import { expect, test } from 'bun:test';
import { routeAllowed } from '../../../access/keys/route-groups.ts';
import { fixedPaths } from '../../paths.ts';
import { routeRules } from '../../routes.ts';
import { keyRoutes } from './index.ts';

const health = new Set(['health', 'health_latest', 'health_history', 'health_shared_status', 'health_backlog', 'health_test_connection']);

test('every path that calls models is in llm_api_routes, and no other', () => {
  for (const [path, route] of fixedPaths) {
    const calls = !health.has(route) && !('public' in routeRules[route]);
    expect({ path, allowed: routeAllowed(['llm_api_routes'], path) }).toEqual({ path, allowed: calls });
  }
});

test('every route of keys is in management_routes, and none in llm_api_routes', () => {
  for (const path of keyRoutes.flatMap((route) => route.paths)) {
    const asked = path.replace('{key:path}', 'abc');
    expect({ path, allowed: routeAllowed(['management_routes'], asked), call: routeAllowed(['llm_api_routes'], asked) }).toEqual({
      path,
      allowed: true,
      call: false,
    });
  }
});

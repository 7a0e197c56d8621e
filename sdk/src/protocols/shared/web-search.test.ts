import { expect, test } from 'bun:test';
import { readSearchTool, searchLimits } from './web-search.ts';

test.each([
  [
    {
      type: 'web_search',
      search_context_size: 'low',
      filters: { allowed_domains: ['a.test', 1] },
      user_location: { type: 'approximate', city: 'Graz' },
    },
    { contextSize: 'low', allowedDomains: ['a.test'], userLocation: { city: 'Graz' } },
  ],
  [
    { type: 'web_search_20250305', name: 'web_search', max_uses: 3, blocked_domains: ['b.test'], user_location: null },
    { blockedDomains: ['b.test'], maxUses: 3 },
  ],
  [{ googleSearch: {} }, {}],
])('%j', (tool, search) => {
  expect(readSearchTool(tool)).toEqual(search);
});

test('limits', () => {
  expect(searchLimits({ allowedDomains: ['a'], blockedDomains: [], contextSize: 'low' })).toEqual(['allowed_domains']);
  expect(searchLimits({ blockedDomains: ['b'] })).toEqual(['blocked_domains']);
});

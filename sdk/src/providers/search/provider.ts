import type { Provider } from '../../types/index.ts';
import { lazily } from '../lazily.ts';
import type { SearchVendor } from './adapter.ts';

/** A provider that does searches and nothing else. @param load how it is asked, which its first search loads */
export const searchProvider = (facts: Omit<Provider, 'speaks' | 'operations'>, load: () => Promise<SearchVendor>): Provider => ({
  ...facts,
  speaks: {},
  operations: {
    search: lazily(async () => {
      const [{ searchAdapter }, vendor] = await Promise.all([import('./adapter.ts'), load()]);
      return searchAdapter(vendor);
    }),
  },
});

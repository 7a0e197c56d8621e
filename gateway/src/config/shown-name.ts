import { isKeptModel } from './schema/kept-settings.ts';
import { searchToolOf } from './schema/search-tools.ts';

/**
 * A name of the router as people are told of it: a search tool by its own name, and nothing where a provider's
 * credentials have no name that anybody gave them.
 */
export const shownName = (routerName: string): string | undefined =>
  isKeptModel(routerName) ? undefined : (searchToolOf(routerName) ?? routerName);

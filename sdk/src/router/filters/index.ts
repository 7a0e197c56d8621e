import type { Filter } from '../filter.ts';
import { activeFilter } from './active.ts';
import { capabilitiesFilter } from './capabilities.ts';
import { contextWindowFilter } from './context-window.ts';
import { maxPriceFilter } from './max-price.ts';
import { regionFilter } from './region.ts';
import { tagsFilter, type TagOptions } from './tags.ts';

export { createBudgets, type Budgets } from './budget.ts';
export { SpendWindows, type SpendBudget } from './spend-windows.ts';
export type { TagOptions } from './tags.ts';

interface FilterOptions<P> {
  /** Absent: tags choose nothing. */
  readonly tags?: TagOptions;
  /** What is known to be unable to serve a call never gets it; else it does where there is nobody else. */
  readonly preCallChecks?: boolean;
  /** `createBudgets().filter`, where there are budgets. */
  readonly budget?: Filter<P>;
}

/**
 * The filters of a router, in their order: first what a deployment must not serve, then what it cannot, so that what is
 * only a preference chooses among those that are allowed.
 */
export const createFilters = <P>({ tags, preCallChecks = false, budget }: FilterOptions<P> = {}): readonly Filter<P>[] => [
  activeFilter<P>(),
  ...(tags ? [tagsFilter<P>(tags)] : []),
  regionFilter<P>(),
  ...(budget ? [budget] : []),
  maxPriceFilter<P>(),
  capabilitiesFilter<P>({ strict: preCallChecks }),
  contextWindowFilter<P>({ strict: preCallChecks }),
];

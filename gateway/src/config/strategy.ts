/** LiteLLM's own names (types/router.py, RoutingStrategy, read 2026-11-22). */
export const litellmStrategies = [
  'simple-shuffle',
  'least-busy',
  'usage-based-routing',
  'usage-based-routing-v2',
  'latency-based-routing',
  'cost-based-routing',
] as const;

/** As tutorials, and LiteLLM's older versions, spell them. Budgets are a filter beside any strategy, not one of their own. */
export const looserStrategies: Readonly<Record<string, string>> = {
  'latency-based': 'latency-based-routing',
  'lowest-latency': 'latency-based-routing',
  'cost-based': 'cost-based-routing',
  'lowest-cost': 'cost-based-routing',
  'usage-based': 'usage-based-routing-v2',
  'weighted-pick': 'simple-shuffle',
  'provider-budget-routing': 'simple-shuffle',
};

/** The one name of a strategy. */
export const canonicalStrategy = (name: string): string => (Object.hasOwn(looserStrategies, name) ? looserStrategies[name]! : name);

/** In these LiteLLM holds `rpm` and `tpm` for limits, not for shares alone; `itpm` and `otpm` go with them. */
export const keepsLimits = (strategy: string | undefined): boolean => strategy?.startsWith('usage-based-routing') ?? false;

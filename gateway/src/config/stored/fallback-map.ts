/** The lists of `router_settings` in which model names have others that take over. */
export const fallbackKinds = ['fallbacks', 'context_window_fallbacks', 'content_policy_fallbacks'] as const;
export type FallbackKind = (typeof fallbackKinds)[number];

/**
 * LiteLLM's list of mappings, or one mapping, as one mapping of names to targets. Names that stand alone in the list are a
 * chain: behind each is the next one.
 */
export const listsAsMap = (lists: unknown): Record<string, unknown> => {
  if (!Array.isArray(lists)) return typeof lists === 'object' && lists !== null ? { ...(lists as Record<string, unknown>) } : {};
  const chain = [...new Set(lists.filter((each): each is string => typeof each === 'string'))];
  const map: Record<string, unknown> = {};
  if (chain.length > 0) map['*'] = chain;
  for (const [at, name] of chain.entries()) if (at < chain.length - 1) map[name] = chain.slice(at + 1);
  const seen = new Set<string>();
  for (const each of lists) {
    if (typeof each !== 'object' || each === null) continue;
    for (const [name, targets] of Object.entries(each as Record<string, unknown>)) {
      // As in LiteLLM, the first list of a name is the one that holds.
      if (seen.has(name)) continue;
      seen.add(name);
      map[name] = targets;
    }
  }
  return map;
};

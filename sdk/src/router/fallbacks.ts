import type { SluiceError } from '../types/index.ts';
import type { FallbackLists, FallbackSettings, FallbackTarget } from './settings.ts';

/** LiteLLM's ROUTER_MAX_FALLBACKS. */
export const defaultMaxFallbacks = 5;

/** What one call says of its own fallbacks. */
export interface CallFallbacks {
  /** Instead of the router's, whatever the failure. */
  readonly targets?: readonly FallbackTarget[];
  /** Names by name, for prompts that are too long. */
  readonly contextWindow?: FallbackLists;
  readonly disabled?: boolean;
}

/**
 * Where a call may go after a failure of `name`, in order. A failure of a kind that has a list of its own goes by that
 * list alone. LiteLLM's look-up: the name, the name without its provider, then `*`.
 */
export const fallbacksAfter = (
  name: string,
  error: SluiceError,
  settings: FallbackSettings,
  { targets, contextWindow: ofCall, disabled = false }: CallFallbacks = {},
): readonly FallbackTarget[] => {
  if (disabled || error.code === 'client_closed_request') return [];
  const { general, contextWindow, contentPolicy } = settings;
  const own =
    error.code === 'context_window_exceeded'
      ? (listOf(name, ofCall) ?? listOf(name, contextWindow))
      : error.code === 'content_policy_violation'
        ? listOf(name, contentPolicy)
        : undefined;
  return own ?? targets ?? listOf(name, general) ?? [];
};

const listOf = (name: string, lists: FallbackLists | undefined): readonly FallbackTarget[] | undefined => {
  if (!lists) return undefined;
  const of = (key: string) => (Object.hasOwn(lists, key) ? lists[key] : undefined);
  return of(name) ?? of(name.slice(name.indexOf('/') + 1)) ?? of('*');
};

/** Names may be asked again with other members. */
export const keyOf = ({ name, overrides }: FallbackTarget): string => (overrides ? `${name}\n${JSON.stringify(overrides)}` : name);

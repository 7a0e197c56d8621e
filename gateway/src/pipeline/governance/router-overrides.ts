import type { CallFallbacks, FallbackTarget } from 'sluice/kit';
import type { Principal } from '../../access/principal.ts';
import type { Asked } from '../call-state.ts';

/** What the calls of a key or a team have other than the router's settings say (`router_settings`). */
interface Overrides {
  readonly maxRetries?: number;
  readonly timeoutMs?: number;
  readonly general?: Lists;
  readonly contextWindow?: Lists;
}

type Lists = Readonly<Record<string, readonly FallbackTarget[]>>;

const known = new WeakMap<Principal, Overrides | undefined>();

/** Where a request says nothing itself, its key does, and then its team. */
export const override = (principal: Principal, asked: Asked, model: string): void => {
  const overrides = overridesOf(principal);
  if (!overrides) return;
  if (overrides.maxRetries !== undefined) asked.maxRetries ??= overrides.maxRetries;
  if (overrides.timeoutMs !== undefined) asked.timeoutMs ??= overrides.timeoutMs;
  const { general, contextWindow } = overrides;
  if (asked.fallbacks || (!general && !contextWindow)) return;
  const targets = general && (general[model] ?? general['*']);
  asked.fallbacks = { ...(targets && { targets }), ...(contextWindow && { contextWindow }) } satisfies CallFallbacks;
};

const overridesOf = (principal: Principal): Overrides | undefined => {
  if (known.has(principal)) return known.get(principal);
  const { key, team } = principal;
  const settings = { ...stated(team?.data.router_settings), ...stated(key?.data.router_settings) };
  const made = Object.keys(settings).length === 0 ? undefined : read(settings);
  known.set(principal, made);
  return made;
};

const stated = (settings: Json | null | undefined): Json =>
  Object.fromEntries(Object.entries(settings ?? {}).filter(([, value]) => value !== null && value !== undefined));

type Json = Readonly<Record<string, unknown>>;

/** Checked when they were stored. */
const read = (settings: Json): Overrides => {
  const retries = settings['num_retries'] ?? settings['max_retries'];
  const seconds = settings['timeout'];
  const general = listsOf(settings['fallbacks']);
  const contextWindow = listsOf(settings['context_window_fallbacks']);
  return {
    ...(typeof retries === 'number' && { maxRetries: retries }),
    ...(typeof seconds === 'number' && { timeoutMs: Math.round(seconds * 1000) }),
    ...(general && { general }),
    ...(contextWindow && { contextWindow }),
  };
};

/** `[{ a: [b, c] }]` */
const listsOf = (value: unknown): Lists | undefined => {
  if (!Array.isArray(value)) return undefined;
  const entries = value.flatMap((each: unknown) => Object.entries(each as Record<string, readonly string[]>));
  return Object.fromEntries(entries.map(([name, targets]) => [name, targets.map((target) => ({ name: target }))]));
};

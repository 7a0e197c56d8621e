import { totalInputTokens, totalOutputTokens } from 'sluice/kit';
import type { Limit, Metric, Refusal, Remaining } from '../limits/index.ts';
import type { CallState } from '../pipeline/call-state.ts';

/**
 * Headers that tell how limits stand, under LiteLLM's names (its sources, litellm/proxy/hooks/dynamic_rate_limiter_v3.py and the
 * tests of its headers, read 2026-11-22), and for the key's own limits under OpenAI's as well, with OpenAI's spelling of times
 * (`1m30s`). Budgets have headers of their own.
 */

/** Where a kind of subject goes by another name in LiteLLM's headers. */
const descriptors: Readonly<Record<string, string>> = {
  key: 'api_key',
  customer: 'end_user',
  model: 'model_saturation_check',
  priority: 'priority_model',
  share: 'fair_share',
};

const types: Readonly<Record<Metric, string>> = {
  requests: 'requests',
  tokens: 'tokens',
  input_tokens: 'tokens',
  output_tokens: 'tokens',
  parallel: 'max_parallel_requests',
  cost: 'budget',
};

interface Names {
  readonly limit: string;
  readonly remaining: string;
  readonly max: string;
  /** Of a key's own, what clients of OpenAI look for. */
  readonly plain: 'requests' | 'tokens' | undefined;
}

/** Most limits are one object from call to call. */
const known = new WeakMap<Limit, Names>();

const namesOf = (limit: Limit): Names => {
  let names = known.get(limit);
  if (!names) known.set(limit, (names = makeNames(limit)));
  return names;
};

const makeNames = ({ subject, metric, max }: Limit): Names => {
  const colon = subject.indexOf(':');
  const kind = colon === -1 ? subject : subject.slice(0, colon);
  const owned = partOf(subject, kind);
  const descriptor = owned ? `${owned}_per_${kind}` : (descriptors[kind] ?? kind);
  const type = types[metric];
  return {
    limit: `x-ratelimit-${descriptor}-limit-${type}`,
    remaining: `x-ratelimit-${descriptor}-remaining-${type}`,
    max: String(max),
    plain: kind === 'key' && owned !== 'tag' && (type === 'requests' || type === 'tokens') ? type : undefined,
  };
};

/** What of a subject a limit is for: `model` of `key:ab12/model:gpt-4o`. Models' own names hold slashes too. */
const partOf = (subject: string, kind: string): 'model' | 'tag' | undefined => {
  if (kind === 'model' || kind === 'priority' || kind === 'share') return undefined;
  if (subject.includes('/model:')) return 'model';
  return subject.includes('/tag:') ? 'tag' : undefined;
};

interface Standing {
  readonly limit: Limit;
  readonly remaining: number;
  /** Until all of it, or of a refused call as much as that needs, is free. Milliseconds. */
  readonly resetsInMs: number | undefined;
}

/** How the limits of a call stand. Nothing for calls without any. What comes of the provider under the same name gives way. */
export const addRateLimits = (headers: Record<string, string>, state: CallState): void => {
  const { held, sharing } = state;
  if (sharing) addSharing(headers, sharing);
  const all = held?.remaining;
  if (!all || all.length === 0) return;
  const now = state.clock();
  /** Of several of a kind (tags), the one with the least; by the name of the header. */
  const least = new Map<string, Standing>();
  for (const each of all) {
    const { limit, resetsAt } = each;
    if (limit.metric === 'cost' || limit.soft) continue;
    const remaining = each.remaining + givenBack(limit, each, state);
    const standing = { limit, remaining, resetsInMs: resetsAt === undefined ? undefined : resetsAt - now };
    const { remaining: name, plain } = namesOf(limit);
    if (remaining < (least.get(name)?.remaining ?? Infinity)) least.set(name, standing);
    if (plain && remaining < (least.get(plain)?.remaining ?? Infinity)) least.set(plain, standing);
  }
  for (const [name, standing] of least)
    if (name === 'requests' || name === 'tokens') addPlain(headers, name, standing);
    else addOne(headers, standing);
};

/** The limit that refused a call. @param resetsInMs when there is room for it, if that is known */
export const addRefusal = (headers: Record<string, string>, { limit, used, resetsAt }: Refusal, resetsInMs: number | undefined): void => {
  headers['rate_limit_type'] = types[limit.metric];
  if (resetsAt !== undefined) headers['reset_at'] = `${new Date(resetsAt).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
  if (limit.metric === 'cost') return;
  const standing = { limit, remaining: Math.max(0, limit.max - used), resetsInMs };
  addOne(headers, standing);
  const { plain } = namesOf(limit);
  if (plain) addPlain(headers, plain, standing);
};

const addSharing = (headers: Record<string, string>, { priority, saturation, limiter }: NonNullable<CallState['sharing']>): void => {
  headers['x-litellm-saturation'] = `${(saturation * 100).toFixed(2)}%`;
  if (!limiter) return;
  headers['x-litellm-rate-limiter-version'] = limiter;
  headers['x-litellm-priority'] = plainText.test(priority) ? priority : encodeURIComponent(priority);
};

const plainText = /^[\x20-\x7e]+$/;

const addOne = (headers: Record<string, string>, { limit, remaining }: Standing): void => {
  const names = namesOf(limit);
  headers[names.limit] = names.max;
  headers[names.remaining] = String(remaining);
};

const addPlain = (headers: Record<string, string>, type: 'requests' | 'tokens', { limit, remaining, resetsInMs }: Standing): void => {
  headers[`x-ratelimit-limit-${type}`] = namesOf(limit).max;
  headers[`x-ratelimit-remaining-${type}`] = String(remaining);
  if (resetsInMs !== undefined) headers[`x-ratelimit-reset-${type}`] = span(resetsInMs);
};

/** Of tokens, what was taken for the call and is known by now not to be used. */
const givenBack = ({ metric, max }: Limit, { used, remaining }: Remaining, { held, facts, stream }: CallState): number => {
  const worst = held?.worst;
  if (!worst || stream || facts?.usage === undefined || facts.endedAt === undefined) return 0;
  const [input, output] = [worst.inputTokens - totalInputTokens(facts.usage), worst.outputTokens - totalOutputTokens(facts.usage)];
  const back = metric === 'tokens' ? input + output : metric === 'input_tokens' ? input : metric === 'output_tokens' ? output : 0;
  // It may have used more than it was thought to, and others more than the limit.
  return Math.max(0, max - used + back) - remaining;
};

/** `1m30s`, `12s`, `120ms`. */
const span = (ms: number): string => {
  if (ms < 1000) return `${Math.max(0, Math.ceil(ms))}ms`;
  const seconds = Math.ceil(ms / 1000);
  const [minutes, rest] = [Math.floor(seconds / 60), seconds % 60];
  if (minutes === 0) return `${rest}s`;
  return minutes < 60 ? `${minutes}m${rest}s` : `${Math.floor(minutes / 60)}h${minutes % 60}m${rest}s`;
};

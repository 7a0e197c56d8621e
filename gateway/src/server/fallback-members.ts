import { SluiceError, type CallFallbacks, type FallbackTarget, type JsonObject } from 'sluice/kit';
import type { MockFailures } from '../pipeline/mock-failures.ts';

/** More names than this are no list of fallbacks. */
const maxTargets = 20;

/** Members of a request that say what is asked where its model fails. */
export const fallbackMembers = ['fallbacks', 'context_window_fallback_dict', 'disable_fallbacks'] as const;

/** LiteLLM's switches for trying fallbacks out, and what they make fail. */
export const mockFailureMembers = {
  mock_testing_fallbacks: 'fallbacks',
  mock_testing_context_fallbacks: 'contextFallbacks',
  // As LiteLLM's page on fallbacks spells it (docs/proxy/reliability, read 2026-11-22).
  mock_testing_context_window_fallbacks: 'contextFallbacks',
  mock_testing_content_policy_fallbacks: 'contentPolicyFallbacks',
  mock_testing_rate_limit_error: 'rateLimit',
} as const satisfies Record<string, keyof MockFailures>;

/** @throws SluiceError `invalid_request` that names the member */
export const readFallbacks = (body: JsonObject): CallFallbacks | undefined => {
  const [fallbacks, byContext, disabled] = fallbackMembers.map((name) => fromForm(body[name]));
  if (!isGiven(fallbacks) && !isGiven(byContext) && !isGiven(disabled)) return undefined;
  if (isGiven(disabled) && typeof disabled !== 'boolean') throw wrong('disable_fallbacks', 'true or false');
  const targets = isGiven(fallbacks) ? targetsOf(fallbacks, body['model']) : undefined;
  return {
    ...(targets && { targets }),
    ...(isGiven(byContext) && { contextWindow: listsOf(byContext) }),
    ...(disabled === true && { disabled }),
  };
};

/** Names, bodies with a model, or LiteLLM's mappings from the model that failed to such a list. */
const targetsOf = (value: unknown, model: unknown): readonly FallbackTarget[] => {
  if (!Array.isArray(value) || value.length > maxTargets) throw wrong('fallbacks', `a list of at most ${maxTargets} models`);
  return value.flatMap((each: unknown) => {
    if (typeof each === 'string') return [{ name: each }];
    if (!isObject(each)) throw wrong('fallbacks', 'a list of model names, or of objects with a model');
    const { model: name, ...overrides } = each;
    if (typeof name === 'string') return [Object.keys(overrides).length > 0 ? { name, overrides } : { name }];
    const own = typeof model === 'string' && Object.hasOwn(each, model) ? each[model] : each['*'];
    return own === undefined ? [] : targetsOf(Array.isArray(own) ? own : [own], undefined);
  });
};

const listsOf = (value: unknown): Readonly<Record<string, readonly FallbackTarget[]>> => {
  if (!isObject(value)) throw wrong('context_window_fallback_dict', 'an object from model to model');
  return Object.fromEntries(
    Object.entries(value).map(([name, to]) => {
      const names: unknown[] = Array.isArray(to) ? to : [to];
      if (!names.every((each) => typeof each === 'string')) throw wrong('context_window_fallback_dict', 'an object from model to model');
      return [name, names.slice(0, maxTargets).map((each) => ({ name: each }))];
    }),
  );
};

/** @throws SluiceError `invalid_request` */
export const readMockFailures = (body: JsonObject): MockFailures | undefined => {
  let found: MockFailures | undefined;
  for (const [name, what] of Object.entries(mockFailureMembers)) {
    const value = fromForm(body[name]);
    if (!isGiven(value)) continue;
    if (typeof value !== 'boolean') throw wrong(name, 'true or false');
    if (value) (found ??= {})[what] = true;
  }
  return found;
};

/** In forms all is text. */
const fromForm = (value: unknown): unknown => {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
};

const isGiven = (value: unknown): boolean => value !== undefined && value !== null;
const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

const wrong = (name: string, wanted: string): SluiceError =>
  new SluiceError('invalid_request', `'${name}' must be ${wanted}.`, { param: name });

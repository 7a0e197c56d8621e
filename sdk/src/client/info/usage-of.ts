import { chatProtocols } from '../../protocols/index.ts';
import { readOpenAiUsage } from '../../protocols/shared/openai-usage.ts';
import { asNumber, asObject } from '../../protocols/shared/read.ts';
import { isObject } from '../../lib/is-object.ts';
import type { JsonObject, Usage } from '../../types/index.ts';
import { usageOf } from '../operate/usage.ts';
import type { AnswerKind } from './answer-kind.ts';

/** Which format an answer is in, by the members of its usage. */
const formatOf = (answer: Readonly<Record<string, unknown>>): string => {
  if ('usageMetadata' in answer) return 'gemini';
  if (answer['type'] === 'message') return 'anthropic-messages';
  if (answer['object'] === 'response') return 'openai-responses';
  return 'openai-chat';
};

/** What an answer in any of the clients' formats says was used; undefined where it says nothing. */
const usageIn = (answer: Readonly<Record<string, unknown>>): Usage | undefined => {
  const format = formatOf(answer);
  const protocol = chatProtocols.find(({ id }) => id === format);
  const usage = protocol?.response.usage({ ...answer }) ?? readOpenAiUsage(answer['usage']);
  if (!usage) return undefined;
  const tier = answer['service_tier'] ?? (isObject(answer['usage']) ? answer['usage']['service_tier'] : undefined);
  return typeof tier === 'string' ? { ...usage, serviceTier: tier } : usage;
};

/** A reranker's: Cohere's search units, others' tokens. */
const usageOfRerank = (answer: Readonly<Record<string, unknown>>): Usage | undefined => {
  const meta = asObject(answer['meta']);
  const [billed, usage] = [asObject(meta?.['billed_units']), asObject(answer['usage'])];
  const queries = asNumber(billed?.['search_units']);
  const inputTokens =
    asNumber(usage?.['total_tokens']) ??
    asNumber(usage?.['prompt_tokens']) ??
    asNumber(billed?.['input_tokens']) ??
    asNumber(billed?.['total_tokens']);
  if (queries === undefined && inputTokens === undefined) return undefined;
  return { inputTokens: inputTokens ?? 0, outputTokens: 0, ...(queries !== undefined && { units: { queries } }) };
};

/** Members of the request that the price may hang on, as `operate/usage.ts` reads them. */
type Request = { readonly [K in 'size' | 'quality' | 'seconds' | 'input' | 'query']: unknown };

const knownOf = (request: Request): JsonObject =>
  Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined)) as JsonObject;

/** What an answer of any kind says was used, with what its request says. Undefined: nothing. */
export const usageOfAnswer = (kind: AnswerKind, answer: Readonly<Record<string, unknown>>, request: Request): Usage | undefined => {
  if (kind === 'tokens') return usageIn(answer);
  if (kind === 'rerank') return usageOfRerank(answer);
  const usage = usageOf(kind, knownOf(request), { ...answer });
  const heard = (kind === 'transcription' || kind === 'translation') && asNumber(request.seconds);
  if (typeof heard !== 'number' || usage?.units?.inputSeconds !== undefined) return usage;
  return { inputTokens: 0, outputTokens: 0, ...usage, units: { ...usage?.units, inputSeconds: heard } };
};

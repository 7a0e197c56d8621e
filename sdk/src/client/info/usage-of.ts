import { chatProtocols } from '../../protocols/index.ts';
import { readOpenAiUsage } from '../../protocols/shared/openai-usage.ts';
import { isObject } from '../../lib/is-object.ts';
import type { Usage } from '../../types/index.ts';

/** Which format an answer is in, by the members of its usage. */
const formatOf = (answer: Readonly<Record<string, unknown>>): string => {
  if ('usageMetadata' in answer) return 'gemini';
  if (answer['type'] === 'message') return 'anthropic-messages';
  if (answer['object'] === 'response') return 'openai-responses';
  return 'openai-chat';
};

/** What an answer in any of the clients' formats says was used; undefined where it says nothing. */
export const usageIn = (answer: Readonly<Record<string, unknown>>): Usage | undefined => {
  const format = formatOf(answer);
  const protocol = chatProtocols.find(({ id }) => id === format);
  const usage = protocol?.response.usage({ ...answer }) ?? readOpenAiUsage(answer['usage']);
  if (!usage) return undefined;
  const tier = answer['service_tier'] ?? (isObject(answer['usage']) ? answer['usage']['service_tier'] : undefined);
  return typeof tier === 'string' ? { ...usage, serviceTier: tier } : usage;
};

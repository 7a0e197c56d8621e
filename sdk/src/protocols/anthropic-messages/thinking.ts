import type { JsonObject } from '../../types/index.ts';
import { unthought } from '../shared/claude-thinking.ts';
import { asNumber, asObjects, isObject } from '../shared/read.ts';
import type { Writing } from './writing.ts';

const isThinking = ({ type }: JsonObject): boolean => type === 'thinking' || type === 'redacted_thinking';

/**
 * "When `thinking` is enabled, a final `assistant` message must start with a thinking block (preceding the lastmost set
 * of `tool_use` and `tool_result` blocks)": where tool results are to be answered, the turn that called for them must
 * have begun with thinking. Turns that were translated, or came from elsewhere, did not.
 */
export const startsWithThinking = (messages: readonly JsonObject[]): boolean => {
  const isResults = ({ role, content }: JsonObject) => role === 'user' && asObjects(content).some(({ type }) => type === 'tool_result');
  const last = messages.findLast(({ role }) => role !== 'system');
  if (!last || !isResults(last)) return true;
  // The turn reaches back to where the user last said something; results in between are part of it.
  const begin = messages.findLastIndex((message) => message['role'] === 'user' && !isResults(message));
  const calls = messages.slice(begin + 1).filter(({ role }) => role === 'assistant');
  return calls.length === 0 || calls.some(({ content }) => asObjects(content).some(isThinking));
};

/** For a request of this format: its own `thinking`, but for what taking foreign thoughts out of the history forbids. */
export const ownThinking = (thinking: unknown, writing: Writing, messages: readonly JsonObject[]): JsonObject | undefined => {
  if (!isObject(thinking)) return undefined;
  if (thinking['type'] !== 'enabled' || asNumber(thinking['budget_tokens']) === undefined || startsWithThinking(messages)) return thinking;
  writing.note('thinking', unthought);
  return { type: 'disabled' };
};

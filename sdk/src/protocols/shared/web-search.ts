import type { JsonObject, WebSearch } from '../../types/index.ts';
import { asNumber, asObject, asString, compact } from './read.ts';

const strings = (list: unknown): string[] | undefined =>
  Array.isArray(list) ? list.filter((each): each is string => typeof each === 'string') : undefined;

/** What OpenAI's, Anthropic's and Gemini's own web search tools have in common: where and on what to search, and how often. */
export const readSearchTool = (value: JsonObject): WebSearch => {
  const filters = asObject(value['filters']);
  const location = asObject(value['user_location']);
  const { type: _type, ...place } = asObject(location?.['approximate']) ?? location ?? {};
  return compact<WebSearch>({
    contextSize: asString(value['search_context_size']),
    userLocation: location && place,
    allowedDomains: strings(filters?.['allowed_domains'] ?? value['allowed_domains']),
    blockedDomains: strings(filters?.['blocked_domains'] ?? value['blocked_domains']),
    maxUses: asNumber(value['max_uses']),
  });
};

/** The options of a search under the names that clients give them, for what a target lacks. */
export const searchLimits = ({ allowedDomains, blockedDomains }: WebSearch): string[] => [
  ...(allowedDomains?.length ? ['allowed_domains'] : []),
  ...(blockedDomains?.length ? ['blocked_domains'] : []),
];

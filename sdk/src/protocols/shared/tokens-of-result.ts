import type { ChatResult } from '../../types/index.ts';
import { explode } from './collect.ts';
import { OutputCount } from './output-count.ts';

/** About how many tokens a whole answer's texts, thoughts and arguments are, where its provider does not say. */
export const tokensOf = (result: ChatResult): number => {
  const count = new OutputCount([]);
  explode(result, (part) => {
    if (part.type === 'text-delta' || part.type === 'thinking-delta' || part.type === 'arguments-delta') count.add(part.text);
  });
  return count.tokens;
};

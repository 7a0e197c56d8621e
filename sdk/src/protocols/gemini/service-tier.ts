import { table } from '../../lib/table.ts';
import type { ToWireContext } from '../../types/index.ts';
import { parameterName } from '../shared/parameter-name.ts';

/*
 * Google's tiers are `standard`, `flex` and `priority` (https://ai.google.dev/api/generate-content#ServiceTier, read
 * 2026-11-21); the neutral words are OpenAI's, whose `default` is Google's `standard`.
 */
const ours: Readonly<Record<string, string>> = table({ standard: 'default', flex: 'flex', priority: 'priority' });
const theirs: Readonly<Record<string, string>> = table({ default: 'standard', standard: 'standard', flex: 'flex', priority: 'priority' });

export const readServiceTier = (tier: string | undefined): string | undefined => {
  const word = tier?.toLowerCase();
  return word === undefined || word === 'unspecified' ? undefined : (ours[word] ?? word);
};

export const writeServiceTier = (tier: string | undefined, context: ToWireContext): string | undefined => {
  if (tier === undefined || tier === 'auto') return undefined;
  const word = theirs[tier];
  if (word === undefined) context.lacks(parameterName('serviceTier', context.from), `Gemini has no tier '${tier}'`);
  return word;
};

/** In an answer, where nothing is refused. */
export const spellServiceTier = (tier: string): string => theirs[tier] ?? tier;

import type { JsonObject, Reasoning, ToWireContext } from '../../types/index.ts';
import { asNumber, asObject } from '../shared/read.ts';
import { parameterName } from '../shared/parameter-name.ts';

/* `thinking: { type, token_budget }` (https://docs.cohere.com/v2/docs/reasoning, read 2026-11-22). */

export const readThinking = (value: unknown): Reasoning | undefined => {
  const thinking = asObject(value);
  const budget = asNumber(thinking?.['token_budget']);
  if (thinking?.['type'] === 'disabled') return { mode: 'disabled' };
  if (thinking?.['type'] !== 'enabled') return undefined;
  return { mode: 'enabled', ...(budget !== undefined && { budgetTokens: budget }) };
};

/** Models that think do so unless they are told not to; there is a budget, and no words of effort. */
export const writeThinking = (reasoning: Reasoning | undefined, context: ToWireContext): JsonObject | undefined => {
  if (!reasoning) return undefined;
  const { mode, effort, budgetTokens } = reasoning;
  const name = parameterName('reasoning', context.from);
  const off = mode === 'disabled' || effort === 'none' || budgetTokens === 0;
  const on = !off && (mode !== undefined || effort !== undefined || budgetTokens !== undefined);
  if (context.traits.reasoning === 'none') {
    // A model that cannot think refuses `enabled`, and need not be told `disabled`.
    if (on) context.lacks(name, 'the model does not think');
    return undefined;
  }
  if (off) return { type: 'disabled' };
  if (!on) return undefined;
  if (budgetTokens !== undefined) return { type: 'enabled', token_budget: budgetTokens };
  if (effort !== undefined && effort !== 'high') context.drop(name, `Cohere has no levels of thinking; '${effort}' is sent as on`);
  return { type: 'enabled' };
};

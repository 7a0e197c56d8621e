import type { Reasoning, ReasoningEffort, ToWireContext } from '../../types/index.ts';
import { parameterName } from '../shared/parameter-name.ts';

/*
 * `think`: true, false, or a level, which models that only know on and off take for on
 * (https://docs.ollama.com/capabilities/thinking, read 2026-11-21).
 */
const levels: Readonly<Record<ReasoningEffort, string | false>> = {
  none: false,
  minimal: 'low',
  low: 'low',
  medium: 'medium',
  high: 'high',
  xhigh: 'high',
  max: 'max',
};

const efforts: ReadonlySet<unknown> = new Set(['low', 'medium', 'high', 'max']);

export const readThink = (value: unknown): Reasoning | undefined => {
  if (value === true) return { mode: 'adaptive' };
  if (value === false) return { mode: 'disabled' };
  return efforts.has(value) ? { effort: value as ReasoningEffort } : undefined;
};

export const writeThink = (reasoning: Reasoning | undefined, context: ToWireContext): string | boolean | undefined => {
  if (!reasoning) return undefined;
  const { mode, effort, budgetTokens } = reasoning;
  const level = effort && levels[effort];
  const think = mode === 'disabled' ? false : (level ?? (mode === undefined ? undefined : true));
  if (context.traits.reasoning === 'none' && think !== undefined) {
    // A model that cannot think refuses `true`, and need not be told `false`.
    if (think !== false) context.lacks(parameterName('reasoning', context.from), 'the model does not think');
    return undefined;
  }
  if (budgetTokens !== undefined && think !== false)
    context.drop(parameterName('reasoning', context.from), 'Ollama has no budget for thinking; it is switched on');
  return think;
};

import type { ModelTraits, Reasoning } from '../../types/index.ts';

/** Whether reasoning is asked for; undefined: nothing is said of it. */
const asked = ({ mode, effort, budgetTokens }: Reasoning): boolean | undefined => {
  if (mode === 'disabled' || effort === 'none' || budgetTokens === 0) return false;
  return mode !== undefined || effort !== undefined || budgetTokens !== undefined ? true : undefined;
};

/** Whether the model refuses temperature and top_p in this request. */
export const hasFixedSampling = ({ fixedSampling, thinkingDefault }: ModelTraits, reasoning: Reasoning | undefined): boolean => {
  if (fixedSampling !== 'reasoning') return fixedSampling === true;
  return asked(reasoning ?? {}) ?? (thinkingDefault === 'on' || thinkingDefault === 'always');
};

/** Whether the model knows the effort `none`: those that sample freely then. */
export const knowsNoEffort = ({ fixedSampling }: ModelTraits): boolean => fixedSampling === 'reasoning';

import { expect, test } from 'bun:test';
import type { ModelTraits, Reasoning } from '../../types/index.ts';
import { hasFixedSampling } from './fixed-sampling.ts';

test.each<[ModelTraits, Reasoning | undefined, boolean]>([
  [{}, { effort: 'high' }, false],
  [{ fixedSampling: true }, undefined, true],
  [{ fixedSampling: true }, { effort: 'none' }, true],
  // GPT-5.1: no reasoning unless asked.
  [{ fixedSampling: 'reasoning', thinkingDefault: 'off' }, undefined, false],
  [{ fixedSampling: 'reasoning', thinkingDefault: 'off' }, { summary: 'auto' }, false],
  [{ fixedSampling: 'reasoning', thinkingDefault: 'off' }, { effort: 'low' }, true],
  [{ fixedSampling: 'reasoning', thinkingDefault: 'off' }, { mode: 'adaptive' }, true],
  // GPT-5.5: reasons unless told not to.
  [{ fixedSampling: 'reasoning', thinkingDefault: 'on' }, undefined, true],
  [{ fixedSampling: 'reasoning', thinkingDefault: 'on' }, { effort: 'none' }, false],
  [{ fixedSampling: 'reasoning', thinkingDefault: 'on' }, { mode: 'disabled' }, false],
  [{ fixedSampling: 'reasoning', thinkingDefault: 'on' }, { budgetTokens: 0 }, false],
])('%j with %j: %s', (traits, reasoning, fixed) => expect(hasFixedSampling(traits, reasoning)).toBe(fixed));

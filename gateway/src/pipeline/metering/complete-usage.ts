import { addUsage, totalInputTokens, type CallFacts, type Usage } from 'sluice/kit';

const nothing: Usage = { inputTokens: 0, outputTokens: 0 };

/**
 * What an answer used that is over, wherever it ended (FP-3, FP-14): what its provider has said, and what it has not counted by
 * then. Output is counted from what came of it, the prompt is estimated where nobody counted it. Once: asked again it is the same.
 * @param promptTokens an estimate
 */
export const completeUsage = (facts: CallFacts, promptTokens: () => number): void => {
  const { legs } = facts;
  if (!legs) return completeOne(facts, promptTokens);
  // Those that broke off were counted when another one took over; what was then estimated stays so.
  const last = legs.at(-1)!;
  completeOne(last, promptTokens);
  delete facts.uncountedTokens;
  facts.usageEstimated = true;
  facts.usage = legs.reduce<Usage | undefined>((sum, { usage }) => (usage ? addUsage(sum, usage) : sum), undefined) ?? nothing;
};

const completeOne = (facts: CallFacts, promptTokens: () => number): void => {
  const { usage = nothing, uncountedTokens } = facts;
  delete facts.uncountedTokens;
  const output = uncountedTokens?.() ?? 0;
  // What is billed by pieces, pages or seconds has no prompt to be counted.
  const uncountedInput = totalInputTokens(usage) === 0 && !usage.units && usage.providerCostUsd === undefined;
  const input = uncountedInput ? Math.ceil(promptTokens()) : 0;
  if (output === 0 && input === 0) return;
  facts.usage = { ...usage, inputTokens: usage.inputTokens + input, outputTokens: usage.outputTokens + output };
  facts.usageEstimated = true;
};

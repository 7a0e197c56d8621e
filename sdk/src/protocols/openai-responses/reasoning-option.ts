import type { JsonObject, Reasoning, ReasoningEffort, ToWireContext } from '../../types/index.ts';
import { knowsNoEffort } from '../shared/fixed-sampling.ts';
import { parameterName } from '../shared/parameter-name.ts';
import { compact, wantObject } from '../shared/read.ts';
import { protocolId, without } from './native.ts';
import type { ReadOption } from './options.ts';

const efforts: readonly ReasoningEffort[] = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'];
const summaries = ['auto', 'concise', 'detailed'] as const;

/** The `reasoning` member. */
export const readReasoningOption = (given: unknown): ReadOption<Reasoning> => {
  const option = wantObject(given, 'reasoning');
  const effort = efforts.find((each) => each === option['effort']);
  const summary = summaries.find((each) => each === option['summary']);
  // The older name of `summary`; it stays where it is and only its meaning is taken over.
  const older = summaries.find((each) => each === option['generate_summary']);
  return {
    value: compact({ mode: effort === 'none' ? ('disabled' as const) : undefined, effort, summary: summary ?? older }),
    left: without(option, ...(effort ? ['effort'] : []), ...(summary ? ['summary'] : [])),
  };
};

/** The word for a budget, by LiteLLM's table (low 1024, medium 2048, high 4096), as for the chat format of the same vendors. */
const effortOfBudget = (tokens: number): ReasoningEffort => (tokens <= 1024 ? 'low' : tokens <= 2048 ? 'medium' : 'high');

/** The nearest word that the vendor has: the least that is not less, else its most. */
const nearest = (wanted: ReasoningEffort, context: ToWireContext): ReasoningEffort | undefined => {
  const known = context.quirks.efforts;
  if (!known || known.includes(wanted)) return wanted;
  const rank = (word: ReasoningEffort): number => efforts.indexOf(word);
  const ranked = known.toSorted((a, b) => rank(a) - rank(b));
  const found = wanted === 'none' ? undefined : (ranked.find((word) => rank(word) >= rank(wanted)) ?? ranked.at(-1));
  context.drop(
    parameterName('reasoning', context.from),
    found ? `'${wanted}' is not known, sent as '${found}'` : `'${wanted}' is not known`,
  );
  return found;
};

const effortOf = ({ effort, mode, budgetTokens }: Reasoning, context: ToWireContext): ReasoningEffort | undefined => {
  if (effort) return nearest(effort, context);
  if (mode === 'disabled' || budgetTokens === 0) {
    if (context.quirks.efforts?.includes('none') || knowsNoEffort(context.traits)) return 'none';
    // Half of OpenAI's models refuse the word (GPT-5, o3); saying nothing is nearest.
    if (context.traits.reasoning !== 'none')
      context.drop(parameterName('reasoning', context.from), 'not every model can be told not to think');
    return undefined;
  }
  // A negative budget leaves it to the model (Gemini).
  return budgetTokens === undefined || budgetTokens < 0 ? undefined : nearest(effortOfBudget(budgetTokens), context);
};

/** Around what the reader left: the client's own words. */
const writeOwn = (reasoning: Reasoning | undefined, left: JsonObject): JsonObject => {
  const older = left['generate_summary'] !== undefined;
  return compact({
    ...left,
    effort: reasoning?.effort ?? left['effort'],
    summary: older ? left['summary'] : (reasoning?.summary ?? left['summary']),
  });
};

/** @param left what `readReasoningOption` left; undefined where there was no such member */
export const writeReasoningOption = (
  reasoning: Reasoning | undefined,
  left: JsonObject | undefined,
  context: ToWireContext,
): JsonObject | undefined => {
  if (left || context.from === protocolId) return left && writeOwn(reasoning, left);
  if (!reasoning) return undefined;
  const effort = effortOf(reasoning, context);
  if (context.traits.reasoning === 'none') {
    // Asking a model that cannot think not to think is granted.
    const thinks = (effort !== undefined && effort !== 'none') || reasoning.mode === 'enabled' || reasoning.mode === 'adaptive';
    if (thinks) context.lacks(parameterName('reasoning', context.from), 'this model does not reason');
    return undefined;
  }
  const summary = reasoning.summary === 'none' ? undefined : reasoning.summary;
  return effort || summary ? compact({ effort, summary }) : undefined;
};

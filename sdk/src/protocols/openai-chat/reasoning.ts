import { table } from '../../lib/table.ts';
import type { JsonObject, ModelTraits, Reasoning, ReasoningEffort } from '../../types/index.ts';
import { asBoolean, asNumber, asObject, asString, compact } from '../shared/read.ts';

/*
 * How much to think, in the spellings that clients of this format use: OpenAI's `reasoning_effort`, OpenRouter's
 * `reasoning: { effort, max_tokens, enabled }`, and Anthropic's `thinking: { type, budget_tokens }`, which LiteLLM, DeepSeek
 * and Z.ai took over.
 */

/** From least to most. */
export const effortWords: readonly ReasoningEffort[] = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'];

const effort = (value: unknown): ReasoningEffort | undefined => {
  const word = asString(value);
  return effortWords.find((each) => each === word);
};

const summaries: readonly string[] = ['auto', 'concise', 'detailed', 'none'] satisfies NonNullable<Reasoning['summary']>[];

const summary = (value: unknown): Reasoning['summary'] => {
  const word = asString(value);
  return word !== undefined && summaries.includes(word) ? (word as Reasoning['summary']) : undefined;
};

const modes: Readonly<Record<string, Reasoning['mode']>> = table({
  enabled: 'enabled',
  disabled: 'disabled',
  adaptive: 'adaptive',
  auto: 'adaptive',
});

/** LiteLLM takes `{ effort, summary }` for the word too, and `disable` for none. */
const fromEffort = (value: unknown): Reasoning =>
  value === 'disable'
    ? { mode: 'disabled' }
    : compact<Reasoning>({ effort: effort(asObject(value)?.['effort'] ?? value), summary: summary(asObject(value)?.['summary']) });

const fromOpenRouter = (value: JsonObject): Reasoning => {
  const enabled = asBoolean(value['enabled']);
  return compact<Reasoning>({
    mode: enabled === undefined ? undefined : enabled ? 'enabled' : 'disabled',
    effort: effort(value['effort']),
    budgetTokens: asNumber(value['max_tokens']),
    summary: value['exclude'] === true ? 'none' : summary(value['summary']),
  });
};

const fromThinking = (value: JsonObject): Reasoning =>
  compact<Reasoning>({ mode: modes[asString(value['type']) ?? ''], budgetTokens: asNumber(value['budget_tokens']) });

export const readReasoning = (body: JsonObject): Reasoning | undefined => {
  const openRouter = asObject(body['reasoning']);
  const thinking = asObject(body['thinking']);
  const reasoning = {
    ...(thinking && fromThinking(thinking)),
    ...(openRouter && fromOpenRouter(openRouter)),
    ...fromEffort(body['reasoning_effort']),
  };
  return Object.keys(reasoning).length === 0 ? undefined : reasoning;
};

/** The word for a budget, by LiteLLM's table (low 1024, medium 2048, high 4096). */
const effortOfBudget = (tokens: number): ReasoningEffort =>
  tokens <= 0 ? 'none' : tokens <= 1024 ? 'low' : tokens <= 2048 ? 'medium' : 'high';

/**
 * The same for a vendor that takes OpenRouter's object alone.
 * @param members as `writeReasoning` wrote them, with a word that the vendor knows
 */
export const asReasoningObject = ({ reasoning_effort: word, ...members }: JsonObject, reasoning: Reasoning | undefined): JsonObject => {
  const { mode, effort: asked, budgetTokens } = reasoning ?? {};
  const wanted = word ?? (mode === 'enabled' || mode === 'adaptive' ? 'medium' : undefined);
  if (wanted === undefined || wanted === 'none') return members;
  return { ...members, reasoning: asked === undefined && budgetTokens !== undefined ? { max_tokens: budgetTokens } : { effort: wanted } };
};

type Kind = NonNullable<ModelTraits['reasoning']>;

/**
 * The request's members for a provider of this format. A model that is not known takes OpenAI's word.
 * @returns undefined where the model cannot think, or cannot be told not to
 */
export const writeReasoning = (reasoning: Reasoning, kind: Kind = 'effort'): JsonObject | undefined => {
  const { mode, budgetTokens } = reasoning;
  const asked = reasoning.effort ?? (budgetTokens === undefined ? undefined : effortOfBudget(budgetTokens));
  const off = mode === 'disabled' || asked === 'none';
  if (kind === 'none') return off || Object.keys(reasoning).every((name) => name === 'summary') ? {} : undefined;
  if (kind === 'budget' || kind === 'adaptive') {
    if (off) return { thinking: { type: 'disabled' } };
    const word = reasoning.effort === undefined ? {} : { reasoning_effort: reasoning.effort };
    if (kind === 'budget' && budgetTokens !== undefined) return { thinking: { type: 'enabled', budget_tokens: budgetTokens } };
    return mode === undefined ? word : { thinking: { type: kind === 'adaptive' ? 'adaptive' : 'enabled' }, ...word };
  }
  if (asked !== undefined) return { reasoning_effort: asked };
  // There is no word of OpenAI's for "do not think" that all its models take; saying nothing is nearest.
  return off ? undefined : {};
};

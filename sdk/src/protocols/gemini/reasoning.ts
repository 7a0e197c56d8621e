import { table } from '../../lib/table.ts';
import type { JsonObject, Reasoning, ReasoningEffort, ToWireContext } from '../../types/index.ts';
import { asBoolean, asNumber, asString } from '../shared/read.ts';
import { parameterName } from '../shared/parameter-name.ts';
import { camelKeys } from './names.ts';

/*
 * How thinking is asked for: Gemini 2.5 by a budget of tokens (0: none, -1: as it sees fit), Gemini 3 by a level
 * (https://ai.google.dev/gemini-api/docs/thinking, read 2026-11-21). Both in one request are refused.
 */

const efforts: Readonly<Record<string, ReasoningEffort>> = table({ MINIMAL: 'minimal', LOW: 'low', MEDIUM: 'medium', HIGH: 'high' });

/** `thinkingConfig` -> reasoning. */
export const readThinking = (value: JsonObject): Reasoning => {
  const config = camelKeys(value);
  const budget = asNumber(config['thinkingBudget']);
  const effort = efforts[asString(config['thinkingLevel'])?.toUpperCase() ?? ''];
  const include = asBoolean(config['includeThoughts']);
  return {
    ...(budget !== undefined && readBudget(budget)),
    ...(effort !== undefined && { effort }),
    ...(include !== undefined && { summary: include ? 'auto' : 'none' }),
  };
};

const readBudget = (budget: number): Reasoning => {
  if (budget === 0) return { mode: 'disabled' };
  return budget < 0 ? { mode: 'adaptive' } : { mode: 'enabled', budgetTokens: budget };
};

/** Tokens for an effort, as LiteLLM's users know them (its docs, read 2026-11-21); the last two by the models' own limits. */
const budgets: Readonly<Record<Exclude<ReasoningEffort, 'minimal'>, number>> = {
  none: 0,
  low: 1024,
  medium: 2048,
  high: 4096,
  xhigh: 16384,
  max: 24576,
};

/** The least that a model of the 2.5 family thinks. */
const minimalBudget = (model: string): number => {
  if (model.includes('flash-lite')) return 512;
  return model.includes('flash') ? 1 : 128;
};

const levels: Readonly<Record<ReasoningEffort, string>> = {
  none: 'MINIMAL',
  minimal: 'MINIMAL',
  low: 'LOW',
  medium: 'MEDIUM',
  high: 'HIGH',
  xhigh: 'HIGH',
  max: 'HIGH',
};

/** Pro models know no MINIMAL, and the first of them no MEDIUM. */
const levelFor = (effort: ReasoningEffort, model: string): string => {
  if (!model.includes('-pro')) return levels[effort];
  if (effort === 'none' || effort === 'minimal') return 'LOW';
  return effort === 'medium' && /gemini-3-pro/.test(model) ? 'HIGH' : levels[effort];
};

const effortOfBudget = (tokens: number): ReasoningEffort => {
  if (tokens <= 1024) return 'low';
  return tokens <= 4096 ? 'medium' : 'high';
};

/** Gemini's third generation on: thinks by level, and checks the signatures of its calls. */
export const thinksByLevel = ({ traits, model }: ToWireContext): boolean =>
  traits.reasoning === undefined ? /gemini-([3-9]|\d\d)/.test(model) : traits.reasoning === 'level';

/** Reasoning -> `thinkingConfig`; undefined where nothing is to be said. */
export const writeThinking = (reasoning: Reasoning, context: ToWireContext): JsonObject | undefined => {
  const off = reasoning.mode === 'disabled' || reasoning.effort === 'none';
  if (context.traits.reasoning === 'none') {
    if (!off && (reasoning.mode || reasoning.effort)) context.lacks(parameterName('reasoning', context.from), 'the model does not think');
    return undefined;
  }
  const config: JsonObject = thinksByLevel(context) ? byLevel(reasoning, off, context) : byBudget(reasoning, off, context);
  const include = includeThoughts(reasoning, off, context);
  if (include !== undefined) config['includeThoughts'] = include;
  return Object.keys(config).length === 0 ? undefined : config;
};

const byLevel = (reasoning: Reasoning, off: boolean, context: ToWireContext): JsonObject => {
  const { mode, effort, budgetTokens } = reasoning;
  const { from, model } = context;
  // The old way still works on new models; a client of Google's own format knows why it asks for it.
  if (from === 'gemini' && effort === undefined) return byBudget(reasoning, off, { model });
  if (off) {
    context.drop(parameterName('reasoning', from), `${model} cannot be kept from thinking; it thinks as little as it can`);
    return { thinkingLevel: levelFor('none', model) };
  }
  if (effort !== undefined) return { thinkingLevel: levelFor(effort, model) };
  return mode === 'enabled' && budgetTokens !== undefined ? { thinkingLevel: levelFor(effortOfBudget(budgetTokens), model) } : {};
};

const byBudget = ({ mode, effort, budgetTokens }: Reasoning, off: boolean, { model }: Pick<ToWireContext, 'model'>): JsonObject => {
  if (off) return { thinkingBudget: 0 };
  if (budgetTokens !== undefined) return { thinkingBudget: budgetTokens };
  if (effort !== undefined) return { thinkingBudget: effort === 'minimal' ? minimalBudget(model) : budgets[effort] };
  return mode === undefined ? {} : { thinkingBudget: -1 };
};

/** Who asks for thinking sees it, unless they say otherwise: so do LiteLLM and the formats that have no switch for it. */
const includeThoughts = ({ mode, effort, summary }: Reasoning, off: boolean, { from }: ToWireContext): boolean | undefined => {
  if (summary !== undefined) return summary !== 'none';
  if (from === 'gemini' || off) return undefined;
  return mode !== undefined || effort !== undefined ? true : undefined;
};

import type { ChatRequest, JsonObject, Reasoning, ReasoningEffort } from '../../types/index.ts';
import { asNumber, asObjects, isObject } from '../shared/read.ts';
import type { Writing } from './writing.ts';

/*
 * Thinking (https://platform.claude.com/docs/en/build-with-claude/extended-thinking, .../adaptive-thinking, .../effort,
 * read 2026-11-21). Older models think within a budget of tokens, newer ones as much as they find right (`adaptive`),
 * guided by `output_config.effort`. A budget is part of `max_tokens`, and Anthropic takes none below 1,024.
 */

export interface ThinkingPlan {
  thinking?: JsonObject;
  effort?: string;
  maxTokens: number;
}

const leastBudget = 1024;
/** What is left for the answer where the budget takes most of what the model can write. */
const leastAnswer = 1024;

/** LiteLLM's budgets for words of effort, which its users rely on; the last two are ours. */
const budgets: Readonly<Record<Exclude<ReasoningEffort, 'none'>, number>> = {
  minimal: 1024,
  low: 1024,
  medium: 2048,
  high: 4096,
  xhigh: 8192,
  max: 16_384,
};

const effortOfBudget = (tokens: number): ReasoningEffort => (tokens <= 2048 ? 'low' : tokens <= 8192 ? 'medium' : 'high');

/** Whether thinking is asked for; undefined: nothing is said of it. */
const asked = ({ mode, effort, budgetTokens }: Reasoning): boolean | undefined => {
  if (mode === 'disabled' || effort === 'none' || budgetTokens === 0) return false;
  return mode !== undefined || effort !== undefined || budgetTokens !== undefined ? true : undefined;
};

/**
 * @param maxTokens the limit of the answer, thinking included
 * @param forced the model must call a tool
 * @param messages the conversation as it will be sent
 */
export const planThinking = (
  request: ChatRequest,
  writing: Writing,
  maxTokens: number,
  forced: boolean,
  messages: readonly JsonObject[],
): ThinkingPlan => {
  const { traits } = writing.context;
  const reasoning = request.reasoning ?? {};
  const on = asked(reasoning);
  const display = reasoning.summary && { display: reasoning.summary === 'none' ? 'omitted' : 'summarized' };
  const nothing: ThinkingPlan = { maxTokens };

  if (on === false) {
    if (traits.thinkingDefault === 'always') writing.lacks('reasoning', 'this model always thinks');
    return traits.thinkingDefault === 'on' ? { thinking: { type: 'disabled' }, maxTokens } : nothing;
  }
  const unasked = traits.thinkingDefault === 'on' || traits.thinkingDefault === 'always';
  if (on === undefined) {
    if (forced && traits.thinkingDefault === 'on') {
      writing.note('thinking', 'turned off: the model is made to call a tool');
      return { thinking: { type: 'disabled' }, maxTokens };
    }
    return unasked && display ? { thinking: { type: 'adaptive', ...display }, maxTokens } : nothing;
  }

  if (traits.reasoning === 'none') {
    writing.lacks('reasoning');
    return nothing;
  }
  const adaptive = traits.reasoning !== undefined && traits.reasoning !== 'budget';
  // Seen to be taken by Claude 4.6 (adaptive); refused where there is a budget, and where thinking is the default.
  if (forced && (!adaptive || traits.thinkingDefault === 'on')) {
    writing.lacks('reasoning', 'Claude cannot think when it is made to call a tool');
    return traits.thinkingDefault === 'on' ? { thinking: { type: 'disabled' }, maxTokens } : nothing;
  }
  if (adaptive) return { thinking: { type: 'adaptive', ...display }, ...adaptiveEffort(reasoning, writing), maxTokens };
  if (!startsWithThinking(messages)) {
    writing.note(writing.spell('reasoning'), 'the turn that the tool results belong to began without thinking of Claude’s');
    return nothing;
  }
  return withinBudget(reasoning, writing, maxTokens);
};

const adaptiveEffort = ({ effort, budgetTokens }: Reasoning, writing: Writing): { effort?: string } => {
  const parameter = writing.spell('reasoning');
  if (effort === 'minimal') {
    writing.note(parameter, `'minimal' is sent as 'low', the least that Claude has`);
    return { effort: 'low' };
  }
  if (effort !== undefined) return { effort };
  if (budgetTokens === undefined) return {};
  const word = effortOfBudget(budgetTokens);
  writing.note(parameter, `this model takes no budget; ${budgetTokens} tokens are sent as effort '${word}'`);
  return { effort: word };
};

/** FP-20: no budget under Anthropic's least, and room for an answer beside it. */
const withinBudget = ({ effort, budgetTokens, summary }: Reasoning, writing: Writing, maxTokens: number): ThinkingPlan => {
  const most = writing.context.traits.maxOutputTokens ?? Infinity;
  const wanted = budgetTokens ?? budgets[effort === undefined || effort === 'none' ? 'medium' : effort];
  const budget = Math.min(Math.max(wanted, leastBudget), Math.max(most - leastAnswer, leastBudget));
  if (budgetTokens !== undefined && budget !== budgetTokens) {
    writing.note(writing.spell('reasoning'), `a budget of ${budgetTokens} tokens is sent as ${budget}`);
  }
  const limit = maxTokens > budget ? maxTokens : Math.min(maxTokens + budget, most);
  if (limit !== maxTokens) writing.note(writing.spell('maxOutputTokens'), `raised to ${limit} to hold the thinking as well`);
  return {
    thinking: { type: 'enabled', budget_tokens: budget, ...(summary === 'none' && { display: 'omitted' }) },
    maxTokens: limit,
  };
};

const isThinking = ({ type }: JsonObject): boolean => type === 'thinking' || type === 'redacted_thinking';

/**
 * "When `thinking` is enabled, a final `assistant` message must start with a thinking block (preceding the lastmost set
 * of `tool_use` and `tool_result` blocks)": where tool results are to be answered, the turn that called for them must
 * have begun with thinking. Turns that were translated, or came from elsewhere, did not.
 */
const startsWithThinking = (messages: readonly JsonObject[]): boolean => {
  const isResults = ({ role, content }: JsonObject) => role === 'user' && asObjects(content).some(({ type }) => type === 'tool_result');
  const last = messages.findLast(({ role }) => role !== 'system');
  if (!last || !isResults(last)) return true;
  // The turn reaches back to where the user last said something; results in between are part of it.
  const begin = messages.findLastIndex((message) => message['role'] === 'user' && !isResults(message));
  const calls = messages.slice(begin + 1).filter(({ role }) => role === 'assistant');
  return calls.length === 0 || calls.some(({ content }) => asObjects(content).some(isThinking));
};

/** For a request of this format: its own `thinking`, but for what taking foreign thoughts out of the history forbids. */
export const ownThinking = (thinking: unknown, writing: Writing, messages: readonly JsonObject[]): JsonObject | undefined => {
  if (!isObject(thinking)) return undefined;
  if (thinking['type'] !== 'enabled' || asNumber(thinking['budget_tokens']) === undefined || startsWithThinking(messages)) return thinking;
  writing.note('thinking', 'the turn that the tool results belong to began without thinking of Claude’s');
  return { type: 'disabled' };
};

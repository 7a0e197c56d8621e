import type { ChatRequest, JsonObject, Reasoning, ReasoningEffort, ToWireContext } from '../../types/index.ts';
import type { parameterName } from './parameter-name.ts';

/*
 * Thinking (https://platform.claude.com/docs/en/build-with-claude/extended-thinking, .../adaptive-thinking, .../effort,
 * read 2026-11-21). Older models think within a budget of tokens, newer ones as much as they find right (`adaptive`),
 * guided by `output_config.effort`. A budget is part of `max_tokens`, and Anthropic takes none below 1,024.
 */

type Parameter = Parameters<typeof parameterName>[0];

/** What writing a request for a Claude model shares, whichever format it is written in. */
export interface ClaudeWriting {
  readonly context: ToWireContext;
  /** The client speaks the format itself: its own words stay as they are. */
  readonly own: boolean;
  note(what: string, why: string): void;
  lacks(parameter: Parameter, why?: string): void;
  /** The client's spelling of a parameter. */
  spell(parameter: Parameter): string;
}

export interface ThinkingPlan {
  thinking?: JsonObject;
  effort?: string;
  maxTokens: number;
}

/** Why a model may not think that could. */
export const unthought = 'the turn that the tool results belong to began without thinking of Claude’s';

const leastBudget = 1024;
/** What is left for the answer where the budget takes most of what the model can write. */
const leastAnswer = 1024;

/** LiteLLM's budgets for words of effort, which its users rely on; the last two are ours. */
export const thinkingBudgets: Readonly<Record<Exclude<ReasoningEffort, 'none'>, number>> = {
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
 * @param mayThink whether the conversation lets the model think: `startsWithThinking` of the format
 */
export const planThinking = (
  request: ChatRequest,
  writing: ClaudeWriting,
  maxTokens: number,
  forced: boolean,
  mayThink: () => boolean,
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
  if (!mayThink()) {
    writing.note(writing.spell('reasoning'), unthought);
    return nothing;
  }
  return withinBudget(reasoning, writing, maxTokens);
};

const adaptiveEffort = ({ effort, budgetTokens }: Reasoning, writing: ClaudeWriting): { effort?: string } => {
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
const withinBudget = ({ effort, budgetTokens, summary }: Reasoning, writing: ClaudeWriting, maxTokens: number): ThinkingPlan => {
  const most = writing.context.traits.maxOutputTokens ?? Infinity;
  const wanted = budgetTokens ?? thinkingBudgets[effort === undefined || effort === 'none' ? 'medium' : effort];
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

import { table } from '../../lib/table.ts';
import type { ChatRequest, JsonObject, Origin, ReasoningEffort } from '../../types/index.ts';
import { planThinking } from '../shared/claude-thinking.ts';
import { asObjects, isObject } from '../shared/read.ts';
import { isClaude } from './family.ts';
import { nova } from './tools-from-wire.ts';
import type { Writing } from './writing.ts';

/** What a model's vendor wants said about thinking, of `additionalModelRequestFields`, and what follows from it. */
export interface ReasoningPlan {
  fields: JsonObject;
  /** The limit of the answer, thinking included; undefined is left to Bedrock, which then takes the most that the model can write. */
  maxTokens: number | undefined;
  /** Sampling parameters are not taken beside it. */
  thinking: boolean;
  /** Nova at its highest effort wants no limit and no sampling parameters. */
  unbounded?: boolean;
}

type Plan = (
  request: ChatRequest,
  writing: Writing,
  state: { maxTokens: number | undefined; forced: boolean; messages: readonly JsonObject[] },
) => ReasoningPlan;

/** Whether thinking is asked for; undefined: nothing is said of it. */
const asked = ({ reasoning }: ChatRequest): boolean | undefined => {
  const { mode, effort, budgetTokens } = reasoning ?? {};
  if (mode === 'disabled' || effort === 'none' || budgetTokens === 0) return false;
  return mode !== undefined || effort !== undefined || budgetTokens !== undefined ? true : undefined;
};

const three: Readonly<Record<ReasoningEffort, 'low' | 'medium' | 'high'>> = {
  none: 'low',
  minimal: 'low',
  low: 'low',
  medium: 'medium',
  high: 'high',
  xhigh: 'high',
  max: 'high',
};

/** The word for effort where a vendor has three of them. A budget becomes the word that is nearest. */
const effortOf = ({ reasoning }: ChatRequest, writing: Writing): 'low' | 'medium' | 'high' => {
  const { effort, budgetTokens } = reasoning ?? {};
  const wanted =
    effort ?? (budgetTokens === undefined ? 'medium' : budgetTokens <= 2048 ? 'low' : budgetTokens <= 8192 ? 'medium' : 'high');
  const sent = three[wanted];
  if (sent !== effort && (effort !== undefined || budgetTokens !== undefined))
    writing.note(
      writing.spell('reasoning'),
      `${effort === undefined ? `a budget of ${budgetTokens} tokens` : `'${effort}'`} is sent as '${sent}'`,
    );
  return sent;
};

const none = (maxTokens: number | undefined): ReasoningPlan => ({ fields: {}, maxTokens, thinking: false });

/** https://docs.aws.amazon.com/bedrock/latest/userguide/claude-messages-extended-thinking.html, read 2026-11-22: as Anthropic has it. */
const claude: Plan = (request, writing, { maxTokens, forced, messages }) => {
  // Without a limit Bedrock takes the most that the model can write, which holds any budget.
  const plan = planThinking(request, writing, maxTokens ?? Infinity, forced, () => startsWithThinking(messages));
  const mode = plan.thinking?.['type'];
  return {
    fields: {
      ...(plan.thinking && { thinking: plan.thinking }),
      ...(plan.effort !== undefined && { output_config: { effort: plan.effort } }),
    },
    maxTokens: plan.maxTokens === Infinity ? undefined : plan.maxTokens,
    thinking: mode === 'enabled' || mode === 'adaptive',
  };
};

/**
 * https://docs.aws.amazon.com/nova/latest/nova2-userguide/extended-thinking.html, read 2026-11-22: Nova 2 thinks when it is
 * told to, with an effort; with the highest, `maxTokens`, `temperature` and `topP` must not be given.
 */
const novaPlan: Plan = (request, writing, { maxTokens }) => {
  const on = asked(request);
  if (!/nova-(?:[2-9]|premier-[2-9])/.test(writing.context.model)) {
    if (on === true) writing.lacks('reasoning', 'this model does not think');
    return none(maxTokens);
  }
  if (on !== true) return none(maxTokens);
  const effort = effortOf(request, writing);
  const fields = { reasoningConfig: { type: 'enabled', maxReasoningEffort: effort } };
  if (effort !== 'high') return { fields, maxTokens, thinking: false };
  if (maxTokens !== undefined) writing.note(writing.spell('maxOutputTokens'), 'Nova takes no limit beside its highest effort');
  return { fields, maxTokens: undefined, thinking: true, unbounded: true };
};

/** gpt-oss and GPT on Bedrock: `reasoning_effort`; Qwen 3: `reasoning_config` with the same words (seen in recorded requests). */
const byWord =
  (member: string): Plan =>
  (request, writing, { maxTokens }) => {
    const on = asked(request);
    if (on === false) writing.note(writing.spell('reasoning'), 'this model cannot be told not to think');
    if (on !== true) return none(maxTokens);
    return { fields: { [member]: effortOf(request, writing) }, maxTokens, thinking: false };
  };

const unknown: Plan = (request, writing, { maxTokens }) => {
  if (asked(request) === true) writing.lacks('reasoning', 'Bedrock has no word for it for this model');
  return none(maxTokens);
};

const plans: Readonly<Record<string, Plan>> = table({
  [nova]: novaPlan,
  openai: byWord('reasoning_effort'),
  qwen: byWord('reasoning_config'),
});

const planOf = (family: Origin | undefined): Plan => (isClaude(family) ? claude : (plans[family ?? ''] ?? unknown));

/**
 * @param forced the model must call a tool
 * @param messages the conversation as it will be sent
 */
export const planReasoning = (
  request: ChatRequest,
  writing: Writing,
  state: { maxTokens: number | undefined; forced: boolean; messages: readonly JsonObject[] },
): ReasoningPlan => {
  // LiteLLM's clients put Anthropic's own `thinking` into OpenAI requests: it goes through as it is.
  const given = request.unknown['thinking'];
  if (isObject(given))
    return { fields: {}, maxTokens: state.maxTokens, thinking: given['type'] === 'enabled' || given['type'] === 'adaptive' };
  return planOf(writing.family)(request, writing, state);
};

/** Anthropic's rule on budgets, by Bedrock's blocks: the turn whose calls are answered must have begun with thinking. */
const startsWithThinking = (messages: readonly JsonObject[]): boolean => {
  const isResults = ({ role, content }: JsonObject) => role === 'user' && asObjects(content).some((block) => 'toolResult' in block);
  const last = messages.at(-1);
  if (!last || !isResults(last)) return true;
  // The turn reaches back to where the user last said something; results in between are part of it.
  const begin = messages.findLastIndex((message) => message['role'] === 'user' && !isResults(message));
  const calls = messages.slice(begin + 1).filter(({ role }) => role === 'assistant');
  return calls.length === 0 || calls.some(({ content }) => asObjects(content).some((block) => 'reasoningContent' in block));
};

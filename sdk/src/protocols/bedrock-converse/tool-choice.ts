import type { ChatRequest, JsonObject } from '../../types/index.ts';
import { isClaude, isMain } from './family.ts';
import type { StructuredOutput } from './structured-output.ts';
import { systemTools } from './tools-from-wire.ts';
import { holdsCalls, toolsOfHistory, type WrittenTools } from './tools-to-wire.ts';
import type { Writing } from './writing.ts';

export interface ChosenTools {
  /** `toolConfig`, undefined where there are no tools. */
  config?: JsonObject;
  /** Members of `additionalModelRequestFields`. */
  fields: JsonObject;
  /** The model must call a tool. */
  forced: boolean;
  /** The name of the tool that the answer's JSON comes through. */
  jsonToolName?: string;
}

type Choice = { auto: JsonObject } | { any: JsonObject } | { tool: { name: string } };

const auto: Choice = { auto: {} };
const any: Choice = { any: {} };

/** Which tools the model may or must call (https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolChoice.html, read 2026-11-22). */
export const chooseTools = (request: ChatRequest, written: WrittenTools, structured: StructuredOutput, writing: Writing): ChosenTools => {
  const wanted = wantedChoice(request, written, writing);
  const mustCall = wanted !== undefined && !('auto' in wanted);
  const none = request.toolChoice?.type === 'none';
  let { tools } = written;
  if (structured.kind === 'tool' && !mustCall) {
    // With tools of its own the model calls one of them, or the one that is the answer.
    const only = tools.length === 0 || none;
    tools = [...tools, structured.tool];
    return {
      ...configOf(tools, only ? named(structured.name, tools, writing) : any),
      fields: {},
      forced: true,
      jsonToolName: structured.name,
    };
  }
  if (!writing.own && (none || tools.length === 0)) tools = forHistory(request, tools, writing);
  if (tools.length === 0) return { fields: {}, forced: false };
  if (!writing.own && mustCall && writing.context.traits.thinkingDefault === 'always') {
    writing.lacks('toolChoice', 'a model that always thinks cannot be made to call a tool');
    return { ...configOf(tools, undefined), fields: {}, forced: false };
  }
  return { ...oneAtATime(request, tools, wanted, writing), forced: mustCall };
};

const configOf = (tools: JsonObject[], choice: Choice | undefined): { config: JsonObject } => ({
  config: { tools, ...(choice && { toolChoice: choice }) },
});

/** "Only supported by Anthropic Claude 3 and Amazon Nova models": where it is not, any tool is this one if it is the only one. */
const named = (name: string, tools: JsonObject[], writing: Writing): Choice => {
  if (isMain(writing.family)) return { tool: { name } };
  if (tools.filter((tool) => !('cachePoint' in tool)).length > 1)
    writing.note(writing.spell('toolChoice'), 'this model can be made to call a tool, but not a certain one');
  return any;
};

const wantedChoice = ({ toolChoice }: ChatRequest, { tools }: WrittenTools, writing: Writing): Choice | undefined => {
  if (!toolChoice || tools.length === 0) return undefined;
  switch (toolChoice.type) {
    // What it is without being said, and not every model takes it said.
    case 'auto':
      return writing.own ? auto : undefined;
    case 'none':
      return undefined;
    case 'required':
      return any;
    case 'allowed':
      return toolChoice.required ? any : undefined;
    case 'tool':
      return toolChoice.kind === 'provider' && !(toolChoice.name in systemTools)
        ? any
        : named(writing.aliases.of(toolChoice.name), tools, writing);
  }
};

/**
 * The tools of a request that is to have none: `none` has no word here, and needs none where no tools are declared; but
 * a conversation with calls in it must have them declared.
 */
const forHistory = ({ messages }: ChatRequest, tools: JsonObject[], writing: Writing): JsonObject[] => {
  if (!holdsCalls(messages)) return [];
  if (tools.length === 0) return toolsOfHistory(messages, writing);
  writing.note(
    writing.spell('toolChoice'),
    `Bedrock has no 'none', and the conversation's calls want their tools declared: the model may call them`,
  );
  return tools;
};

/**
 * Calls one at a time are Claude's own `tool_choice`, which then stands in for `toolConfig.toolChoice`. Others may make
 * several; where one certain tool must be called, clients read the first.
 */
const oneAtATime = (
  { parallelToolCalls }: ChatRequest,
  tools: JsonObject[],
  choice: Choice | undefined,
  writing: Writing,
): { config: JsonObject; fields: JsonObject } => {
  if (parallelToolCalls !== false || writing.own) return { ...configOf(tools, choice), fields: {} };
  if (isClaude(writing.family)) {
    const name = choice && 'tool' in choice ? choice.tool.name : undefined;
    const type = name !== undefined ? 'tool' : choice && 'any' in choice ? 'any' : 'auto';
    const tool_choice = { type, ...(name !== undefined && { name }), disable_parallel_tool_use: true };
    return { ...configOf(tools, undefined), fields: { tool_choice } };
  }
  const why = 'this model may always make several calls at once';
  if (choice && 'tool' in choice) writing.note(writing.spell('parallelToolCalls'), why);
  else writing.lacks('parallelToolCalls', why);
  return { ...configOf(tools, choice), fields: {} };
};

import type { ChatRequest, JsonObject } from '../../types/index.ts';
import type { StructuredOutput } from './structured-output.ts';
import type { Writing } from './writing.ts';

export interface ChosenTools {
  /** All tools, with the one that the answer is forced through. */
  tools: JsonObject[];
  choice?: JsonObject;
  /** The model must call a tool, so it cannot think first. */
  forced: boolean;
  /** The name of the tool that the answer's JSON comes through. */
  jsonToolName?: string;
}

/** Which tools the model may or must call (https://platform.claude.com/docs/en/agents-and-tools/tool-use/implement-tool-use, read 2026-11-21). */
export const chooseTools = (request: ChatRequest, tools: JsonObject[], structured: StructuredOutput, writing: Writing): ChosenTools => {
  const wanted = wantedChoice(request, tools, writing);
  const mustCall = wanted === undefined ? false : wanted['type'] === 'any' || wanted['type'] === 'tool';
  if (structured.kind === 'tool' && !mustCall) {
    const all = [...tools, structured.tool];
    // With tools of its own the model calls one of them, or the one that is the answer; but not both at once.
    const choice =
      tools.length === 0 || wanted?.['type'] === 'none'
        ? { type: 'tool', name: structured.name }
        : { type: 'any', disable_parallel_tool_use: true };
    return { tools: all, choice, forced: true, jsonToolName: structured.name };
  }
  if (!writing.own && mustCall && writing.context.traits.thinkingDefault === 'always') {
    writing.lacks('toolChoice', 'a model that always thinks cannot be made to call a tool');
    return { tools, forced: false, ...(tools.length > 0 && { choice: withParallel({ type: 'auto' }, request) }) };
  }
  return { tools, ...(wanted && { choice: wanted }), forced: mustCall };
};

const wantedChoice = (request: ChatRequest, tools: JsonObject[], writing: Writing): JsonObject | undefined => {
  const { toolChoice, parallelToolCalls } = request;
  // Without tools there is nothing to choose, and nothing to call side by side (FP-18).
  if (tools.length === 0 && !writing.own) return undefined;
  if (!toolChoice) return parallelToolCalls === false ? { type: 'auto', disable_parallel_tool_use: true } : undefined;
  switch (toolChoice.type) {
    case 'none':
      return { type: 'none' };
    case 'auto':
      return withParallel({ type: 'auto' }, request);
    case 'required':
      return withParallel({ type: 'any' }, request);
    case 'tool':
      return withParallel(
        {
          type: 'tool',
          name: toolChoice.kind === 'provider' ? providerToolName(toolChoice.name, tools) : writing.aliases.of(toolChoice.name),
        },
        request,
      );
    case 'allowed':
      return withParallel({ type: toolChoice.required ? 'any' : 'auto' }, request);
  }
};

/** Another vendor's hosted tool goes by the name that Anthropic's counterpart has: `web_search_preview` -> `web_search`. */
const providerToolName = (name: string, tools: JsonObject[]): string => {
  const names = tools.map((tool) => String(tool['name']));
  return names.find((each) => name === each || name.startsWith(each)) ?? name;
};

const withParallel = (choice: JsonObject, { parallelToolCalls }: ChatRequest): JsonObject =>
  parallelToolCalls === false ? { ...choice, disable_parallel_tool_use: true } : choice;

import { table } from '../../lib/table.ts';
import type { ChatRequest, DecodeHints, ToWireContext } from '../../types/index.ts';
import { parameterName } from '../shared/parameter-name.ts';
import { createToolAliases, type ToolAliases } from '../shared/tool-alias.ts';
import { own } from './own.ts';

/** What the parts of a request's translation share. */
export interface Writing {
  context: ToWireContext;
  /** The client wrote this format too: what it spelled its own way goes out as it was. */
  same: boolean;
  aliases: ToolAliases;
  /** The vendor has no custom tools: they go as functions with one `input`. */
  wrapCustom: boolean;
  /** Notes what was left out, once a kind. */
  drop(what: string, why: string): void;
  /** Whether a wire member or a feature is among those that the vendor lacks. */
  lacks(feature: string): boolean;
}

export const createWriting = (context: ToWireContext): Writing => {
  const missing = new Set(context.quirks.lacks);
  const dropped = new Set<string>();
  return {
    context,
    same: context.from === own,
    aliases: createToolAliases(),
    wrapCustom: missing.has('custom_tools'),
    drop(what, why) {
      if (!dropped.has(what)) context.drop(what, why);
      dropped.add(what);
    },
    lacks: (feature) => missing.has(feature),
  };
};

/** The tool that a vendor without JSON schemas is made to call, so that its arguments are the answer. */
export const jsonToolName = 'json_tool_call';

export const hintsOf = (request: ChatRequest, { aliases, wrapCustom }: Writing, forcesJson: boolean): DecodeHints | undefined => {
  const custom = wrapCustom ? (request.tools ?? []).flatMap((tool) => (tool.type === 'custom' ? [tool.name] : [])) : [];
  const hints: DecodeHints = {
    ...(forcesJson && { jsonToolName }),
    ...(aliases.names && { toolNames: aliases.names }),
    ...(custom.length > 0 && { customTools: custom }),
  };
  return Object.keys(hints).length === 0 ? undefined : hints;
};

type Parameter = Parameters<typeof parameterName>[0];

const parameters: Readonly<Record<string, Parameter>> = table({
  tools: 'tools',
  tool_choice: 'toolChoice',
  parallel_tool_calls: 'parallelToolCalls',
  max_tokens: 'maxOutputTokens',
  max_completion_tokens: 'maxOutputTokens',
  temperature: 'temperature',
  top_p: 'topP',
  top_k: 'topK',
  stop: 'stop',
  seed: 'seed',
  presence_penalty: 'presencePenalty',
  frequency_penalty: 'frequencyPenalty',
  logit_bias: 'logitBias',
  logprobs: 'logprobs',
  top_logprobs: 'topLogprobs',
  n: 'candidateCount',
  response_format: 'responseFormat',
  reasoning_effort: 'reasoning',
  thinking: 'reasoning',
  verbosity: 'verbosity',
  modalities: 'modalities',
  audio: 'audio',
  prediction: 'prediction',
  web_search_options: 'webSearch',
  service_tier: 'serviceTier',
  metadata: 'metadata',
  user: 'user',
  store: 'store',
  prompt_cache_key: 'promptCacheKey',
});

/** How the client spells a wire member of ours. */
export const clientName = (member: string, { context, same }: Writing): string => {
  const parameter = parameters[member];
  return same || !parameter ? member : parameterName(parameter, context.from);
};

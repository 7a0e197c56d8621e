import type { ChatRequest, JsonObject, ToWireContext } from '../../types/index.ts';
import { nativeOf, objectIn, protocolId } from './native.ts';
import { writeTextOption } from './options.ts';
import { writeReasoningOption } from './reasoning-option.ts';
import { instructionsOf, noAliases } from './request-to-wire.ts';
import { writeToolChoice } from './tool-choice.ts';
import { writeTools } from './tools.ts';

/** The parameters of a request as an answer repeats them. */
export const echoRequest = (request: ChatRequest): JsonObject => {
  const context: ToWireContext = {
    model: request.model,
    provider: '',
    from: protocolId,
    traits: {},
    quirks: {},
    dropParams: true,
    drop: () => {},
    lacks: () => {},
  };
  const own = nativeOf(request) ?? {};
  const instructions = instructionsOf(request.messages[0]);
  const tools = writeTools(request.tools ?? [], context, noAliases);
  const choice = request.toolChoice && writeToolChoice(request.toolChoice, request, tools, context, noAliases);
  const reasoning = writeReasoningOption(request.reasoning, objectIn(own, 'reasoning') ?? {}, context);
  const text = writeTextOption(request, objectIn(own, 'text') ?? {}, context);
  return {
    background: own['background'] ?? false,
    instructions: instructions ?? null,
    max_output_tokens: request.maxOutputTokens ?? null,
    max_tool_calls: own['max_tool_calls'] ?? null,
    metadata: request.metadata ?? {},
    parallel_tool_calls: request.parallelToolCalls ?? true,
    previous_response_id: own['previous_response_id'] ?? null,
    prompt_cache_key: request.promptCacheKey ?? null,
    reasoning: { effort: null, summary: null, ...reasoning },
    safety_identifier: own['safety_identifier'] ?? null,
    store: request.store ?? true,
    temperature: request.temperature ?? 1,
    text: { format: { type: 'text' }, ...text },
    tool_choice: choice ?? 'auto',
    tools,
    top_logprobs: request.topLogprobs ?? 0,
    top_p: request.topP ?? 1,
    truncation: own['truncation'] ?? 'disabled',
    ...(request.user !== undefined && request.user !== own['safety_identifier'] && { user: request.user }),
  };
};

import { table } from '../../lib/table.ts';
import type { ChatRequest, JsonObject, Reasoning, ReasoningEffort, ResponseFormat } from '../../types/index.ts';
import { asNumber, asObject, asString, compact, isObject, maybe, wantArray, wantNumber, wantString } from '../shared/read.ts';
import { keep } from './common.ts';
import { readMessages, readSystem } from './messages-from-wire.ts';
import { readToolChoice, readTools } from './tools-from-wire.ts';

/** Members that only Anthropic's models can take; they go back to them as they came, and to nobody else. */
const ownMembers = new Set([
  'anthropic_beta',
  'anthropic_version',
  'betas',
  'cache_control',
  'container',
  'context_management',
  'diagnostics',
  'fallbacks',
  'inference_geo',
  'mcp_servers',
  'speed',
  'user_profile_id',
]);

const modes: Readonly<Record<string, Reasoning['mode']>> = table({
  enabled: 'enabled',
  disabled: 'disabled',
  adaptive: 'adaptive',
  // Claude Sonnet 5.5: no thinking before the answer, only notes between tools. The nearest others have is none.
  between_tools: 'disabled',
});

const summaries: Readonly<Record<string, Reasoning['summary']>> = table({ summarized: 'auto', updates: 'auto', omitted: 'none' });

/** What `thinking` and `output_config.effort` say together. */
const readReasoning = (thinking: JsonObject | undefined, effort: unknown): Reasoning | undefined => {
  const reasoning: Reasoning = compact({
    mode: modes[String(thinking?.['type'])],
    effort: asString(effort) as ReasoningEffort | undefined,
    budgetTokens: asNumber(thinking?.['budget_tokens']),
    summary: summaries[String(thinking?.['display'])],
  });
  return Object.keys(reasoning).length === 0 ? undefined : reasoning;
};

const readFormat = (format: unknown): ResponseFormat | undefined =>
  isObject(format) && format['type'] === 'json_schema' && isObject(format['schema'])
    ? { type: 'json-schema', schema: format['schema'] }
    : undefined;

const readServiceTier = (tier: string | undefined): string | undefined => (tier === 'standard_only' ? 'default' : tier);

/**
 * A Messages request in the neutral model. `thinking`, `output_config`, `output_format` and `metadata` are read, and kept
 * word for word as well: they say more than the neutral model does.
 * @throws SluiceError `invalid_request`, naming the member
 */
export const fromWire = (body: JsonObject): ChatRequest => {
  const {
    model,
    messages,
    system,
    tools,
    tool_choice,
    max_tokens,
    temperature,
    top_p,
    top_k,
    stop_sequences,
    stream,
    thinking,
    output_config,
    output_format,
    metadata,
    service_tier,
    ...more
  } = body;

  const own: JsonObject = compact({ thinking, output_config, output_format, metadata });
  const unknown: JsonObject = {};
  for (const [name, value] of Object.entries(more)) (ownMembers.has(name) ? own : unknown)[name] = value;

  const outputConfig = asObject(output_config);
  return compact<ChatRequest>({
    model: wantString(model, 'model'),
    messages: [...readSystem(system), ...readMessages(messages)],
    tools: readTools(tools),
    ...readToolChoice(tool_choice),
    maxOutputTokens: maybe(wantNumber, max_tokens, 'max_tokens'),
    temperature: maybe(wantNumber, temperature, 'temperature'),
    topP: maybe(wantNumber, top_p, 'top_p'),
    topK: maybe(wantNumber, top_k, 'top_k'),
    stop: maybe(wantArray, stop_sequences, 'stop_sequences')?.map((each, index) => wantString(each, `stop_sequences.${index}`)),
    reasoning: readReasoning(asObject(thinking), outputConfig?.['effort']),
    responseFormat: readFormat(outputConfig?.['format']) ?? readFormat(output_format),
    user: asString(asObject(metadata)?.['user_id']),
    serviceTier: readServiceTier(maybe(wantString, service_tier, 'service_tier')),
    stream: stream === true,
    // This format always sends it.
    includeUsage: true,
    unknown,
    ...keep(own),
  });
};

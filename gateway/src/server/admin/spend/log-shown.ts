import { isObject, totalInputTokens, totalOutputTokens } from 'sluice/kit';
import type { Content } from '../../../spend/contents/contents.ts';
import { usdOf } from '../../../spend/reports/counts.ts';
import { detailsOf, tagsOf, type EventDetails, type EventRow } from '../../../spend/reports/event-row.ts';
import { iso } from '../answer-parts.ts';
import { callTypeOf } from './routes-shown.ts';

/**
 * A call as LiteLLM's spend log has it (its table LiteLLM_SpendLogs and `LiteLLM_SpendLogs` of its OpenAPI, v1.96.0, read
 * 2026-11-22). What was said is not in it (`messages`, `response`): it is kept apart, where it is, and shown with one call alone.
 */
export const logShown = (row: EventRow) => {
  const details = detailsOf(row);
  return {
    request_id: row.call_id,
    call_type: callTypeOf(row.route),
    api_key: row.key_id ?? '',
    spend: usdOf(row.nanodollars),
    total_tokens: row.input_tokens + row.output_tokens,
    prompt_tokens: row.input_tokens,
    completion_tokens: row.output_tokens,
    startTime: iso(row.at),
    endTime: iso(row.ended_at),
    // Both are rounded, each in its own way: an answer does not end before it begins.
    completionStartTime: row.first_output_at === null ? null : iso(Math.min(row.first_output_at, row.ended_at)),
    request_duration_ms: row.ended_at - row.at,
    model: row.upstream_model ?? row.model ?? '',
    model_id: row.deployment_id ?? '',
    model_group: row.model ?? '',
    custom_llm_provider: row.provider ?? '',
    api_base: '',
    user: row.user_id ?? '',
    metadata: metadataShown(row, details),
    cache_hit: row.cache_hit === 1 ? 'True' : 'False',
    cache_key: '',
    request_tags: tagsOf(row),
    team_id: row.team_id,
    organization_id: row.organization_id,
    end_user: row.customer_id,
    requester_ip_address: details.address ?? null,
    messages: {},
    response: {},
    proxy_server_request: {},
    session_id: row.session_id,
    status: row.status < 400 ? 'success' : 'failure',
    mcp_namespaced_tool_name: null,
    agent_id: row.agent_id,
  };
};

export type ShownLog = ReturnType<typeof logShown>;

/** What was said, as LiteLLM's log page reads it: JSON where it is JSON, else the text (a stream as it went out). */
export const contentShown = (content: Pick<Content, 'request' | 'answer'>) => {
  const request = jsonOr(content.request);
  const messages = isObject(request) ? (request['messages'] ?? request['input'] ?? request['contents'] ?? {}) : {};
  return { messages, response: jsonOr(content.answer), proxy_server_request: request };
};

const jsonOr = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

const metadataShown = (row: EventRow, details: EventDetails) => ({
  user_api_key: row.key_id,
  user_api_key_alias: details.keyAlias ?? null,
  user_api_key_team_id: row.team_id,
  user_api_key_team_alias: details.teamAlias ?? null,
  user_api_key_org_id: row.organization_id,
  user_api_key_project_id: row.project_id,
  user_api_key_user_id: row.user_id,
  spend_logs_metadata: details.metadata ?? null,
  requester_ip_address: details.address ?? null,
  user_agent: row.user_agent,
  route: row.route,
  /** Of this gateway's own, and of this call alone, which the id that its client chose may not be. */
  event_id: row.id,
  stream: row.stream === 1,
  http_status: row.status,
  attempted_retries: Math.max(0, (details.attempts ?? 1) - 1),
  status: row.status < 400 ? 'success' : 'failure',
  usage_object: usageShown(row, details),
  cost_known: row.cost_known === 1,
  cost_breakdown: {
    total_cost: usdOf(row.nanodollars),
    // It is what is charged, where nothing was taken off or put on.
    original_cost: usdOf(details.originalNanodollars ?? row.nanodollars),
    discount_amount: usdOrNull(details.discountNanodollars),
    margin_total_amount: usdOrNull(details.marginNanodollars),
    lost_tries_cost: usdOrNull(details.lostNanodollars),
  },
  price_source: details.priceSource ?? null,
  /** Prices are kept once for all calls that were worked out of them (FP-13). */
  price_id: row.price_id,
  error_information:
    row.status < 400
      ? null
      : { error_code: String(row.status), error_class: row.error_code ?? '', error_message: details.errorMessage ?? '', traceback: '' },
});

const usdOrNull = (nanodollars: number | undefined): number | null => (nanodollars === undefined ? null : usdOf(nanodollars));

/** As OpenAI has it, whatever the provider's was. */
const usageShown = (row: EventRow, { usage }: EventDetails) => {
  const [input, output] = usage ? [totalInputTokens(usage), totalOutputTokens(usage)] : [row.input_tokens, row.output_tokens];
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    cache_read_input_tokens: row.cache_read_tokens,
    cache_creation_input_tokens: row.cache_write_tokens,
    prompt_tokens_details: { cached_tokens: row.cache_read_tokens, audio_tokens: usage?.inputAudioTokens ?? 0 },
    completion_tokens_details: { reasoning_tokens: usage?.reasoningTokens ?? 0, audio_tokens: usage?.outputAudioTokens ?? 0 },
    ...(usage?.units && { units: usage.units }),
  };
};

/** Columns of an export: what is one value. */
export const logColumns: Readonly<Record<string, (log: ShownLog) => string | number | boolean | null>> = {
  request_id: (log) => log.request_id,
  startTime: (log) => log.startTime,
  endTime: (log) => log.endTime,
  completionStartTime: (log) => log.completionStartTime,
  status: (log) => log.status,
  http_status: (log) => log.metadata.http_status,
  error_class: (log) => log.metadata.error_information?.error_class ?? null,
  call_type: (log) => log.call_type,
  model_group: (log) => log.model_group,
  model: (log) => log.model,
  model_id: (log) => log.model_id,
  custom_llm_provider: (log) => log.custom_llm_provider,
  api_key: (log) => log.api_key,
  key_alias: (log) => log.metadata.user_api_key_alias,
  user: (log) => log.user,
  team_id: (log) => log.team_id,
  organization_id: (log) => log.organization_id,
  end_user: (log) => log.end_user,
  agent_id: (log) => log.agent_id,
  session_id: (log) => log.session_id,
  request_tags: (log) => log.request_tags.join(' '),
  user_agent: (log) => log.metadata.user_agent,
  prompt_tokens: (log) => log.prompt_tokens,
  completion_tokens: (log) => log.completion_tokens,
  cache_read_input_tokens: (log) => log.metadata.usage_object.cache_read_input_tokens,
  cache_creation_input_tokens: (log) => log.metadata.usage_object.cache_creation_input_tokens,
  spend: (log) => log.spend,
  cost_known: (log) => log.metadata.cost_known,
  cache_hit: (log) => log.cache_hit,
};

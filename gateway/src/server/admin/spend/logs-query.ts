import { z } from 'zod';
import { eventSorts } from '../../../spend/reports/event-page.ts';
import type { EventFilter } from '../../../spend/reports/event-filter.ts';
import { pageNumber, pageSize, queryFlag, sortOrder } from '../fields.ts';
import { dates, emptyIsAbsent, timeOf, wantedId, wantedKey, wantedText } from './query-fields.ts';
import { visibleEvents } from './scope.ts';
import type { AdminContext } from '../admin-route.ts';

const dollars = emptyIsAbsent(
  z.preprocess(
    (value) => (typeof value === 'string' && /^\d{1,9}(?:\.\d{1,12})?(?:e-?\d{1,2})?$/i.test(value) ? Number(value) : value),
    z.number().min(0),
  ),
);

/** What says which calls are wanted. LiteLLM's names, and a few of our own behind them. */
const filters = {
  ...dates,
  api_key: wantedKey,
  user_id: wantedId,
  request_id: wantedText,
  session_id: wantedText,
  team_id: wantedId,
  min_spend: dollars,
  max_spend: dollars,
  status_filter: emptyIsAbsent(z.enum(['success', 'failure'])),
  model: wantedText,
  model_id: wantedText,
  model_group: wantedText,
  key_alias: wantedText,
  end_user: wantedId,
  error_code: wantedText,
  error_message: wantedText,
  organization_id: wantedId,
  project_id: wantedId,
  agent_id: wantedId,
  tag: wantedText,
  user_agent: wantedText,
  custom_llm_provider: wantedText,
  route: wantedText,
};

const filterQuery = z.strictObject(filters);
type Filters = z.output<typeof filterQuery>;

export const pageQuery = z.strictObject({
  ...filters,
  page: pageNumber,
  page_size: pageSize(50, 1000),
  sort_by: z.enum(eventSorts as [(typeof eventSorts)[number], ...(typeof eventSorts)[number][]]).default('startTime'),
  sort_order: sortOrder.default('desc'),
});

export const sessionQuery = z.strictObject({
  ...dates,
  session_id: z.string().min(1).max(512),
  page: pageNumber,
  page_size: pageSize(50, 1000),
});

export const legacyQuery = z.strictObject({
  ...dates,
  api_key: wantedKey,
  user_id: wantedId,
  request_id: wantedText,
  summarize: queryFlag.default(true),
});

export const exportQuery = z.strictObject({ ...filters, format: z.enum(['csv', 'jsonl']).default('jsonl') });

const nanodollarsOf = (usd: number | undefined): number | undefined => (usd === undefined ? undefined : Math.round(usd * 1e9));

/** What is asked for, of what the caller may see. */
export const eventFilterOf = (context: Pick<AdminContext, 'principal' | 'now'>, query: Filters): EventFilter => ({
  scope: visibleEvents(context),
  time: timeOf(query, context.now),
  requestId: query.request_id,
  keyId: query.api_key,
  keyAlias: query.key_alias,
  userId: query.user_id,
  teamId: query.team_id,
  organizationId: query.organization_id,
  projectId: query.project_id,
  customerId: query.end_user,
  agentId: query.agent_id,
  sessionPart: query.session_id,
  tag: query.tag,
  userAgent: query.user_agent,
  model: query.model,
  modelGroup: query.model_group,
  deploymentId: query.model_id,
  provider: query.custom_llm_provider,
  route: query.route,
  failed: query.status_filter === undefined ? undefined : query.status_filter === 'failure',
  errorCode: query.error_code,
  errorMessage: query.error_message,
  minNanodollars: nanodollarsOf(query.min_spend),
  maxNanodollars: nanodollarsOf(query.max_spend),
});

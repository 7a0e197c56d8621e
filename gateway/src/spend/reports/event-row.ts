import type { SpendEvent } from '../event.ts';
import type { LedgerRow } from '../ledger/row.ts';
import { sql } from '../../storage/sql/statement.ts';

/** A call as the ledger keeps it (`0003-spend`). */
export type EventRow = LedgerRow;

export const eventColumns = sql`day, id, call_id, at, ended_at, first_output_at, route, status, error_code, model, upstream_model,
  deployment_id, provider, stream, cache_hit, key_id, user_id, team_id, organization_id, project_id, customer_id, agent_id,
  session_id, tags, user_agent, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, nanodollars, cost_known,
  price_id, details`;

/** What has no column of its own: members of the event, under its names. */
export type EventDetails = Partial<
  Pick<
    SpendEvent,
    | 'errorMessage'
    | 'attempts'
    | 'keyAlias'
    | 'teamAlias'
    | 'address'
    | 'metadata'
    | 'usage'
    | 'originalNanodollars'
    | 'discountNanodollars'
    | 'marginNanodollars'
    | 'lostNanodollars'
    | 'priceSource'
  >
>;

export const detailsOf = ({ details }: Pick<EventRow, 'details'>): EventDetails => objectOf(details);

export const tagsOf = ({ tags }: Pick<EventRow, 'tags'>): readonly string[] => {
  const read: unknown = tags === null || tags === '' ? [] : parsed(tags);
  return Array.isArray(read) ? read.filter((each) => typeof each === 'string') : [];
};

const objectOf = (text: string): object => {
  const read = parsed(text);
  return typeof read === 'object' && read !== null && !Array.isArray(read) ? read : {};
};

/** One row that cannot be read must not make a page of them unreadable. */
const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

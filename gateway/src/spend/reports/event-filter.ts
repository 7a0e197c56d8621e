import { sql, type Statement } from '../../storage/sql/statement.ts';
import type { Database } from '../../storage/sql/database.ts';
import { storedName } from '../ledger/names.ts';
import { among } from './lens.ts';
import type { TimeSpan } from './days.ts';

/** Whose rows may be seen; a row is seen if any of these holds. Absent: all rows. */
export interface EventScope {
  readonly userId?: string | undefined;
  readonly keyId?: string | undefined;
  readonly teamIds?: readonly string[] | undefined;
  readonly organizationIds?: readonly string[] | undefined;
}

/** Which rows are wanted; all that is named must hold. */
export interface EventFilter {
  readonly scope?: EventScope | undefined;
  readonly time?: TimeSpan | undefined;
  /** Of the event, or of the call as its client sees it. */
  readonly requestId?: string | undefined;
  readonly keyId?: string | undefined;
  readonly keyAlias?: string | undefined;
  readonly userId?: string | undefined;
  readonly teamId?: string | undefined;
  readonly organizationId?: string | undefined;
  readonly projectId?: string | undefined;
  readonly customerId?: string | undefined;
  readonly agentId?: string | undefined;
  readonly sessionId?: string | undefined;
  /** A part of it. */
  readonly sessionPart?: string | undefined;
  readonly tag?: string | undefined;
  readonly userAgent?: string | undefined;
  /** As it was asked for, or as its provider calls it. */
  readonly model?: string | undefined;
  readonly modelGroup?: string | undefined;
  readonly deploymentId?: string | undefined;
  readonly provider?: string | undefined;
  readonly route?: string | undefined;
  readonly failed?: boolean | undefined;
  /** What the client saw (`429`), or the code of the failure (`rate_limited`). */
  readonly errorCode?: string | undefined;
  readonly errorMessage?: string | undefined;
  readonly minNanodollars?: number | undefined;
  readonly maxNanodollars?: number | undefined;
}

const equalities = {
  keyId: sql`key_id`,
  userId: sql`user_id`,
  teamId: sql`team_id`,
  organizationId: sql`organization_id`,
  projectId: sql`project_id`,
  customerId: sql`customer_id`,
  agentId: sql`agent_id`,
  sessionId: sql`session_id`,
  userAgent: sql`user_agent`,
  modelGroup: sql`model`,
  deploymentId: sql`deployment_id`,
  provider: sql`provider`,
  route: sql`route`,
} as const satisfies Partial<Record<keyof EventFilter, Statement>>;

/** Conditions on rows of a day. @param kind of the database, which says how JSON is read */
export const eventConditions = (day: number, filter: EventFilter, kind: Database['kind']): Statement[] => {
  // Rows without a route are of gateways that keep no rows: they only tell that a call was here.
  const all: Statement[] = [sql`day = ${day} and route <> ''`];
  const add = <T>(value: T | undefined, condition: (value: T) => Statement) => value !== undefined && all.push(condition(value));
  if (filter.scope) all.push(scopeCondition(filter.scope));
  if (filter.time) all.push(sql`at >= ${filter.time.from} and at < ${filter.time.before}`);
  for (const [name, column] of Object.entries(equalities))
    add(filter[name as keyof typeof equalities], (value) => sql`${column} = ${storedName(value)}`);
  add(filter.requestId, (id) => sql`(call_id = ${storedName(id)} or id = ${storedName(id)})`);
  add(
    filter.keyAlias,
    (alias) => sql`key_id in (select id from keys where alias = ${alias} union all select id from deleted_keys where alias = ${alias})`,
  );
  add(filter.model, (model) => sql`(model = ${storedName(model)} or upstream_model = ${storedName(model)})`);
  add(filter.failed, (failed) => (failed ? sql`status >= 400` : sql`status < 400`));
  add(filter.errorCode, (code) => (/^\d{3}$/.test(code) ? sql`(status = ${Number(code)} and status >= 400)` : sql`error_code = ${code}`));
  add(filter.minNanodollars, (least) => sql`nanodollars >= ${least}`);
  add(filter.maxNanodollars, (most) => sql`nanodollars <= ${most}`);
  add(filter.sessionPart, (part) => sql`lower(session_id) like lower(${likeOf(part)}) escape '\\'`);
  // As JSON has it in its list: a tag that is part of another one is not it.
  add(filter.tag, (tag) => sql`tags like ${likeOf(JSON.stringify(storedName(tag)))} escape '\\'`);
  add(filter.errorMessage, (part) => sql`lower(${messageIn[kind]}) like lower(${likeOf(part)}) escape '\\'`);
  return all;
};

const messageIn: Readonly<Record<Database['kind'], Statement>> = {
  sqlite: sql`json_extract(details, '$.errorMessage')`,
  postgres: sql`(details::jsonb ->> 'errorMessage')`,
};

/** An empty scope sees nothing. */
const scopeCondition = ({ userId, keyId, teamIds = [], organizationIds = [] }: EventScope): Statement => {
  const ways: Statement[] = [];
  if (userId !== undefined) ways.push(sql`user_id = ${storedName(userId)}`);
  if (keyId !== undefined) ways.push(sql`key_id = ${keyId}`);
  if (teamIds.length > 0) ways.push(among(sql`team_id`, teamIds.map(storedName)));
  if (organizationIds.length > 0) ways.push(among(sql`organization_id`, organizationIds.map(storedName)));
  return ways.length === 0 ? sql`1 = 0` : sql`(${sql.join(ways, ' or ')})`;
};

const likeOf = (text: string): string => `%${text.replaceAll(/[\\%_]/g, (character) => `\\${character}`)}%`;

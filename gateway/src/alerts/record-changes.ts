import type { AlertType } from '../config/alert-types.ts';
import type { Queries } from '../storage/sql/database.ts';
import { sql } from '../storage/sql/statement.ts';
import type { AlertDraft, AlertEvent, AlertEventName, AlertFacts, EventGroup } from './event.ts';

/** One entry of the audit log, as far as alerts look at it. */
export interface RecordChange {
  readonly seq: number;
  readonly at: number;
  readonly action: string;
  readonly table: string;
  readonly id: string;
  readonly by: string | undefined;
  /** Members that changed, and what they are now. */
  readonly after: Readonly<Record<string, unknown>>;
}

interface Row {
  readonly seq: number;
  readonly at: number;
  readonly action: string;
  readonly table_name: string;
  readonly object_id: string;
  readonly changed_by: string | null;
  readonly updated_values: string | object | null;
}

const perPage = 500;

/** What was changed behind a place in the audit log, in its order; at most a page. */
export const changesAfter = async (queries: Queries, seq: number): Promise<readonly RecordChange[]> => {
  const rows = await queries.all<Row>(
    sql`select seq, at, action, table_name, object_id, changed_by, updated_values from audit_log
        where seq > ${seq} order by seq limit ${perPage}`,
  );
  return rows.map(({ seq: place, at, action, table_name: table, object_id: id, changed_by: by, updated_values: after }) => ({
    seq: place,
    at,
    action,
    table,
    id,
    by: by ?? undefined,
    after: membersOf(after),
  }));
};

/** Where the audit log ends. */
export const lastChange = async (queries: Queries): Promise<number> =>
  (await queries.one<{ seq: number | null }>(sql`select max(seq) as seq from audit_log`))?.seq ?? 0;

const membersOf = (value: string | object | null): Readonly<Record<string, unknown>> => {
  const read: unknown = typeof value === 'string' ? JSON.parse(value) : value;
  return typeof read === 'object' && read !== null ? (read as Record<string, unknown>) : {};
};

interface Watched {
  /** Of its counter: `key:…`. */
  readonly subject?: string;
  readonly group: EventGroup;
  readonly label: string;
  readonly alias: string;
  readonly facts?: (id: string, alias: string | undefined) => AlertFacts;
  readonly types?: Readonly<Partial<Record<string, AlertType>>>;
}

/** The audit log's names of tables. */
const tables: Readonly<Record<string, Watched>> = {
  LiteLLM_VerificationToken: {
    subject: 'key',
    group: 'key',
    label: 'key',
    alias: 'key_alias',
    facts: (id, alias) => ({ token: id, key_alias: alias ?? null }),
    types: { created: 'new_virtual_key_created', deleted: 'virtual_key_deleted', usual: 'virtual_key_updated' },
  },
  LiteLLM_TeamTable: {
    subject: 'team',
    group: 'team',
    label: 'team',
    alias: 'team_alias',
    facts: (id, alias) => ({ team_id: id, team_alias: alias ?? null }),
    types: { created: 'new_team_created', deleted: 'team_deleted', usual: 'team_updated' },
  },
  LiteLLM_UserTable: {
    subject: 'user',
    group: 'user',
    label: 'user',
    alias: 'user_email',
    facts: (id, alias) => ({ user_id: id, user_email: alias ?? null }),
    types: { created: 'new_internal_user_created', deleted: 'internal_user_deleted', usual: 'internal_user_updated' },
  },
  LiteLLM_ProxyModelTable: { group: 'proxy', label: 'model', alias: 'model_name', types: { created: 'new_model_added' } },
  LiteLLM_OrganizationTable: { subject: 'organization', group: 'organization', label: 'organisation', alias: 'organization_alias' },
  LiteLLM_ProjectTable: { subject: 'project', group: 'project', label: 'project', alias: 'project_alias' },
  LiteLLM_EndUserTable: { subject: 'customer', group: 'end_user', label: 'end user', alias: 'alias' },
  LiteLLM_TagTable: { subject: 'tag', group: 'tag', label: 'tag', alias: 'alias' },
  LiteLLM_TeamMembership: { subject: 'team_member', group: 'team_member', label: 'team member', alias: 'alias' },
  LiteLLM_OrganizationMembership: {
    subject: 'organization_member',
    group: 'organization_member',
    label: 'member of an organisation',
    alias: 'alias',
  },
};

const watchedOf = (table: string): Watched | undefined => (Object.hasOwn(tables, table) ? tables[table] : undefined);

/** Whose budget may be another one now. */
export const subjectOf = ({ table, id }: RecordChange): string | undefined => {
  const subject = watchedOf(table)?.subject;
  return subject && `${subject}:${id}`;
};

/** LiteLLM's names of these events. */
const eventNames: Readonly<Partial<Record<AlertType, AlertEventName>>> = {
  new_virtual_key_created: 'key_created',
  new_internal_user_created: 'internal_user_created',
};
const rotations: ReadonlySet<string> = new Set(['regenerated', 'rotated']);

/** What is to be told of a change. Undefined: nothing. No value of a member is in it but the name. */
export const alertOfChange = (change: RecordChange): AlertDraft | undefined => {
  const watched = watchedOf(change.table);
  const type = watched?.types?.[change.action] ?? (change.action === 'created' ? undefined : watched?.types?.['usual']);
  if (!watched || !type) return undefined;
  const named = change.after[watched.alias];
  const alias = typeof named === 'string' ? named : undefined;
  const members = Object.keys(change.after);
  const what = change.action === 'updated' && members.length > 0 ? ` (${members.slice(0, 20).join(', ')})` : '';
  const event: AlertEvent = {
    ...watched.facts?.(change.id, alias),
    event: rotations.has(change.action) ? 'key_rotated' : (eventNames[type] ?? type),
    event_group: watched.group,
    event_message: `The ${watched.label} ${JSON.stringify(alias ?? change.id)} was ${change.action}${what}${change.by === undefined ? '' : ` by ${change.by}`}.`,
    subject: watched.subject ? `${watched.subject}:${change.id}` : `${watched.label}:${change.id}`,
    spend: 0,
  };
  return {
    type,
    subject: `audit:${change.seq}`,
    threshold: 0,
    periodStart: change.at,
    periodEnd: change.at,
    limitNanodollars: 0,
    spentNanodollars: 0,
    event,
  };
};

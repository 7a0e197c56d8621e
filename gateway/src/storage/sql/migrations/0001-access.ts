/**
 * Everything that has a name and an owner has a table of the same shape: its document, and beside it the members that it
 * is looked for by. What is spent is apart from what is allowed: no spend write can bring an old record back (FP-15).
 */

const base = `
  id text primary key,
  version bigint not null,
  data JSON_TYPE not null,
  created_at bigint not null,
  created_by text,
  updated_at bigint not null,
  updated_by text`;

const tables: Readonly<Record<string, { columns?: readonly string[]; indexes?: readonly string[]; unique?: readonly string[] }>> = {
  keys: {
    columns: [
      'alias text',
      'user_id text',
      'team_id text',
      'organization_id text',
      'project_id text',
      'agent_id text',
      'budget_id text',
      'blocked integer not null',
      'expires_at bigint',
      'rotate_at bigint',
    ],
    unique: ['alias'],
    indexes: [
      'user_id',
      'team_id',
      'organization_id',
      'project_id',
      'agent_id',
      'budget_id',
      'expires_at',
      'rotate_at',
      'created_at',
      'created_by',
    ],
  },
  deleted_keys: {
    columns: ['alias text', 'user_id text', 'team_id text', 'organization_id text'],
    indexes: ['user_id', 'team_id', 'organization_id'],
  },
  teams: {
    columns: ['alias text', 'organization_id text', 'budget_id text', 'blocked integer not null'],
    indexes: ['alias', 'organization_id'],
  },
  deleted_teams: { columns: ['alias text', 'organization_id text'] },
  team_members: {
    columns: ['team_id text not null', 'user_id text not null', 'role text not null'],
    unique: ['team_id, user_id'],
    indexes: ['user_id'],
  },
  users: {
    columns: ['alias text', 'email text', 'sso_id text', 'role text', 'blocked integer not null', 'budget_id text'],
    unique: ['email', 'sso_id'],
    indexes: ['role'],
  },
  organizations: { columns: ['alias text', 'budget_id text'], indexes: ['alias', 'budget_id'] },
  organization_members: {
    columns: ['organization_id text not null', 'user_id text not null', 'role text not null'],
    unique: ['organization_id, user_id'],
    indexes: ['user_id'],
  },
  projects: { columns: ['alias text', 'team_id text', 'budget_id text', 'blocked integer not null'], indexes: ['team_id'] },
  customers: { columns: ['alias text', 'budget_id text', 'blocked integer not null'], indexes: ['budget_id'] },
  budgets: {},
  tags: { columns: ['budget_id text'] },
  access_groups: { columns: ['alias text not null'], unique: ['alias'] },
  models: { columns: ['alias text not null', 'team_id text'], indexes: ['alias', 'team_id'] },
  credentials: {},
  settings: {},
  invitations: { columns: ['user_id text not null', 'expires_at bigint not null'], indexes: ['user_id'] },
  jwt_mappings: {
    columns: ['claim text not null', 'value text not null', 'key_id text not null'],
    unique: ['claim, value'],
    indexes: ['key_id'],
  },
  sessions: { columns: ['user_id text not null', 'expires_at bigint not null'], indexes: ['user_id', 'expires_at'] },
  grants: { columns: ['kind text not null', 'expires_at bigint not null'], indexes: ['expires_at'] },
};

const createTables = (json: string): string =>
  Object.entries(tables)
    .map(([table, { columns = [], unique = [], indexes = [] }]) =>
      [
        `create table if not exists ${table} (${[base.replace('JSON_TYPE', json), ...columns].join(',\n  ')}\n);`,
        ...unique.map((of) => `create unique index if not exists ${table}_${nameOf(of)}_key on ${table} (${of});`),
        ...indexes.map((of) => `create index if not exists ${table}_${nameOf(of)} on ${table} (${of});`),
      ].join('\n'),
    )
    .join('\n\n');

const nameOf = (columns: string): string => columns.replaceAll(', ', '_');

/** What was spent, in nano-dollars, by whom: `key`, `team`, `user`, ... and the id. `period_start` is 0 for all time. */
const spendTotals = `
create table if not exists spend_totals (
  subject text not null,
  period_start bigint not null,
  nanodollars bigint not null,
  updated_at bigint not null,
  primary key (subject, period_start)
);
create index if not exists spend_totals_updated_at on spend_totals (updated_at);`;

/** Each entry's hash is over its content and the hash before, so that a gap shows. */
const auditLog = (json: string, sequence: string) => `
create table if not exists audit_log (
  seq ${sequence},
  id text not null unique,
  at bigint not null,
  action text not null,
  table_name text not null,
  object_id text not null,
  object_team_id text,
  object_key_hash text,
  changed_by text,
  changed_by_api_key text,
  address text,
  before_value ${json},
  updated_values ${json},
  previous_hash text not null,
  hash text not null
);
create index if not exists audit_log_at on audit_log (at);
create index if not exists audit_log_object on audit_log (table_name, object_id);
create index if not exists audit_log_changed_by on audit_log (changed_by);`;

export const access = {
  name: '0001-access',
  sqlite: [createTables('text'), spendTotals, auditLog('text', 'integer primary key autoincrement')].join('\n'),
  postgres: [createTables('jsonb'), spendTotals, auditLog('jsonb', 'bigint generated always as identity primary key')].join('\n'),
};

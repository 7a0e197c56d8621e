import { memberId } from '../../access/records/kinds.ts';
import {
  userRoles,
  type OrganizationMemberRecord,
  type OrganizationRecord,
  type TeamMemberRecord,
  type UserRecord,
  type UserRole,
} from '../../access/records/records.ts';

import type { Mapped } from './mapped.ts';
import { approximate, historyOf, isText, limitsOf, metadataOf, notCarried, permissionOf } from './members.ts';
import { defined, Row, some } from './row.ts';
import type { SourceRow } from './source.ts';

type Permissions = ReadonlyMap<string, SourceRow>;

/** What Bun.password can check: the others are hashes of LiteLLM's own. */
const isCheckable = (hash: string): boolean => /^\$(?:argon2(?:id|i|d)|2[abxy])\$/.test(hash);

const roleOf = (row: Row): UserRole => {
  const given = row.text('user_role');
  if ((userRoles as readonly string[]).includes(given ?? '')) return given as UserRole;
  // Never more than LiteLLM lets them: who has no role there may look at their own things.
  const role = given === 'internal_user_view_only' || given === undefined ? 'internal_user_viewer' : 'internal_user';
  row.notes.push(
    approximate('user_role', given === undefined ? `there is none: it is ${role} here` : `${JSON.stringify(given)} is ${role} here`),
  );
  return role;
};

export const mapUser = (json: SourceRow, permissions: Permissions): Mapped<UserRecord> => {
  const row = new Row(json);
  const id = row.text('user_id') ?? '';
  const password = row.text('password');
  if (password !== undefined && !isCheckable(password))
    row.notes.push(notCarried('password', "it is LiteLLM's own kind of hash: it must be set anew"));
  // Memberships are in the teams' own lists.
  row.ignore('teams', 'team_id');
  const organization = row.text('organization_id');
  if (organization !== undefined)
    row.notes.push(approximate('organization_id', 'places in organisations are carried from their own table alone'));
  row.lose('it is not built here', 'allowed_cache_controls', 'policies');
  const { createdAt, createdBy, spentUsd } = historyOf(row);
  const meta = metadataOf(row);
  const data = defined({
    user_alias: row.text('user_alias'),
    user_email: row.text('user_email')?.trim().toLowerCase(),
    user_role: roleOf(row),
    sso_user_id: row.text('sso_user_id'),
    password: password !== undefined && isCheckable(password) ? password : undefined,
    models: row.list('models'),
    ...limitsOf(row),
    ...meta.limits,
    metadata: meta.metadata,
    object_permission: permissionOf(row, permissions),
  }) as UserRecord;
  return { id, data, createdAt, createdBy, spentUsd, notes: row.finish() };
};

export const mapOrganization = (json: SourceRow, permissions: Permissions): Mapped<OrganizationRecord> => {
  const row = new Row(json);
  const id = row.text('organization_id') ?? '';
  const { createdAt, createdBy, spentUsd } = historyOf(row);
  const meta = metadataOf(row);
  const data = defined({
    organization_alias: row.text('organization_alias') ?? id,
    models: row.list('models'),
    budget_id: row.text('budget_id'),
    ...meta.limits,
    metadata: meta.metadata,
    object_permission: permissionOf(row, permissions),
  }) as OrganizationRecord;
  return { id, data, createdAt, createdBy, spentUsd, notes: row.finish() };
};

const organizationRoles = ['org_admin', 'internal_user', 'internal_user_viewer'] as const;

export const mapOrganizationMember = (json: SourceRow): Mapped<OrganizationMemberRecord> => {
  const row = new Row(json);
  const organization_id = row.text('organization_id') ?? '';
  const user_id = row.text('user_id') ?? '';
  const given = row.text('user_role');
  const role = organizationRoles.find((each) => each === given) ?? 'internal_user_viewer';
  if (role !== given)
    row.notes.push(approximate('user_role', `${given === undefined ? 'there is none' : JSON.stringify(given)}: it is ${role} here`));
  const { createdAt, createdBy, spentUsd } = historyOf(row);
  const data = defined({ organization_id, user_id, role, budget_id: row.text('budget_id') }) as OrganizationMemberRecord;
  return { id: memberId(organization_id, user_id), data, createdAt, createdBy, spentUsd, notes: row.finish() };
};

interface Listed {
  readonly user_id?: unknown;
  readonly user_email?: unknown;
  readonly role?: unknown;
}

/**
 * The members of a team: its list with roles, or the two lists of old versions, with what their row of memberships says.
 * @param idByEmail for who is listed by an address alone
 * @param budgets those of the memberships: they also say which models a member may use, which budgets here do not
 */
export const mapMembers = (
  team: SourceRow,
  memberships: readonly SourceRow[],
  { idByEmail, budgets }: { idByEmail: (email: string) => string | undefined; budgets: ReadonlyMap<string, SourceRow> },
): Mapped<TeamMemberRecord>[] => {
  const team_id = String(team['team_id']);
  const found = new Map<string, Mapped<TeamMemberRecord>>();
  const rows = new Map(memberships.map((each) => [String(each['user_id']), each]));
  for (const { user_id: given, user_email: email, role } of listed(team)) {
    const user_id = isText(given) ? given : isText(email) ? idByEmail(email.trim().toLowerCase()) : undefined;
    if (user_id === undefined) {
      found.set(`?${String(email)}`, {
        id: `${team_id}/${isText(email) ? email : '?'}`,
        data: undefined,
        notes: [notCarried('all', isText(email) ? 'no user has this e-mail' : 'the list names nobody')],
      });
      continue;
    }
    const row = new Row(rows.get(user_id) ?? {});
    rows.delete(user_id);
    row.ignore('user_id', 'team_id');
    const budgetId = row.text('budget_id');
    const spentUsd = row.number('spend');
    const spentEverUsd = row.number('total_spend');
    const data = defined({
      team_id,
      user_id,
      role: role === 'admin' ? 'admin' : 'user',
      budget_id: budgetId,
      allowed_models: budgetId === undefined ? undefined : some(new Row(budgets.get(budgetId) ?? {}).list('allowed_models')),
    }) as TeamMemberRecord;
    const before = found.get(user_id);
    // Who is listed twice is what gives them most, as in LiteLLM.
    if (before?.data?.role === 'admin') continue;
    found.set(user_id, { id: memberId(team_id, user_id), data, spentUsd, spentEverUsd, notes: row.finish() });
  }
  for (const user of rows.keys())
    found.set(`!${user}`, {
      id: memberId(team_id, user),
      data: undefined,
      notes: [notCarried('all', "the team's own list of members does not name them")],
    });
  return [...found.values()];
};

const listed = (team: SourceRow): readonly Listed[] => {
  const given = team['members_with_roles'];
  const withRoles = typeof given === 'string' ? parsed(given) : given;
  if (Array.isArray(withRoles) && withRoles.length > 0)
    return withRoles.filter((each): each is Listed => typeof each === 'object' && each !== null);
  const texts = (name: string) => (Array.isArray(team[name]) ? (team[name] as unknown[]).filter(isText) : []);
  return [
    ...texts('admins').map((user_id) => ({ user_id, role: 'admin' })),
    ...texts('members').map((user_id) => ({ user_id, role: 'user' })),
  ];
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};

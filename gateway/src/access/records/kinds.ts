import type { SqlValue } from '../../storage/sql/statement.ts';
import type {
  AccessGroupRecord,
  BudgetRecord,
  CredentialRecord,
  CustomerRecord,
  DeletedKeyRecord,
  DeletedTeamRecord,
  GrantRecord,
  InvitationRecord,
  JwtMappingRecord,
  KeyRecord,
  ModelRecord,
  OrganizationMemberRecord,
  OrganizationRecord,
  ProjectRecord,
  SessionRecord,
  SettingRecord,
  TagRecord,
  TeamMemberRecord,
  TeamRecord,
  UserRecord,
} from './records.ts';

/** How things of one kind are stored: their table, and the members that stand beside the document because they are looked for. */
export interface Kind<T> {
  /** In announcements and messages. */
  readonly name: string;
  readonly table: string;
  /** How LiteLLM's audit log calls its table. */
  readonly auditName: string;
  readonly columns: (data: T) => Readonly<Record<string, SqlValue>>;
  /** Members that no log may show. */
  readonly secrets?: readonly string[];
  /** Nobody's business: not in the audit log. */
  readonly unaudited?: true;
}

const orNull = <V extends SqlValue>(value: V | undefined | null): V | null => value ?? null;
const flag = (value: boolean | undefined | null): number => (value ? 1 : 0);

const key = (data: KeyRecord) => ({
  alias: orNull(data.key_alias),
  user_id: orNull(data.user_id),
  team_id: orNull(data.team_id),
  organization_id: orNull(data.organization_id),
  project_id: orNull(data.project_id),
  agent_id: orNull(data.agent_id),
  budget_id: orNull(data.budget_id),
  blocked: flag(data.blocked),
  expires_at: orNull(data.expires_at),
  rotate_at: orNull(data.rotate_at),
});

const team = (data: TeamRecord) => ({
  alias: orNull(data.team_alias),
  organization_id: orNull(data.organization_id),
  budget_id: orNull(data.budget_id),
  blocked: flag(data.blocked),
});

const kind = <T>(made: Kind<T>): Kind<T> => made;

export const kinds = {
  key: kind<KeyRecord>({ name: 'key', table: 'keys', auditName: 'LiteLLM_VerificationToken', columns: key }),
  deletedKey: kind<DeletedKeyRecord>({
    name: 'deleted_key',
    table: 'deleted_keys',
    auditName: 'LiteLLM_DeletedVerificationToken',
    unaudited: true,
    columns: (data) => {
      const { alias, user_id, team_id, organization_id } = key(data);
      return { alias, user_id, team_id, organization_id };
    },
  }),
  team: kind<TeamRecord>({ name: 'team', table: 'teams', auditName: 'LiteLLM_TeamTable', columns: team }),
  deletedTeam: kind<DeletedTeamRecord>({
    name: 'deleted_team',
    table: 'deleted_teams',
    auditName: 'LiteLLM_DeletedTeamTable',
    unaudited: true,
    columns: (data) => ({ alias: orNull(data.team_alias), organization_id: orNull(data.organization_id) }),
  }),
  teamMember: kind<TeamMemberRecord>({
    name: 'team_member',
    table: 'team_members',
    auditName: 'LiteLLM_TeamMembership',
    columns: ({ team_id, user_id, role }) => ({ team_id, user_id, role }),
  }),
  user: kind<UserRecord>({
    name: 'user',
    table: 'users',
    auditName: 'LiteLLM_UserTable',
    secrets: ['password'],
    columns: (data) => ({
      alias: orNull(data.user_alias),
      email: orNull(data.user_email),
      sso_id: orNull(data.sso_user_id),
      role: data.user_role,
      blocked: flag(data.blocked),
      budget_id: orNull(data.budget_id),
    }),
  }),
  organization: kind<OrganizationRecord>({
    name: 'organization',
    table: 'organizations',
    auditName: 'LiteLLM_OrganizationTable',
    columns: (data) => ({ alias: data.organization_alias, budget_id: orNull(data.budget_id) }),
  }),
  organizationMember: kind<OrganizationMemberRecord>({
    name: 'organization_member',
    table: 'organization_members',
    auditName: 'LiteLLM_OrganizationMembership',
    columns: ({ organization_id, user_id, role }) => ({ organization_id, user_id, role }),
  }),
  project: kind<ProjectRecord>({
    name: 'project',
    table: 'projects',
    auditName: 'LiteLLM_ProjectTable',
    columns: (data) => ({
      alias: orNull(data.project_alias),
      team_id: data.team_id,
      budget_id: orNull(data.budget_id),
      blocked: flag(data.blocked),
    }),
  }),
  customer: kind<CustomerRecord>({
    name: 'customer',
    table: 'customers',
    auditName: 'LiteLLM_EndUserTable',
    columns: (data) => ({ alias: orNull(data.alias), budget_id: orNull(data.budget_id), blocked: flag(data.blocked) }),
  }),
  budget: kind<BudgetRecord>({ name: 'budget', table: 'budgets', auditName: 'LiteLLM_BudgetTable', columns: () => ({}) }),
  tag: kind<TagRecord>({
    name: 'tag',
    table: 'tags',
    auditName: 'LiteLLM_TagTable',
    columns: (data) => ({ budget_id: orNull(data.budget_id) }),
  }),
  accessGroup: kind<AccessGroupRecord>({
    name: 'access_group',
    table: 'access_groups',
    auditName: 'LiteLLM_AccessGroupTable',
    columns: (data) => ({ alias: data.access_group_name }),
  }),
  model: kind<ModelRecord>({
    name: 'model',
    table: 'models',
    auditName: 'LiteLLM_ProxyModelTable',
    columns: (data) => ({ alias: data.model_name, team_id: orNull(data.team_id) }),
  }),
  credential: kind<CredentialRecord>({
    name: 'credential',
    table: 'credentials',
    auditName: 'LiteLLM_CredentialsTable',
    secrets: ['credential_values'],
    columns: () => ({}),
  }),
  setting: kind<SettingRecord>({ name: 'setting', table: 'settings', auditName: 'LiteLLM_Config', columns: () => ({}) }),
  invitation: kind<InvitationRecord>({
    name: 'invitation',
    table: 'invitations',
    auditName: 'LiteLLM_InvitationLink',
    secrets: ['token_hash'],
    columns: ({ user_id, expires_at }) => ({ user_id, expires_at }),
  }),
  jwtMapping: kind<JwtMappingRecord>({
    name: 'jwt_mapping',
    table: 'jwt_mappings',
    auditName: 'LiteLLM_JWTKeyMapping',
    columns: (data) => ({ claim: data.jwt_claim_name, value: data.jwt_claim_value, key_id: data.key_id }),
  }),
  session: kind<SessionRecord>({
    name: 'session',
    table: 'sessions',
    auditName: 'Session',
    unaudited: true,
    columns: ({ user_id, expires_at }) => ({ user_id, expires_at }),
  }),
  grant: kind<GrantRecord>({
    name: 'grant',
    table: 'grants',
    auditName: 'Grant',
    unaudited: true,
    columns: ({ kind: of, expires_at }) => ({ kind: of, expires_at }),
  }),
} as const;

/** The id of who belongs to what. Ids may hold anything, so that the two are told apart by a character that none has encoded. */
export const memberId = (group: string, user: string): string => `${encodeURIComponent(group)}:${encodeURIComponent(user)}`;

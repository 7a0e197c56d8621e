import { kinds } from '../../access/records/kinds.ts';
import { Store } from '../../access/store/store.ts';
import type { Database } from '../../storage/sql/index.ts';
import type { Sealer } from '../../storage/sealed/sealer.ts';
import { applyBatch } from './apply.ts';
import { mapAccessGroup, mapBudget, mapCustomer, mapProject, mapTag, mapTeam } from './map-groups.ts';
import { mapJwtMapping, mapKey } from './map-keys.ts';
import { mapMembers, mapOrganization, mapOrganizationMember, mapUser } from './map-people.ts';
import { mapCredential, mapModel, mapSettings } from './map-secrets.ts';
import type { Mapped } from './mapped.ts';
import { notCarried } from './notes.ts';
import { notCarriedTables } from './other-tables.ts';
import { Report } from './report.ts';
import { sourceTables, type Source, type SourceRow, type SourceTable } from './source.ts';
import type { Target } from './target.ts';
import { targetsAt } from './targets.ts';
import type { Seen } from './unique.ts';

export interface ImportOptions {
  readonly source: Source;
  readonly database: Database;
  readonly sealer: Sealer;
  /** LiteLLM's. */
  readonly saltKeys: readonly string[];
  readonly overwrite: boolean;
  readonly dryRun: boolean;
  /** The gateway's time zone, in which budgets' periods begin. */
  readonly timeZone?: string | undefined;
  /** Told after each batch. */
  readonly onProgress?: ((kind: string, read: number) => void) | undefined;
}

const perTransaction = 500;

/** Brings what a LiteLLM database has into this one. What is here already stays as it is, unless `overwrite` says otherwise. */
export const importLitellm = async ({
  source,
  database,
  sealer,
  saltKeys,
  overwrite,
  dryRun,
  timeZone,
  onProgress,
}: ImportOptions): Promise<Report> => {
  const report = new Report();
  const store = new Store(database);
  const targets = targetsAt(store.now, timeZone);
  const hands = { saltKeys, sealer };

  const apply = async <T extends object>(kind: string, target: Target<T>, things: readonly Mapped<T>[], seen: Seen): Promise<void> => {
    for (let at = 0; at < things.length; at += perTransaction) {
      const batch = things.slice(at, at + perTransaction);
      for (const { id, outcome, notes } of await applyBatch(store, target, batch, { overwrite, dryRun, sealer, seen }))
        report.count(kind, id, outcome, notes);
      onProgress?.(kind, report.of(kind).read);
    }
  };
  /** One table, one kind. */
  const carry = async <T extends object>(
    kind: string,
    table: SourceTable,
    target: Target<T>,
    map: (
      row: SourceRow,
      permissions: ReadonlyMap<string, SourceRow>,
      rows: readonly SourceRow[],
    ) => readonly Mapped<T>[] | Promise<readonly Mapped<T>[]>,
  ): Promise<void> => {
    const seen: Seen = new Map();
    for await (const rows of source.batches(table)) {
      const permissions = await source.permissions(namedIn(rows, 'object_permission_id'));
      const things: Mapped<T>[] = [];
      for (const row of rows) things.push(...(await map(row, permissions, rows)));
      await apply(kind, target, things, seen);
    }
  };

  await carry('budgets', 'LiteLLM_BudgetTable', targets.budgets, (row) => [mapBudget(row)]);
  await carry('organizations', 'LiteLLM_OrganizationTable', targets.organizations, (row, permissions) => [
    mapOrganization(row, permissions),
  ]);
  await carry('users', 'LiteLLM_UserTable', targets.users, (row, permissions) => [mapUser(row, permissions)]);
  await carryTeams();
  await carry('organization members', 'LiteLLM_OrganizationMembership', targets.organizationMembers, (row) => [mapOrganizationMember(row)]);
  await carry('projects', 'LiteLLM_ProjectTable', targets.projects, (row, permissions) => [mapProject(row, permissions)]);
  await carry('access groups', 'LiteLLM_AccessGroupTable', targets.accessGroups, (row) => [mapAccessGroup(row)]);
  await carry('keys', 'LiteLLM_VerificationToken', targets.keys, (row, permissions) => [mapKey(row, permissions)]);
  await carry('JWT mappings', 'LiteLLM_JWTKeyMapping', targets.jwtMappings, (row) => [mapJwtMapping(row)]);
  await carry('customers', 'LiteLLM_EndUserTable', targets.customers, (row, permissions) => [mapCustomer(row, permissions)]);
  await carry('tags', 'LiteLLM_TagTable', targets.tags, (row) => [mapTag(row)]);
  await carry('models', 'LiteLLM_ProxyModelTable', targets.models, (row) => [mapModel(row, hands)]);
  await carry('credentials', 'LiteLLM_CredentialsTable', targets.credentials, (row) => [mapCredential(row, hands)]);
  await carry('settings', 'LiteLLM_Config', targets.settings, (row) => mapSettings(row, hands));
  for (const { name, rows } of await source.others(handled)) {
    const why = notCarriedTables[name] ?? 'there is no place for it here';
    report.note('tables', name, [notCarried(name, `${why} (about ${rows} ${rows === 1 ? 'row' : 'rows'})`)]);
  }
  return report;

  /** Teams, and then who is in them, for which other tables are asked as well. */
  async function carryTeams(): Promise<void> {
    const seen: Seen = new Map();
    for await (const rows of source.batches('LiteLLM_TeamTable')) {
      const permissions = await source.permissions(namedIn(rows, 'object_permission_id'));
      const aliases = await source.aliases(rows.flatMap(({ model_id: id }) => (typeof id === 'number' ? [id] : [])));
      const budgets = await source.budgets(namedIn(rows.map(({ metadata }) => metadata ?? {}) as SourceRow[], 'team_member_budget_id'));
      await apply(
        'teams',
        targets.teams,
        rows.map((row) => mapTeam(row, { permissions, aliases, budgets })),
        seen,
      );
      const memberships = Map.groupBy(await source.memberships(namedIn(rows, 'team_id')), (each) => String(each['team_id']));
      const ofMembers = await source.budgets(namedIn([...memberships.values()].flat(), 'budget_id'));
      const byEmail = await idsByEmail(rows);
      const members = rows.flatMap((row) =>
        mapMembers(row, memberships.get(String(row['team_id'])) ?? [], { idByEmail: (email) => byEmail.get(email), budgets: ofMembers }),
      );
      await apply('team members', targets.teamMembers, members, new Map());
    }
  }

  /** Of those whom a team names by their address alone. */
  async function idsByEmail(teams: readonly SourceRow[]): Promise<ReadonlyMap<string, string>> {
    const emails = teams.flatMap(({ members_with_roles: members }) =>
      Array.isArray(members)
        ? (members as { user_id?: unknown; user_email?: unknown }[]).flatMap((each) =>
            !each?.user_id && typeof each?.user_email === 'string' ? [each.user_email.trim().toLowerCase()] : [],
          )
        : [],
    );
    if (emails.length === 0) return new Map();
    const found = await store.find(kinds.user, { is: { email: [...new Set(emails)] } });
    return new Map(found.map(({ id, data }) => [data.user_email!, id]));
  }
};

/** Read as what they belong to. */
const handled: ReadonlySet<string> = new Set([...sourceTables, 'LiteLLM_ObjectPermissionTable', 'LiteLLM_ModelTable']);

const namedIn = (rows: readonly SourceRow[], name: string): string[] => [
  ...new Set(rows.flatMap((row) => (typeof row[name] === 'string' && row[name] !== '' ? [row[name]] : []))),
];

import type { Principal } from '../principal.ts';
import { memberId } from '../records/kinds.ts';
import type { KeyRecord } from '../records/records.ts';
import type { Stored } from '../store/stored.ts';
import type { Directory } from './directory.ts';
import type { RecordCache } from './record-cache.ts';

interface Known {
  readonly principal: Principal;
  readonly generation: number;
  /** By the clock. */
  readonly until: number;
}

/** How many are put together at a time. */
const maxKnown = 50_000;

/**
 * The callers behind keys. What was put together once is the same object until something of it changes, so that others can
 * keep what they work out of it; then it is put together again, without asking the database if all of it is known.
 */
export class KeyPrincipals {
  readonly #directory: Directory;
  readonly #now: () => number;
  readonly #known = new Map<string, Known>();

  constructor(directory: Directory, now: () => number) {
    this.#directory = directory;
    this.#now = now;
  }

  /** At once, where nobody has to be asked; else undefined. */
  peek(hash: string): Principal | undefined {
    const known = this.#known.get(hash);
    if (known && known.generation === this.#directory.generation && this.#now() < known.until) return known.principal;
    return this.#assemble(hash, known)?.principal;
  }

  /** Whether there was such a key when it was last looked for, however long ago. */
  knows(hash: string): boolean {
    return this.#directory.keys.has(hash);
  }

  /** @throws SluiceError `unavailable` */
  async get(hash: string): Promise<Principal | undefined> {
    const key = await this.#directory.keys.get(hash);
    if (!key) return undefined;
    const { user_id: userId, team_id: teamId, organization_id: organizationId, project_id: projectId } = key.data;
    const directory = this.#directory;
    const [user, team, project, member] = await Promise.all([
      userId == null ? undefined : directory.users.get(userId),
      teamId == null ? undefined : directory.team(teamId),
      projectId == null ? undefined : directory.projects.get(projectId),
      userId == null || teamId == null ? undefined : directory.members.get(memberId(teamId, userId)),
    ]);
    const ofTeam = organizationId ?? team?.data.organization_id;
    const [organization, organizationMember] = await Promise.all([
      ofTeam == null ? undefined : directory.organizations.get(ofTeam),
      ofTeam == null || userId == null ? undefined : directory.organizationMembers.get(memberId(ofTeam, userId)),
    ]);
    const line: Line = { key, user, team, project, member, organization, organizationMember };
    const [bundles, budgets] = await Promise.all([
      Promise.all(bundleIdsOf(line).map((id) => directory.accessGroups.get(id))),
      Promise.all(budgetIdsOf(line).map((id) => directory.budgets.get(id))),
    ]);
    return principalOf({ ...line, bundles: bundles.filter(isThere), budgets: budgets.filter(isThere) });
  }

  /** From what is known. Undefined: somebody has to be asked. */
  #assemble(hash: string, before: Known | undefined): Known | undefined {
    const { keys, users, projects, members, organizations, organizationMembers, accessGroups, budgets, generation } = this.#directory;
    const key = keys.peek(hash);
    if (!key?.value) return undefined;
    const { user_id: userId, team_id: teamId, organization_id: organizationId, project_id: projectId } = key.value.data;
    const user = userId == null ? nobody : users.peek(userId);
    const team = teamId == null ? nobody : this.#directory.peekTeam(teamId);
    const project = projectId == null ? nobody : projects.peek(projectId);
    const member = userId == null || teamId == null ? nobody : members.peek(memberId(teamId, userId));
    if (!user || !team || !project || !member) return undefined;
    const ofTeam = organizationId ?? team.value?.data.organization_id;
    const organization = ofTeam == null ? nobody : organizations.peek(ofTeam);
    const organizationMember = ofTeam == null || userId == null ? nobody : organizationMembers.peek(memberId(ofTeam, userId));
    if (!organization || !organizationMember) return undefined;
    const line: Line = {
      key: key.value,
      user: user.value,
      team: team.value,
      project: project.value,
      member: member.value,
      organization: organization.value,
      organizationMember: organizationMember.value,
    };
    const ofBundles = allOf(accessGroups, bundleIdsOf(line));
    const ofBudgets = allOf(budgets, budgetIdsOf(line));
    if (!ofBundles || !ofBudgets) return undefined;
    const parts: Parts = { ...line, bundles: ofBundles.values, budgets: ofBudgets.values };
    const until = Math.min(
      ...[key, user, team, project, member, organization, organizationMember, ofBundles, ofBudgets].map((part) => part.until),
    );
    const principal = before && sameParts(before.principal, parts) ? before.principal : principalOf(parts);
    return this.#keep(hash, { principal, generation, until });
  }

  #keep(hash: string, known: Known): Known {
    this.#known.delete(hash);
    if (this.#known.size >= maxKnown) this.#known.delete(this.#known.keys().next().value!);
    this.#known.set(hash, known);
    return known;
  }
}

/** Nobody is meant, and that stays so. */
const nobody = { value: undefined, until: Infinity };

type Line = Pick<Principal, 'user' | 'team' | 'project' | 'member' | 'organization' | 'organizationMember'> & {
  readonly key: Stored<KeyRecord>;
};
type Parts = Line & Pick<Principal, 'bundles' | 'budgets'>;

const isThere = <T>(value: T | undefined): value is T => value !== undefined;

const bundleIdsOf = ({ key, team }: Line): readonly string[] => {
  const ofKey = key.data.access_group_ids;
  const ofTeam = team?.data.access_group_ids;
  return ofKey?.length || ofTeam?.length ? [...new Set([...(ofKey ?? []), ...(ofTeam ?? [])])] : none;
};

const budgetIdsOf = ({ key, team, user, project, member, organization, organizationMember }: Line): readonly string[] => {
  const ids = [key, team, user, project, member, organization, organizationMember]
    .map((one) => one?.data.budget_id)
    .filter((id) => id != null);
  return ids.length > 0 ? [...new Set(ids)] : none;
};

const none: readonly never[] = [];

/** All of them, where all are known. Those that there are none of are left out. */
const allOf = <T>(cache: RecordCache<T>, ids: readonly string[]): { values: readonly T[]; until: number } | undefined => {
  if (ids.length === 0) return { values: none, until: Infinity };
  const known = ids.map((id) => cache.peek(id)).filter(isThere);
  if (known.length < ids.length) return undefined;
  return { values: known.map(({ value }) => value).filter(isThere), until: Math.min(...known.map(({ until }) => until)) };
};

const sameParts = (one: Principal, other: Parts): boolean =>
  one.key === other.key &&
  one.user === other.user &&
  one.team === other.team &&
  one.project === other.project &&
  one.member === other.member &&
  one.organization === other.organization &&
  one.organizationMember === other.organizationMember &&
  sameList(one.bundles, other.bundles) &&
  sameList(one.budgets, other.budgets);

const sameList = (one: readonly unknown[], other: readonly unknown[]): boolean =>
  one.length === other.length && one.every((each, at) => each === other[at]);

const principalOf = (parts: Parts): Principal => {
  const { data } = parts.key;
  return {
    kind: 'key',
    // A key whose user is gone is nobody's.
    role: parts.user?.data.user_role,
    userId: data.user_id ?? undefined,
    teamId: data.team_id ?? undefined,
    organizationId: data.organization_id ?? parts.team?.data.organization_id ?? undefined,
    projectId: data.project_id ?? undefined,
    agentId: data.agent_id ?? undefined,
    ...parts,
    teams: noPlaces,
    organizations: noPlaces,
  };
};

const noPlaces: Principal['teams'] & Principal['organizations'] = new Map();

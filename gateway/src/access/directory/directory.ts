import { kinds, memberId, type Kind } from '../records/kinds.ts';
import type {
  AccessGroupRecord,
  BudgetRecord,
  CustomerRecord,
  KeyRecord,
  OrganizationMemberRecord,
  OrganizationRecord,
  ProjectRecord,
  TagRecord,
  TeamMemberRecord,
  TeamRecord,
  UserRecord,
} from '../records/records.ts';
import type { Store } from '../store/store.ts';
import type { Stored } from '../store/stored.ts';
import { RecordCache } from './record-cache.ts';

export interface DirectoryOptions {
  readonly store: Store;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** `general_settings.user_api_key_cache_ttl`: changes are pushed, so this is only for what is missed. */
  readonly freshMs?: number;
  /** How long known keys work while the database is away. */
  readonly staleMs?: number;
  /** The teams of the configuration file, which win over those of the database. */
  readonly fileTeams?: () => ReadonlyMap<string, TeamRecord>;
}

const usualFreshMs = 60_000;
const usualStaleMs = 3_600_000;

/** How many of each are known at a time. */
const maxKnown = 50_000;

/** The places of one person. */
export interface Places {
  readonly teams: readonly Stored<TeamMemberRecord>[];
  readonly organizations: readonly Stored<OrganizationMemberRecord>[];
}

/**
 * Keys, teams, users and the rest as they are now, without asking the database in the steady state: what changes anywhere
 * is dropped here at once, and read again when it is next asked for.
 */
export class Directory {
  readonly keys: RecordCache<Stored<KeyRecord>>;
  readonly users: RecordCache<Stored<UserRecord>>;
  readonly members: RecordCache<Stored<TeamMemberRecord>>;
  readonly organizations: RecordCache<Stored<OrganizationRecord>>;
  readonly organizationMembers: RecordCache<Stored<OrganizationMemberRecord>>;
  readonly projects: RecordCache<Stored<ProjectRecord>>;
  readonly customers: RecordCache<Stored<CustomerRecord>>;
  readonly budgets: RecordCache<Stored<BudgetRecord>>;
  readonly tags: RecordCache<Stored<TagRecord>>;
  readonly accessGroups: RecordCache<Stored<AccessGroupRecord>>;
  /** By user. */
  readonly places: RecordCache<Places>;
  readonly #teams: RecordCache<Stored<TeamRecord>>;
  readonly #fileTeams: () => ReadonlyMap<string, TeamRecord>;
  #fileStored = new WeakMap<TeamRecord, Stored<TeamRecord>>();
  #generation = 0;

  constructor({ store, now, freshMs = usualFreshMs, staleMs = usualStaleMs, fileTeams }: DirectoryOptions) {
    const changed = () => void this.#generation++;
    const cacheOf = <T>(load: (id: string) => Promise<T | undefined>, onlyFound = false) =>
      new RecordCache<T>({ load, max: maxKnown, freshMs, staleMs, now, changed, onlyFound, same });
    const of = <T>(kind: Kind<T>) => cacheOf((id) => store.get(kind, id));
    // Anybody can make up keys; those that are must not make room for them.
    this.keys = cacheOf((id) => store.get(kinds.key, id), true);
    this.#teams = of(kinds.team);
    this.users = of(kinds.user);
    this.members = of(kinds.teamMember);
    this.organizations = of(kinds.organization);
    this.organizationMembers = of(kinds.organizationMember);
    this.projects = of(kinds.project);
    this.customers = of(kinds.customer);
    this.budgets = of(kinds.budget);
    this.tags = of(kinds.tag);
    this.accessGroups = of(kinds.accessGroup);
    this.places = cacheOf(async (userId) => ({
      teams: await store.find(kinds.teamMember, { is: { user_id: userId } }),
      organizations: await store.find(kinds.organizationMember, { is: { user_id: userId } }),
    }));
    this.#fileTeams = fileTeams ?? (() => none);
    const byKind: Readonly<Record<string, RecordCache<never>>> = {
      key: this.keys,
      team: this.#teams,
      user: this.users,
      team_member: this.members,
      organization: this.organizations,
      organization_member: this.organizationMembers,
      project: this.projects,
      customer: this.customers,
      budget: this.budgets,
      tag: this.tags,
      access_group: this.accessGroups,
    } as never;
    const all = [...Object.values(byKind), this.places];
    this.close = store.onChanged((kind, id) => {
      if (kind === undefined) for (const cache of all) cache.suspectAll();
      else {
        byKind[kind]?.drop(id);
        if (kind === 'team_member' || kind === 'organization_member') this.places.drop(userOf(id));
      }
    });
  }

  /** Ends listening. */
  readonly close: () => void;

  /** Another one: something that was known has changed. */
  get generation(): number {
    return this.#generation;
  }

  /** The configuration has changed, and its teams with it. */
  configured(): void {
    this.#generation++;
  }

  /** As `RecordCache.peek`. */
  peekTeam(id: string): { readonly value: Stored<TeamRecord> | undefined; readonly until: number } | undefined {
    const ofFile = this.#ofFile(id);
    return ofFile ? { value: ofFile, until: Infinity } : this.#teams.peek(id);
  }

  /** @throws SluiceError `unavailable` */
  async team(id: string): Promise<Stored<TeamRecord> | undefined> {
    return this.#ofFile(id) ?? this.#teams.get(id);
  }

  /** The user's place in a team. */
  member(teamId: string, userId: string): Promise<Stored<TeamMemberRecord> | undefined> {
    return this.members.get(memberId(teamId, userId));
  }

  #ofFile(id: string): Stored<TeamRecord> | undefined {
    const record = this.#fileTeams().get(id);
    if (!record) return undefined;
    let stored = this.#fileStored.get(record);
    if (!stored) {
      stored = { id, version: 0, data: record, createdAt: 0, createdBy: 'config', updatedAt: 0, updatedBy: 'config' };
      this.#fileStored.set(record, stored);
    }
    return stored;
  }
}

const none: ReadonlyMap<string, TeamRecord> = new Map();

/** Read again and nothing is new: all that was worked out of it stays good. */
const same = (before: unknown, after: unknown): boolean => JSON.stringify(before) === JSON.stringify(after);

/** The second part of `memberId`. */
const userOf = (id: string): string => decodeURIComponent(id.slice(id.indexOf(':') + 1));

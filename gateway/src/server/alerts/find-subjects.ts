import { countedAs, firstKeyOf } from '../../access/keys/key-subject.ts';
import { memberLimits } from '../../access/member-limits.ts';
import type { KeyRecord, Limits, TeamMemberRecord, TeamRecord, UserRecord } from '../../access/records/records.ts';
import { kinds } from '../../access/records/kinds.ts';
import type { Store } from '../../access/store/store.ts';
import type { Stored } from '../../access/store/stored.ts';
import type { AlertFacts } from '../../alerts/index.ts';
import type { ConfigSnapshot } from '../../config/snapshot.ts';
import { parseSubject, readAll, readTeams, subjectKinds, type SubjectKind } from './read-records.ts';

/** Somebody who spends, with the limits that hold for them. */
export interface FoundSubject {
  readonly kind: SubjectKind;
  readonly id: string;
  /** Absent: an end user whom nobody has made. */
  readonly record: Stored<Limits & Named> | undefined;
  readonly limits: Limits;
  readonly label: string;
  readonly facts: AlertFacts;
}

/** Members by which things are known. */
interface Named {
  readonly metadata?: Readonly<Record<string, unknown>> | null;
}

/** Those of subjects (`key:…`, `team:…`) that there are. */
export const findSubjects = async (subjects: readonly string[], where: Where): Promise<readonly FoundSubject[]> => {
  const wanted = subjects.map(parseSubject).filter((parsed) => parsed !== undefined);
  return (await Promise.all(kindNames.map((kind) => readKind(kind, idsOf(wanted, kind), where)))).flat();
};

const kindNames = Object.keys(subjectKinds) as readonly SubjectKind[];

const idsOf = (wanted: readonly { readonly kind: SubjectKind; readonly id: string }[], kind: SubjectKind): readonly string[] =>
  wanted.filter((each) => each.kind === kind).map(({ id }) => id);

interface Where {
  readonly store: Store;
  readonly snapshot: ConfigSnapshot;
}

const readKind = async (kind: SubjectKind, ids: readonly string[], where: Where): Promise<readonly FoundSubject[]> => {
  if (ids.length === 0) return [];
  const { store, snapshot } = where;
  if (kind === 'team') {
    const teams = await readTeams(store, snapshot, ids);
    return [...teams.values()].map((team) => ofTeam(team));
  }
  if (kind === 'team_member') return readMembers(ids, where);
  const records = kind === 'key' ? await readKeys(store, ids) : await readAll<Limits & Named>(store, subjectKinds[kind], ids);
  return (kind === 'key' ? [...records.keys()] : ids).flatMap((id) => {
    const record = records.get(id);
    if (record)
      return [{ ...(kind === 'key' || kind === 'user' ? ofPerson(kind, record, snapshot) : ofOther(kind, record)), kind, id, record }];
    return kind === 'customer' ? ofUnknownCustomer(id, snapshot) : [];
  });
};

/** Keys by what they are counted as: that one which has the place of a first or changed one now. @param hashes or counters */
const readKeys = async (store: Store, hashes: readonly string[]): Promise<ReadonlyMap<string, Stored<KeyRecord>>> => {
  const first = hashes.map(firstKeyOf);
  const there = await readAll<KeyRecord>(store, kinds.key, first);
  const gone = await readAll<KeyRecord>(store, kinds.deletedKey, first);
  const all = hashes.flatMap((hash) => {
    const past = gone.get(firstKeyOf(hash));
    const key = past?.data.counts_as === hash && past.data.replaced_by != null ? past : there.get(firstKeyOf(hash));
    return key ? [key] : [];
  });
  const successors = await readAll<KeyRecord>(
    store,
    kinds.key,
    all.map(({ data }) => data.replaced_by).filter((id) => id != null),
  );
  const current = all.map((key) => (key.data.replaced_by == null ? key : successors.get(key.data.replaced_by)));
  return new Map(current.flatMap((key) => (key ? [[countedAs(key), key] as const] : [])));
};

type Described = Pick<FoundSubject, 'limits' | 'label' | 'facts'>;

const ofPerson = (kind: 'key' | 'user', record: Stored<Limits>, { budgets }: ConfigSnapshot): Described => {
  if (kind === 'key') {
    const key = record.data as KeyRecord;
    const soft = budgets.defaultSoftBudgetUsd;
    return {
      limits: key.soft_budget == null && soft !== undefined ? { ...key, soft_budget: soft } : key,
      label: `key "${key.key_alias ?? key.key_name}"`,
      facts: {
        token: record.id,
        key_alias: key.key_alias ?? null,
        user_id: key.user_id ?? null,
        team_id: key.team_id ?? null,
        organization_id: key.organization_id ?? null,
      },
    };
  }
  const user = record.data as UserRecord;
  const usual = budgets.defaultUserBudgetUsd;
  return {
    limits: user.max_budget == null && user.budget_id == null && usual !== undefined ? { ...user, max_budget: usual } : user,
    label: `user "${user.user_email ?? record.id}"`,
    facts: { user_id: record.id, user_email: user.user_email ?? null },
  };
};

const ofTeam = (team: Stored<TeamRecord>): FoundSubject => ({
  kind: 'team',
  id: team.id,
  record: team,
  limits: team.data,
  label: `team "${team.data.team_alias ?? team.id}"`,
  facts: { team_id: team.id, team_alias: team.data.team_alias ?? null, organization_id: team.data.organization_id ?? null },
});

const readMembers = async (ids: readonly string[], { store, snapshot }: Where): Promise<readonly FoundSubject[]> => {
  const members = await readAll<TeamMemberRecord>(store, subjectKinds.team_member, ids);
  const teams = await readTeams(
    store,
    snapshot,
    [...members.values()].map(({ data }) => data.team_id),
  );
  return [...members.values()].flatMap((member) => {
    const team = teams.get(member.data.team_id);
    if (!team) return [];
    const { user_id } = member.data;
    return [
      {
        kind: 'team_member' as const,
        id: member.id,
        record: member,
        limits: memberLimits(member.data, team.data),
        label: `member "${user_id}" of the team "${team.data.team_alias ?? team.id}"`,
        facts: { user_id, team_id: team.id, team_alias: team.data.team_alias ?? null },
      },
    ];
  });
};

const labels: Readonly<Partial<Record<SubjectKind, readonly [words: string, alias?: string]>>> = {
  organization: ['organisation', 'organization_alias'],
  organization_member: ['member of an organisation', 'user_id'],
  project: ['project', 'project_alias'],
  customer: ['end user', 'alias'],
  tag: ['tag'],
};

const ofOther = (kind: SubjectKind, { id, data }: Stored<Limits>): Described => {
  const [words, alias] = labels[kind]!;
  const members = data as Readonly<Record<string, unknown>>;
  const named = alias === undefined ? undefined : members[alias];
  const text = (name: string): string | null => (typeof members[name] === 'string' ? members[name] : null);
  return {
    limits: data,
    label: `${words} "${typeof named === 'string' && named !== '' ? named : id}"`,
    facts: {
      ...(kind === 'organization' && { organization_id: id }),
      ...(kind === 'organization_member' && { organization_id: text('organization_id'), user_id: text('user_id') }),
      ...(kind === 'project' && { team_id: text('team_id') }),
      ...(kind === 'customer' && { customer_id: id }),
    },
  };
};

/** End users whom nobody has made have what the settings say for all. */
const ofUnknownCustomer = (id: string, { users: { customerMaxBudgetUsd, customerBudgetId } }: ConfigSnapshot): readonly FoundSubject[] => {
  if (customerMaxBudgetUsd === undefined && customerBudgetId === undefined) return [];
  const limits: Limits = {
    ...(customerMaxBudgetUsd !== undefined && { max_budget: customerMaxBudgetUsd }),
    ...(customerBudgetId !== undefined && { budget_id: customerBudgetId }),
  };
  return [{ kind: 'customer', id, record: undefined, limits, label: `end user "${id}"`, facts: { customer_id: id } }];
};

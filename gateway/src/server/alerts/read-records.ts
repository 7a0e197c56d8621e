import { kinds, type Kind } from '../../access/records/kinds.ts';
import type { BudgetRecord, Limits, TeamRecord } from '../../access/records/records.ts';
import type { Store } from '../../access/store/store.ts';
import type { Stored } from '../../access/store/stored.ts';
import { fileTeams } from '../../config/team-settings.ts';
import type { ConfigSnapshot } from '../../config/snapshot.ts';

/** Kinds of subjects, and where their records are. */
export const subjectKinds = {
  key: kinds.key,
  user: kinds.user,
  team: kinds.team,
  team_member: kinds.teamMember,
  organization: kinds.organization,
  organization_member: kinds.organizationMember,
  project: kinds.project,
  customer: kinds.customer,
  tag: kinds.tag,
} as const;

export type SubjectKind = keyof typeof subjectKinds;

/** `team:t` -> its kind and id. Undefined: it is none of these. */
export const parseSubject = (subject: string): { readonly kind: SubjectKind; readonly id: string } | undefined => {
  const colon = subject.indexOf(':');
  const kind = subject.slice(0, colon);
  return colon > 0 && Object.hasOwn(subjectKinds, kind) ? { kind: kind as SubjectKind, id: subject.slice(colon + 1) } : undefined;
};

/** Records by their ids. */
export type Records<T> = ReadonlyMap<string, Stored<T>>;

/** Beside the cache of calls: one gateway looks at what all of them spent. */
export const readAll = async <T>(store: Store, kind: Kind<never>, ids: Iterable<string>): Promise<Records<T>> => {
  const records: readonly Stored<T>[] = await store.getAll(kind, [...new Set(ids)]);
  return new Map(records.map((record) => [record.id, record]));
};

/** Teams, those of the configuration file first. */
export const readTeams = async (store: Store, snapshot: ConfigSnapshot, ids: Iterable<string>): Promise<Records<TeamRecord>> => {
  const all = [...new Set(ids)];
  const ofFile = fileTeams(snapshot);
  const found = new Map(
    await readAll<TeamRecord>(
      store,
      kinds.team,
      all.filter((id) => !ofFile.has(id)),
    ),
  );
  for (const id of all) {
    const data = ofFile.get(id);
    if (data) found.set(id, { id, version: 0, data, createdAt: 0, createdBy: 'config', updatedAt: 0, updatedBy: 'config' });
  }
  return found;
};

/** The shared budgets that any of these name. */
export const readShared = (store: Store, limits: readonly Limits[]): Promise<Records<BudgetRecord>> =>
  readAll<BudgetRecord>(
    store,
    kinds.budget,
    limits.map(({ budget_id: id }) => id).filter((id) => id != null),
  );

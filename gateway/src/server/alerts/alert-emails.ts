import { kinds } from '../../access/records/kinds.ts';
import type { UserRecord } from '../../access/records/records.ts';
import type { Store } from '../../access/store/store.ts';
import type { WatchedBudget } from '../../alerts/index.ts';
import type { ConfigSnapshot } from '../../config/snapshot.ts';
import { parseSubject, readAll, readTeams } from './read-records.ts';

/** Of one thing; what it is about has no more people who must know. */
const maxEach = 20;

type Metadata = Readonly<Record<string, unknown>> | null | undefined;

/** LiteLLM's member of `metadata` for soft budgets (docs.litellm.ai/docs/proxy/ui_team_soft_budget_alerts, read 2026-11-22), and ours. */
const listsOf = (metadata: Metadata, soft: boolean): readonly string[] =>
  (soft ? ['soft_budget_alerting_emails', 'alert_emails'] : ['alert_emails']).flatMap((name) => addressesOf(metadata?.[name]));

/**
 * LiteLLM's `metadata.max_budget_alert_emails` of a key: percent of its budget -> who is told then, a list or a text with commas.
 * It replaces the usual share; what is no whole number from 1 to 100 is left out (docs.litellm.ai/docs/proxy/email, read
 * 2026-11-22). Undefined: none.
 */
export const emailsAtOf = (metadata: Metadata): WatchedBudget['emailsAt'] => {
  const given = metadata?.['max_budget_alert_emails'];
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return undefined;
  const all = Object.entries(given)
    .filter(([percent]) => /^(?:[1-9]\d?|100)$/.test(percent))
    .map(([percent, value]) => ({ share: Number(percent) / 100, emails: addressesOf(value).map((each) => each.trim().toLowerCase()) }));
  return all.length > 0 ? all : undefined;
};

const addressesOf = (value: unknown): readonly string[] => {
  const list = typeof value === 'string' ? value.split(',') : Array.isArray(value) ? value : [];
  return list.filter((each): each is string => typeof each === 'string' && each.includes('@')).slice(0, maxEach);
};

/**
 * Who gets a mail about a budget: whose it is (the key's user, the user, the member), a team's admins, and those whom its
 * metadata names. Asked only when there is something to tell.
 */
export const alertEmails = async (
  { subject, facts, soft }: WatchedBudget,
  { store, snapshot }: { readonly store: Store; readonly snapshot: ConfigSnapshot },
): Promise<readonly string[]> => {
  const parsed = parseSubject(subject.replace(/\/model:[\s\S]*$/, ''));
  if (!parsed) return [];
  const all: string[] = [];
  const addUsers = async (ids: readonly (string | null | undefined)[]): Promise<void> => {
    const users = await readAll<UserRecord>(
      store,
      kinds.user,
      ids.filter((id) => id != null),
    );
    for (const { data } of users.values()) if (data.user_email) all.push(data.user_email);
  };

  if (parsed.kind === 'key') all.push(...listsOf((await store.get(kinds.key, parsed.id))?.data.metadata, soft));
  if (parsed.kind === 'organization') all.push(...listsOf((await store.get(kinds.organization, parsed.id))?.data.metadata, soft));
  if (parsed.kind === 'project') all.push(...listsOf((await store.get(kinds.project, parsed.id))?.data.metadata, soft));
  await addUsers([facts.user_id]);
  if (facts.team_id != null && (parsed.kind === 'team' || parsed.kind === 'project')) {
    const team = (await readTeams(store, snapshot, [facts.team_id])).get(facts.team_id);
    all.push(...listsOf(team?.data.metadata, soft));
    const admins = await store.find(kinds.teamMember, { is: { team_id: facts.team_id, role: 'admin' } });
    await addUsers(admins.slice(0, maxEach).map(({ data }) => data.user_id));
  }
  return [...new Set(all.map((each) => each.trim().toLowerCase()))];
};

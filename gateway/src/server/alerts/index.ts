import type { KeyRecord, UserRecord } from '../../access/records/records.ts';
import type { Store } from '../../access/store/store.ts';
import { createAlerts, type AlertLog, type Alerts, type AlertWorld } from '../../alerts/index.ts';
import { periodOf } from '../../limits/index.ts';
import type { Live } from '../../pipeline/live.ts';
import { alertEmails } from './alert-emails.ts';
import { parseSubject, readAll, readTeams, subjectKinds } from './read-records.ts';
import { watchedBudgets } from './watched-budgets.ts';

export interface GatewayAlertsOptions {
  readonly store: Store;
  readonly live: () => Live;
  readonly log: AlertLog;
  readonly now?: (() => number) | undefined;
}

/** Alerts of a gateway: what they watch is its records, its limits and its configuration. */
export const createGatewayAlerts = ({ store, live, log, now = Date.now }: GatewayAlertsOptions): Alerts => {
  const where = () => ({ store, snapshot: live().snapshot });
  const world: AlertWorld = {
    budgetsOf: (subjects, at) => watchedBudgets(subjects, at, where()),
    emailsOf: (budget) => alertEmails(budget, where()),
    labelsOf: (subjects) => labelsOf(subjects, where()),
    reportPeriod: (duration, at) => periodOf(duration)(at),
  };
  return createAlerts({
    database: store.database,
    settings: () => live().snapshot.alerts,
    env: (name) => live().env[name],
    world,
    log,
    now,
  });
};

const labelsOf = async (
  subjects: readonly string[],
  { store, snapshot }: { readonly store: Store; readonly snapshot: Live['snapshot'] },
): Promise<ReadonlyMap<string, string>> => {
  const wanted = subjects.map(parseSubject).filter((parsed) => parsed !== undefined);
  const ids = (kind: string) => wanted.filter((each) => each.kind === kind).map(({ id }) => id);
  const found = new Map<string, string>();
  const add = (kind: string, id: string, label: string | null | undefined) => label && found.set(`${kind}:${id}`, label);
  const keys = await readAll<KeyRecord>(store, subjectKinds.key, ids('key'));
  for (const [id, { data }] of keys) add('key', id, data.key_alias ?? data.key_name);
  const users = await readAll<UserRecord>(store, subjectKinds.user, ids('user'));
  for (const [id, { data }] of users) add('user', id, data.user_email ?? data.user_alias);
  const teams = await readTeams(store, snapshot, ids('team'));
  for (const [id, { data }] of teams) add('team', id, data.team_alias);
  return found;
};

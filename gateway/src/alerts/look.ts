import type { AlertSettings } from '../config/alert-settings.ts';
import { endAlertsOf, forgetAlerts, writeAlert } from './alert-store.ts';
import type { Channels } from './channels/open-channels.ts';
import type { AlertDraft } from './event.ts';
import { alertOfChange, changesAfter, lastChange, subjectOf } from './record-changes.ts';
import { changedSubjects } from './spend-read.ts';
import { reportDue, spendReport } from './spend-report.ts';
import { readCursor, writeCursor } from './state.ts';
import { watchBudgets, type BudgetWatchOptions } from './watch-budgets.ts';
import type { AlertWorld } from './watched-budget.ts';

export interface LookOptions extends BudgetWatchOptions {
  readonly world: AlertWorld;
  readonly settings: AlertSettings;
  readonly channels: Channels;
  /** The lease is kept: a look at much takes long. */
  readonly goOn: () => Promise<boolean>;
}

/** Gateways' clocks differ, and a transaction is seen later than it was begun. */
const overlapMs = 10_000;
const none: ReadonlySet<string> = new Set();

/** What one gateway does for all: looks at what was changed and spent since the last time, wherever that was. */
export const lookAtChanges = async (options: LookOptions): Promise<void> => {
  await lookAtRecords(options);
  await lookAtSpend(options);
  await tellReport(options);
};

/** Budgets that are others now, and what people are to hear of records. */
const lookAtRecords = async (options: LookOptions): Promise<void> => {
  const { database, settings, now } = options;
  let seen = await readCursor(database, 'audit');
  // What was done before anybody asked for alerts is no news.
  if (seen === undefined) return writeCursor(database, 'audit', await lastChange(database));
  for (;;) {
    const changes = await changesAfter(database, seen);
    const last = changes.at(-1);
    if (!last) return;
    for (const change of changes) {
      const draft = alertOfChange(change);
      if (draft && settings.types.includes(draft.type)) await tell(draft, options);
      const subject = change.action === 'deleted' ? subjectOf(change) : undefined;
      if (subject) await endAlertsOf(database, subject, now());
    }
    const subjects = changes.map(subjectOf).filter((subject) => subject !== undefined);
    await watchBudgets(subjects, none, options);
    await writeCursor(database, 'audit', (seen = last.seq));
    if (!(await options.goOn())) return;
  }
};

const lookAtSpend = async (options: LookOptions): Promise<void> => {
  const { database, now } = options;
  const seen = await readCursor(database, 'spend');
  const began = Math.floor(now());
  if (seen === undefined) return writeCursor(database, 'spend', began);
  for await (const { subjects, until } of changedSubjects(database, seen - overlapMs)) {
    await watchBudgets(subjects, none, options);
    await writeCursor(database, 'spend', until);
    if (!(await options.goOn())) return;
  }
  // Where nothing is spent any more, the last of it is not looked at for ever.
  await writeCursor(database, 'spend', began);
};

const tellReport = async (options: LookOptions): Promise<void> => {
  const { database, settings, world, now } = options;
  if (!settings.types.includes('spend_reports')) return;
  const span = reportDue(world, settings.reportDuration, now());
  const seen = await readCursor(database, 'report');
  if (!span || (seen !== undefined && seen >= span.end)) return;
  const draft = await spendReport(database, span, world);
  if (draft) await tell(draft, options);
  await writeCursor(database, 'report', span.end);
};

const tell = async (draft: AlertDraft, { database, destinationsOf, onAlert, now }: LookOptions): Promise<void> => {
  const destinations = destinationsOf(draft, []);
  if (await database.transaction((tx) => writeAlert(tx, draft, { round: 0, now: now(), destinations }))) onAlert(draft);
};

/** Alerts that are over, once they are old. */
export const forgetOld = ({ database, settings, now }: LookOptions): Promise<void> =>
  forgetAlerts(database, now() - settings.retentionMs, now());

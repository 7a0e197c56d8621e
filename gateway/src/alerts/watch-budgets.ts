import type { Database } from '../storage/sql/database.ts';
import { resolveAlerts, toldOf, writeAlert, type Destination } from './alert-store.ts';
import { crossingsOf, type CrossingRules } from './crossings.ts';
import type { AlertDraft } from './event.ts';
import { asksForWeek } from './forecast.ts';
import { counterId, countersOf, weekAveragesOf, type Counted } from './spend-read.ts';
import type { AlertWorld, WatchedBudget } from './watched-budget.ts';

export interface BudgetWatchOptions {
  readonly database: Database;
  readonly world: Pick<AlertWorld, 'budgetsOf' | 'emailsOf'>;
  readonly rules: CrossingRules;
  /** Between two alerts that a soft budget is over. */
  readonly softRepeatMs: number;
  readonly destinationsOf: (draft: AlertDraft, emails: readonly string[]) => readonly Destination[];
  /** Of what is new. */
  readonly onAlert: (draft: AlertDraft) => void;
  readonly now: () => number;
}

/** Subjects whose budgets are looked at together. */
const perLook = 500;

/** Looks at budgets and writes what is new. Safe to run at several gateways at once: what they write is unique. */
export const watchBudgets = async (
  subjects: readonly string[],
  /** By `counterId`: a call was refused over it. */
  refused: ReadonlySet<string>,
  options: BudgetWatchOptions,
): Promise<void> => {
  const { world, now } = options;
  // Of a model's part, all of it: budgets of a subject are worked out together. An id may look like a part, so both are asked for.
  const whole = [...new Set(subjects.flatMap((subject) => [subject, subject.replace(/\/model:[\s\S]*$/, '')]))];
  for (let at = 0; at < whole.length; at += perLook)
    await lookAt(await world.budgetsOf(whole.slice(at, at + perLook), now()), refused, options);
};

const lookAt = async (budgets: readonly WatchedBudget[], refused: ReadonlySet<string>, options: BudgetWatchOptions): Promise<void> => {
  const { database, rules, now } = options;
  if (budgets.length === 0) return;
  const at = now();
  const counters = await countersOf(database, budgets.map(counterOf));
  const told = await toldOf(database, [...new Set(budgets.map(({ subject }) => subject))], at);
  const averages = await weekAveragesOf(
    database,
    budgets.filter((budget) => rules.forecast && isForecastByWeek(budget)).map(({ subject }) => subject),
    at,
  );
  const holding = new Set<string>();
  for (const budget of budgets) {
    const id = counterId(counterOf(budget));
    const { nanodollars, setAt } = counters.get(id) ?? { nanodollars: 0, setAt: 0 };
    const standing = {
      budget,
      spentNanodollars: nanodollars,
      refused: refused.has(id),
      weekAverageNanodollars: averages.get(budget.subject),
    };
    for (const draft of crossingsOf(standing, rules, at)) {
      const before = told.of(draft);
      if (before) holding.add(before.id);
      if (before && !isDue(draft, before, { setAt, now: at, softRepeatMs: options.softRepeatMs })) continue;
      await write(draft, budget, before === undefined ? 0 : before.round + 1, options);
    }
  }
  const setBack = told
    .all()
    .filter(({ id, resolved_at, subject, period_start, spent_nanodollars: then }) => {
      if (resolved_at !== null || holding.has(id)) return false;
      const spent = counters.get(counterId({ subject, periodStart: period_start }))?.nanodollars;
      // What only has room again because the budget was raised, or did for one call, is not told twice.
      return spent !== undefined && spent < then;
    })
    .map(({ id }) => id);
  await resolveAlerts(database, setBack, at);
};

interface Due {
  readonly setAt: Counted['setAt'];
  readonly now: number;
  readonly softRepeatMs: number;
}

/** Whether what was told is to be told again: its spend was set back meanwhile, or it is a soft budget's of yesterday. */
const isDue = (
  { event }: AlertDraft,
  before: { readonly resolved_at: number | null; readonly created_at: number },
  { setAt, now, softRepeatMs }: Due,
): boolean =>
  before.resolved_at !== null ||
  setAt > before.created_at ||
  (event.event === 'soft_budget_crossed' && now - before.created_at >= softRepeatMs);

const write = async (draft: AlertDraft, budget: WatchedBudget, round: number, options: BudgetWatchOptions): Promise<void> => {
  const { database, world, destinationsOf, onAlert, now } = options;
  const emails = [...new Set([...(await world.emailsOf(budget)), ...(draft.emails ?? [])])];
  const full: AlertDraft = { ...draft, event: { ...draft.event, alert_emails: emails } };
  const destinations = destinationsOf(full, emails);
  if (await database.transaction((tx) => writeAlert(tx, full, { round, now: now(), destinations }))) onAlert(full);
};

/** Whether the days before say something of it. */
const isForecastByWeek = ({ soft, period }: WatchedBudget): boolean => !soft && period !== undefined && asksForWeek(period);

const counterOf = ({ subject, period }: WatchedBudget) => ({ subject, periodStart: period?.start ?? 0 });

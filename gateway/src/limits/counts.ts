import { Budget } from './budget.ts';
import type { Cell } from './cell.ts';
import { dropOfBudgets, dropOfRates, makeRoomForPeriod, makeRoomForWindow, type Rates } from './drops.ts';
import { SlidingWindow } from './sliding-window.ts';
import { Subjects } from './subjects.ts';
import type { Limit, Metric, Subject } from './types.ts';

/**
 * All counts, by subject. Rates (sliding windows, parallel calls) and budgets are kept apart, each of at most `maxSubjects`
 * subjects: idle customers that have only a rate never push out what somebody has spent.
 */
export class Counts {
  readonly rates: Subjects<Rates>;
  readonly budgets: Subjects<Budget[]>;

  constructor(maxSubjects: number, isStored: (subject: Subject) => boolean) {
    this.rates = new Subjects<Rates>(maxSubjects, () => ({ windows: [], parallel: undefined }), dropOfRates);
    this.budgets = new Subjects<Budget[]>(maxSubjects, () => [], dropOfBudgets(isStored));
  }

  /** The cell of a limit; undefined where nothing was counted yet. */
  peek(limit: Limit, now: number): Cell | undefined {
    if (isBudget(limit)) {
      const budgets = this.budgets.peek(limit.subject);
      return budgets && budgetIn(budgets, limit.metric, limit.period?.(now).start);
    }
    const rates = this.rates.peek(limit.subject);
    return limit.metric === 'parallel' ? rates?.parallel : rates && windowIn(rates, limit);
  }

  /** @throws SluiceError `unavailable` when there is no room for it */
  use(limit: Limit, call: number, now: number): Cell {
    if (isBudget(limit)) {
      const span = limit.period?.(now);
      const budget = this.budget(limit.subject, limit.metric, span?.start, call, now);
      if (span && !(budget.end !== undefined && budget.end >= span.end)) budget.end = span.end;
      return budget;
    }
    const rates = this.rates.use(limit.subject, call, now);
    if (limit.metric === 'parallel') return (rates.parallel ??= new Budget('parallel', undefined));
    const known = windowIn(rates, limit);
    if (known) return known;
    makeRoomForWindow(rates.windows, limit.subject, now);
    const window = new SlidingWindow(limit.windowMs!);
    rates.windows.push({ metric: limit.metric, windowMs: limit.windowMs!, window });
    return window;
  }

  /** What is spent since a moment; made where there is none. */
  budget(subject: Subject, metric: Metric, start: number | undefined, call: number, now: number): Budget {
    const budgets = this.budgets.use(subject, call, now);
    const known = budgetIn(budgets, metric, start);
    if (known) return known;
    makeRoomForPeriod(budgets, subject, now);
    const budget = new Budget(metric, start);
    budgets.push(budget);
    return budget;
  }

  /** Nano-dollars that are charged; undefined where nothing is held. */
  spendOf(subject: Subject, start: number | undefined): number | undefined {
    const budgets = this.budgets.peek(subject);
    return budgets && budgetIn(budgets, 'cost', start)?.charged;
  }

  delete(subject: Subject): void {
    this.rates.delete(subject, `${subject}/model:`);
    this.budgets.delete(subject, `${subject}/model:`);
  }
}

const isBudget = ({ metric, windowMs }: Limit): boolean => windowMs === undefined && metric !== 'parallel';

const windowIn = ({ windows }: Rates, { metric, windowMs }: Limit): SlidingWindow | undefined => {
  for (const each of windows) if (each.metric === metric && each.windowMs === windowMs) return each.window;
  return undefined;
};

const budgetIn = (budgets: readonly Budget[], metric: Metric, start: number | undefined): Budget | undefined => {
  for (const each of budgets) if (each.start === start && each.metric === metric) return each;
  return undefined;
};

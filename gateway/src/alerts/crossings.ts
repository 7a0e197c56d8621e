import { dollars, usdOf, type AlertDraft, type AlertEvent, type AlertEventName } from './event.ts';
import { forecastOf, type Forecast } from './forecast.ts';
import type { WatchedBudget } from './watched-budget.ts';

export interface CrossingRules {
  /** Shares left, the largest first. */
  readonly thresholdsLeft: readonly number[];
  /** Of the share spent at which its people get an e-mail. */
  readonly emailAtShareSpent: number;
  readonly forecast: boolean;
}

/** How a budget stands. */
export interface Standing {
  readonly budget: WatchedBudget;
  readonly spentNanodollars: number;
  /** A call was refused over it. Calls take their worst case before they are made, so that a budget may refuse before it is spent. */
  readonly refused: boolean;
  readonly weekAverageNanodollars?: number | undefined;
}

const tenThousand = 10_000;

/** All that is to be told of a budget as it stands, whether it was told or not. */
export const crossingsOf = (standing: Standing, rules: CrossingRules, now: number): readonly AlertDraft[] => {
  const { budget, spentNanodollars: spent, refused } = standing;
  const { maxNanodollars: max, label, soft, period } = budget;
  const of = `${dollars(spent)} of ${dollars(max)}`;
  const draft = (
    event: AlertEventName,
    message: string,
    more: Partial<AlertEvent> = {},
    { threshold = 0, emails }: Pick<Partial<AlertDraft>, 'threshold' | 'emails'> = {},
  ): AlertDraft => ({
    type: 'budget_alerts',
    subject: budget.subject,
    threshold,
    periodStart: period?.start ?? 0,
    periodEnd: period?.end,
    limitNanodollars: max,
    spentNanodollars: spent,
    emails,
    event: {
      ...budget.facts,
      event,
      event_group: budget.group,
      event_message: message,
      subject: budget.subject,
      spend: usdOf(spent),
      max_budget: soft ? null : usdOf(max),
      soft_budget: soft ? usdOf(max) : null,
      period_start: period ? new Date(period.start).toISOString() : null,
      period_end: period ? new Date(period.end).toISOString() : null,
      ...more,
    },
  });
  const again = period ? ` It is whole again on ${new Date(period.end).toISOString()}.` : '';
  // A budget of nothing is meant: who has it is told of when somebody tries to spend it.
  const isOver = spent >= max && spent > 0;
  if (soft) return isOver ? [draft('soft_budget_crossed', `Soft budget of ${label} is crossed: ${of} is spent.`)] : [];
  const left = (max - spent) / max;
  // Each is for other people, so that several that were passed at once are all told. The whole is the budget itself.
  const mails = (budget.emailsAt ?? [])
    .filter(({ share }) => share < 1 && 1 - left >= share)
    .map(({ share, emails }) => {
      const shareLeft = Number((1 - share).toFixed(4));
      const message = `${percent(share)} of the budget of ${label} is spent: ${of}.`;
      return draft('max_budget_alert', message, { threshold_left: shareLeft }, { threshold: Math.round(shareLeft * tenThousand), emails });
    });
  if (isOver || refused) {
    const why = isOver ? 'is spent' : 'is spent, and a call did not fit into the rest';
    const emails = budget.emailsAt?.filter(({ share }) => share >= 1).flatMap((each) => each.emails);
    return [...mails, draft('budget_crossed', `Budget of ${label} is crossed: ${of} ${why}.${again}`, {}, { emails })];
  }

  const all: AlertDraft[] = [...mails];
  // Of several that were passed at once, the last one says it all.
  const threshold = rules.thresholdsLeft.findLast((each) => left <= each);
  if (threshold !== undefined) {
    const message = `Budget of ${label} has ${percent(threshold)} left or less: ${of} is spent.`;
    all.push(draft('threshold_crossed', message, { threshold_left: threshold }, { threshold: Math.round(threshold * tenThousand) }));
  }
  if (!budget.emailsAt && 1 - left >= rules.emailAtShareSpent) {
    const message = `${percent(rules.emailAtShareSpent)} of the budget of ${label} is spent: ${of}.`;
    all.push(draft('max_budget_alert', message, { threshold_left: Number((1 - rules.emailAtShareSpent).toFixed(4)) }));
  }
  const forecast = rules.forecast && period ? forecastOf({ ...standing, maxNanodollars: max, period, now }) : undefined;
  if (forecast) all.push(draft('projected_limit_exceeded', forecastMessage(label, of, forecast, max), forecastMembers(forecast)));
  return all;
};

const forecastMembers = ({ spendNanodollars, exceededAt }: Forecast): Partial<AlertEvent> => ({
  projected_spend: usdOf(spendNanodollars),
  projected_exceeded_date: new Date(exceededAt).toISOString().slice(0, 10),
});

const forecastMessage = (label: string, of: string, { spendNanodollars, exceededAt }: Forecast, max: number): string =>
  `Budget of ${label} will not last: ${of} is spent, and at this rate ${dollars(max)} is reached on ` +
  `${new Date(exceededAt).toISOString().slice(0, 10)} (${dollars(spendNanodollars)} by the end of the period).`;

const percent = (share: number): string => `${Number((share * 100).toFixed(2))} %`;

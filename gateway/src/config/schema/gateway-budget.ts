import { duration } from './budgets.ts';
import { number, text } from './fields.ts';

/** Members of `litellm_settings` that say what the whole gateway may spend, and how budgets are told. */
export const gatewayBudgetShape = {
  max_budget: number({ min: 0, unit: 'US dollars', about: 'What the whole gateway may spend. Absent: as much as it likes.' }),
  budget_duration: duration('The period of `max_budget`. Absent: it never resets.'),
  timezone: text({ about: 'The time zone in which calendar periods of budgets begin (`Europe/Berlin`). Default: UTC.' }),
  budget_exceeded_status_code: number({
    min: 400,
    max: 499,
    int: true,
    default: 400,
    about: 'The HTTP status of calls that a budget has no room for.',
  }),
} as const;

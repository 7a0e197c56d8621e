import { z } from 'zod';
import { duration } from './budgets.ts';
import { boolean, describe } from './fields.ts';

/** Settings of LiteLLM's for deleting rows in batches: days are dropped as a whole here. */
export const withoutBatches = [
  'maximum_spend_logs_cleanup_batch_size',
  'maximum_spend_logs_cleanup_max_batches',
  'maximum_spend_logs_cleanup_run_budget',
  'maximum_spend_logs_cleanup_batch_timeout',
  'use_spend_logs_partitioning',
] as const;

const noMeaning = 'Has no meaning here: rows are parted by days, and days are dropped as a whole. A note says so at start.';

const unused = () => describe(z.union([z.number(), z.string()]).optional(), { about: noMeaning }, { type: ['number', 'string'] });

const isCron = (text: string): boolean => {
  try {
    return Bun.cron.parse(text) !== null;
  } catch {
    return false;
  }
};

/** Members of `general_settings` that say what is kept of calls. */
export const ledgerShape = {
  disable_spend_logs: boolean({
    default: false,
    about: 'No rows of calls are kept; sums by hours and days, and what budgets count, are.',
  }),
  maximum_spend_logs_retention_period: duration('How long rows of calls are kept, in whole days; sums by days stay. Absent: for ever.'),
  maximum_spend_logs_retention_interval: duration('How often older ones are looked for. Default: `1d`.'),
  maximum_spend_logs_cleanup_cron: describe(
    z
      .string()
      .refine((text) => isCron(text), { error: 'must be a cron expression of five fields such as `0 4 * * *`' })
      .optional(),
    { about: 'When older ones are looked for, in the time zone of the process (TZ): `0 4 * * *`. It wins over the interval.' },
    { type: 'string' },
  ),
  maximum_spend_logs_cleanup_batch_size: unused(),
  maximum_spend_logs_cleanup_max_batches: unused(),
  maximum_spend_logs_cleanup_run_budget: unused(),
  maximum_spend_logs_cleanup_batch_timeout: unused(),
  use_spend_logs_partitioning: boolean({ about: noMeaning }),
};

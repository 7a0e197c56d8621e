import { Secret } from 'sluice/kit';
import { z } from 'zod';
import { alertingChannels, alertTypeNames, unsentAlertTypes } from '../alert-types.ts';
import { durationMs } from '../durations.ts';
import { boolean, describe, number, secret, shared } from './fields.ts';

const typeNames = [...alertTypeNames, ...unsentAlertTypes] as const;

/** An address of a chat's webhook lets whoever knows it write there. */
const webhookUrl = shared(() =>
  z
    .string()
    .refine((value) => /^https?:\/\//i.test(value) && URL.canParse(value), {
      error: 'must be an address that begins with http:// or https://',
    })
    .transform((value) => new Secret(value)),
);

const dayMs = 86_400_000;
const reportPeriod = z.string().refine((value) => (durationMs(value) ?? 0) >= dayMs, {
  error: 'must be a duration of at least a day, such as 1d, 7d, 30d or monthly',
});

const email = z.string().max(254).email({ error: 'must be an e-mail address' });

/** Members of `general_settings` about alerts. */
export const alertingShape = {
  alerting: describe(z.array(z.enum(alertingChannels)).optional(), {
    about:
      'Where alerts go: `slack` (Discord too, by its address), `ms_teams`, `webhook`, `email`, `pagerduty`. Their addresses and keys are in the environment. Absent: nobody is told.',
  }),
  alert_types: describe(z.array(z.enum(typeNames)).optional(), {
    about: 'Which kinds are sent. Absent: all but those of keys, teams and users that are made, changed or deleted.',
  }),
  alert_to_webhook_url: describe(
    z.partialRecord(z.enum(typeNames), z.union([webhookUrl(), z.array(webhookUrl()).min(1).max(10)])).optional(),
    { about: 'A kind -> the chat that its alerts go to, or several, instead of `SLACK_WEBHOOK_URL`.' },
  ),
  alerting_args: describe(
    z
      .strictObject({
        budget_alert_ttl: number({
          min: 60,
          default: 86_400,
          unit: 'seconds',
          about: 'After which a soft budget that is over is told again, if it is still spent on.',
        }),
        report_check_interval: number({
          min: 1,
          default: 5,
          unit: 'seconds',
          about: "Between two looks at what was spent. LiteLLM's default is 300.",
        }),
        log_to_console: boolean({ default: false, about: 'Each alert is a log line too.' }),
      })
      .optional(),
    { about: 'Finer settings of alerts.' },
  ),
  spend_report_frequency: describe(reportPeriod.optional(), {
    about: 'How much time a report of spend is about: `1d`, `7d`, `30d`, `1mo`. It comes when that is over, in UTC.',
    unit: 'as in `7d`, `1mo`',
    default: '7d',
  }),
} as const;

const share = z.number().gt(0).lt(1);

/** `sluice_settings.alerts` */
export const alertRules = describe(
  z
    .strictObject({
      thresholds_left: describe(
        z.array(share).max(10).optional(),
        { about: 'At which shares of a budget left it is told.', default: '[0.15, 0.05]' },
        { type: 'array', items: { type: 'number' } },
      ),
      email_at_share_spent: describe(share.optional(), {
        about: 'At which share of a budget spent its people get an e-mail. `EMAIL_BUDGET_ALERT_MAX_SPEND_ALERT_PERCENTAGE` is the same.',
        default: 0.8,
      }),
      forecast: boolean({ default: true, about: 'Budgets that will not last until the end of their period are told before.' }),
      emails: describe(z.array(email).max(50).optional(), { about: 'Who gets every alert by e-mail, beside those whom it is about.' }),
      webhook_secret: secret({
        about: 'Signs what `webhook` sends: `x-sluice-signature` is `t=<Unix seconds>,v1=<HMAC-SHA-256 of "<t>.<body>" in hex>`.',
      }),
      retention_days: number({ min: 1, int: true, default: 90, unit: 'days', about: 'How long alerts that are over are listed.' }),
    })
    .optional(),
  {
    about:
      'What alerts can do beside what LiteLLM says of them. Present without `general_settings.alerting`: they are listed, and sent nowhere.',
  },
);

import type { Secret } from 'sluice/kit';
import type { z } from 'zod';
import { alertTypes, usualAlertTypes, type AlertingChannel, type AlertType } from './alert-types.ts';
import type { generalSettings } from './schema/general-settings.ts';
import type { sluiceSettings } from './schema/sluice-settings.ts';

/** What the configuration says of alerts: who is told, and of what. */
export interface AlertSettings {
  /** Without it nothing is watched. */
  readonly enabled: boolean;
  readonly channels: readonly AlertingChannel[];
  readonly types: readonly AlertType[];
  /** Chats for a type, instead of the usual one. */
  readonly urlsByType: Readonly<Partial<Record<AlertType, readonly Secret[]>>>;
  /** Between two alerts that a soft budget is over. */
  readonly softRepeatMs: number;
  readonly intervalMs: number;
  readonly log: boolean;
  /** `7d`: the periods of spend reports. */
  readonly reportDuration: string;
  /** Shares of a budget that are left, the largest first. */
  readonly thresholdsLeft: readonly number[];
  /** Absent: as the environment says, else 0.8. */
  readonly emailAtShareSpent?: number;
  readonly forecast: boolean;
  /** Who gets every alert. */
  readonly emails: readonly string[];
  readonly webhookSecret?: Secret;
  readonly retentionMs: number;
}

/** As LiteLLM has them (github.com/BerriAI/litellm, litellm/integrations/SlackAlerting/slack_alerting.py, read 2026-11-22). */
const usualThresholdsLeft = [0.15, 0.05];
const secondMs = 1000;
const dayMs = 86_400_000;

export const alertSettings = (general: z.output<typeof generalSettings>, sluice: z.output<typeof sluiceSettings>): AlertSettings => {
  const args = general?.alerting_args;
  const rules = sluice?.alerts;
  const urls = Object.entries(general?.alert_to_webhook_url ?? {}).flatMap(([type, given]) =>
    isSent(type) && given !== undefined ? [[type, Array.isArray(given) ? given : [given]] as const] : [],
  );
  return {
    enabled: (general?.alerting ?? []).length > 0 || rules !== undefined,
    channels: [...new Set(general?.alerting ?? [])],
    types: general?.alert_types?.filter(isSent) ?? usualAlertTypes,
    urlsByType: Object.fromEntries(urls),
    softRepeatMs: (args?.budget_alert_ttl ?? 86_400) * secondMs,
    intervalMs: (args?.report_check_interval ?? 5) * secondMs,
    log: args?.log_to_console ?? false,
    reportDuration: general?.spend_report_frequency ?? '7d',
    thresholdsLeft: [...new Set(rules?.thresholds_left ?? usualThresholdsLeft)].toSorted((a, b) => b - a),
    ...(rules?.email_at_share_spent !== undefined && { emailAtShareSpent: rules.email_at_share_spent }),
    forecast: rules?.forecast ?? true,
    emails: rules?.emails ?? [],
    ...(rules?.webhook_secret && { webhookSecret: rules.webhook_secret }),
    retentionMs: (rules?.retention_days ?? 90) * dayMs,
  };
};

const isSent = (type: string): type is AlertType => Object.hasOwn(alertTypes, type);

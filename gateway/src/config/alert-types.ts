/**
 * LiteLLM's kinds of alerts, in its spelling, and whether they are sent where `alert_types` says nothing
 * (its `AlertType` and `DEFAULT_ALERT_TYPES`; github.com/BerriAI/litellm, litellm/types/integrations/slack_alerting.py, read
 * 2026-11-22).
 */
export const alertTypes = {
  budget_alerts: true,
  spend_reports: true,
  failed_tracking_spend: true,
  db_exceptions: true,
  new_model_added: true,
  new_virtual_key_created: false,
  virtual_key_updated: false,
  virtual_key_deleted: false,
  new_team_created: false,
  team_updated: false,
  team_deleted: false,
  new_internal_user_created: false,
  internal_user_updated: false,
  internal_user_deleted: false,
} as const satisfies Readonly<Record<string, boolean>>;

export type AlertType = keyof typeof alertTypes;

/** Those of its kinds that nothing sends yet. */
export const unsentAlertTypes = [
  'llm_exceptions',
  'llm_too_slow',
  'llm_requests_hanging',
  'daily_reports',
  'cooldown_deployment',
  'outage_alerts',
  'region_outage_alerts',
  'fallback_reports',
] as const;

export const alertTypeNames = Object.keys(alertTypes) as readonly AlertType[];

export const usualAlertTypes: readonly AlertType[] = alertTypeNames.filter((type) => alertTypes[type]);

export const alertingChannels = ['slack', 'ms_teams', 'webhook', 'email', 'pagerduty'] as const;
export type AlertingChannel = (typeof alertingChannels)[number];

import { describe, expect, test } from 'bun:test';
import { load, mistakes } from './testing.ts';

describe('alerts of the configuration', () => {
  test('nobody is told unless that is asked for', () => {
    expect(load('{}').alerts).toMatchObject({
      enabled: false,
      channels: [],
      types: ['budget_alerts', 'spend_reports', 'failed_tracking_spend', 'db_exceptions', 'new_model_added'],
      softRepeatMs: 86_400_000,
      intervalMs: 5000,
      reportDuration: '7d',
      thresholdsLeft: [0.15, 0.05],
      forecast: true,
      retentionMs: 90 * 86_400_000,
    });
    expect(load('general_settings: { alerting: [] }').alerts.enabled).toBe(false);
    expect(load('sluice_settings: { alerts: {} }').alerts).toMatchObject({ enabled: true, channels: [] });
  });

  test('every setting, and addresses of chats are secrets', () => {
    const { alerts } = load(
      `
general_settings:
  alerting: [slack, email, slack]
  alert_types: [budget_alerts, spend_reports]
  alert_to_webhook_url: { budget_alerts: os.environ/URL, spend_reports: ["https://a.test/x", "https://b.test"] }
  alerting_args: { budget_alert_ttl: 3600, report_check_interval: 60, log_to_console: true }
  spend_report_frequency: 1mo
sluice_settings:
  alerts:
    thresholds_left: [0.1, 0.5, 0.1]
    email_at_share_spent: 0.9
    forecast: false
    emails: [a@example.com]
    webhook_secret: os.environ/HMAC
    retention_days: 7
`,
      { env: { URL: 'https://hooks.test/canary', HMAC: 'canary' } },
    );
    expect(alerts).toMatchObject({
      enabled: true,
      channels: ['slack', 'email'],
      types: ['budget_alerts', 'spend_reports'],
      softRepeatMs: 3_600_000,
      intervalMs: 60_000,
      log: true,
      reportDuration: '1mo',
      thresholdsLeft: [0.5, 0.1],
      emailAtShareSpent: 0.9,
      forecast: false,
      emails: ['a@example.com'],
      retentionMs: 7 * 86_400_000,
    });
    expect(alerts.urlsByType.budget_alerts!.map((url) => url.reveal())).toEqual(['https://hooks.test/canary']);
    expect(alerts.urlsByType.spend_reports!.map((url) => url.reveal())).toEqual(['https://a.test/x', 'https://b.test']);
    expect(alerts.webhookSecret!.reveal()).toBe('canary');
    expect(JSON.stringify(alerts)).not.toContain('canary');
    expect(Bun.inspect(alerts)).not.toContain('canary');
  });

  test('what nothing sends yet is named', () => {
    const { notes, alerts } = load(`
general_settings:
  alerting: [slack]
  alerting_threshold: 300
  alert_types: [llm_exceptions, budget_alerts, outage_alerts]
  alert_to_webhook_url: { daily_reports: "https://a.test" }
  alerting_args: { daily_report_frequency: 43200, outage_alert_ttl: 60 }
`);
    expect(alerts.types).toEqual(['budget_alerts']);
    expect(alerts.urlsByType).toEqual({});
    expect(notes.map(({ kind, path, message }) => `${kind} ${path}${message && `: ${message}`}`).toSorted()).toEqual([
      'not-built general_settings.alert_to_webhook_url: nothing sends daily_reports yet',
      'not-built general_settings.alert_types: nothing sends llm_exceptions, outage_alerts yet',
      'not-built general_settings.alerting_args.daily_report_frequency',
      'not-built general_settings.alerting_args.outage_alert_ttl',
      'not-built general_settings.alerting_threshold',
    ]);
  });

  test.each([
    ['general_settings: { alerting: [slak] }', 'did you mean slack?'],
    ['general_settings: { alert_types: [budget_alert] }', 'did you mean budget_alerts?'],
    ['general_settings: { alert_to_webhook_url: { budget_alerts: hooks.slack.com/x } }', 'http:// or https://'],
    ['general_settings: { alerting_args: { budget_alert_tll: 1 } }', 'did you mean budget_alert_ttl?'],
    ['general_settings: { alerting_args: { budget_alert_ttl: 1 } }', 'must be at least 60'],
    ['general_settings: { spend_report_frequency: 1h }', 'at least a day'],
    ['sluice_settings: { alerts: { thresholds_left: [15] } }', 'thresholds_left[0]'],
    ['sluice_settings: { alerts: { emails: [nobody] } }', 'emails[0]'],
  ])('%s', (yaml, says) => {
    expect(mistakes(yaml).join('\n')).toContain(says);
  });
});

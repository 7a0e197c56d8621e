import type { AlertSettings } from '../../../config/alert-settings.ts';
import { usualAlertTypes } from '../../../config/alert-types.ts';
import { adminRoute } from '../admin-route.ts';

export const alertingSettings = adminRoute({
  method: 'GET',
  paths: ['/alerting/settings'],
  action: 'alert.see',
  summary: 'Shows who is told of what, and what a channel lacks.',
  handle: async ({ services }) => {
    const { alerts } = services.live().snapshot;
    const lacks = services.alerts?.lacks();
    return [
      ...fields(alerts),
      ...alerts.channels.map((channel) => {
        const lack = lacks?.get(channel);
        return field(`${channel}_alerting`, 'Boolean', lack ?? `Alerts can be sent by ${channel}.`, lack === undefined, false);
      }),
    ];
  },
});

/** As LiteLLM's `ConfigList` has it. */
const field = (name: string, type: string, description: string, value: unknown, usual: unknown) => ({
  field_name: name,
  field_type: type,
  field_description: description,
  field_value: value,
  stored_in_db: null,
  field_default_value: usual,
  premium_field: false,
  nested_fields: null,
});

const fields = ({ channels, types, softRepeatMs, intervalMs, log, reportDuration, thresholdsLeft, forecast }: AlertSettings) => [
  field('alerting', 'List', 'Where alerts go.', channels, []),
  field('alert_types', 'List', 'Which kinds are sent.', types, usualAlertTypes),
  field('budget_alert_ttl', 'Integer', 'Seconds until a soft budget that is over is told again.', softRepeatMs / 1000, 86_400),
  field('report_check_interval', 'Integer', 'Seconds between two looks at what was spent.', intervalMs / 1000, 5),
  field('log_to_console', 'Boolean', 'Each alert is a log line too.', log, false),
  field('spend_report_frequency', 'String', 'How much time a report of spend is about.', reportDuration, '7d'),
  field('thresholds_left', 'List', 'Shares of a budget left at which it is told.', thresholdsLeft, [0.15, 0.05]),
  field('forecast', 'Boolean', 'Budgets that will not last are told before.', forecast, true),
];

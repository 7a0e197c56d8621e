import { SluiceError } from 'sluice/kit';
import { alertingChannels, type AlertingChannel } from '../../../config/alert-types.ts';
import { nearest } from '../../../config/nearest.ts';
import { noDatabase } from '../../../access/store/store.ts';
import { adminRoute, type AdminContext, type AdminMethod } from '../admin-route.ts';
import { serviceQuery } from './schemas.ts';

/** LiteLLM's other name. */
const otherNames: Readonly<Record<string, AlertingChannel>> = { slack_budget_alerts: 'slack' };

const testService = (method: AdminMethod) =>
  adminRoute({
    method,
    paths: ['/health/services'],
    action: 'alert.test',
    query: serviceQuery,
    summary: 'Sends a test alert by a channel: slack, ms_teams, webhook, email or pagerduty.',
    handle: async ({ query, services }: Pick<AdminContext<unknown, { service: string }>, 'query' | 'services'>) => {
      const channel = channelOf(query.service);
      if (!services.alerts) throw noDatabase();
      if (!services.live().snapshot.alerts.channels.includes(channel))
        throw new SluiceError('invalid_request', `general_settings.alerting does not name ${channel}: nothing is sent there.`, {
          param: 'service',
        });
      const { sent, failures } = await services.alerts.test(channel);
      if (failures.length > 0)
        throw new SluiceError('bad_gateway', `A test by ${channel} did not arrive: ${failures.join('; ')}`, { retry: false });
      return { status: 'success', message: `A test was sent by ${channel} to ${sent} ${sent === 1 ? 'place' : 'places'}: look there.` };
    },
  });

export const testServiceRoutes = [testService('GET'), testService('POST')];

const channelOf = (name: string): AlertingChannel => {
  if (Object.hasOwn(otherNames, name)) return otherNames[name]!;
  if ((alertingChannels as readonly string[]).includes(name)) return name as AlertingChannel;
  const near = nearest(name, alertingChannels);
  throw new SluiceError(
    'invalid_request',
    `There is no service ${JSON.stringify(name.slice(0, 100))} to test here: take one of ${alertingChannels.join(', ')}.${near === undefined ? '' : ` Did you mean ${near}?`}`,
    { param: 'service' },
  );
};

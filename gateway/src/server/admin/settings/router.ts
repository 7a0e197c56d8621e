import { strategyNames } from 'sluice/kit';
import { adminRoute } from '../admin-route.ts';
import { settableKeys } from './settable.ts';
import { routerField, sectionShown, stateOf } from './shown.ts';

/** One sentence for each strategy is in docs/routing; here is what a form needs. */
const descriptions = (): Record<string, string> =>
  Object.fromEntries(strategyNames.map((name) => [name, `docs/routing says how '${name}' picks a deployment.`]));

export const routerSettings = adminRoute({
  method: 'GET',
  paths: ['/router/settings'],
  action: 'router.see',
  summary: 'Shows the settings of the router: what holds, and who says so.',
  handle: async ({ services }) => ({
    fields: settableKeys('router_settings').map((key) => {
      const { value, owner, place, drift } = stateOf(services, `router_settings.${key}`);
      return { ...routerField(key), field_value: value, owner, place, drift };
    }),
    current_values: sectionShown(services, 'router_settings'),
    routing_strategy_descriptions: descriptions(),
    version: services.live().snapshot.version,
  }),
});

export const routerFields = adminRoute({
  method: 'GET',
  paths: ['/router/fields'],
  action: 'router.see',
  summary: 'Lists the settings that the router has.',
  handle: async () => ({ fields: settableKeys('router_settings').map(routerField), routing_strategy_descriptions: descriptions() }),
});

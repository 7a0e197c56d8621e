import { adminRoute, type AdminContext } from '../admin-route.ts';
import { haveLive } from './have-live.ts';
import { discounts, margins } from './schemas.ts';
import { stateOf } from './shown.ts';
import { refuseOwned, writeSetting } from './write-setting.ts';

const valuesOf = (services: AdminContext['services'], path: string): object => (stateOf(services, path).value ?? {}) as object;

/** The whole of it is given. What the file says may be in it, as it is, and stays the file's. */
const save = async (
  { store, services, actor }: Pick<AdminContext, 'store' | 'services' | 'actor'>,
  path: string,
  given: Readonly<Record<string, unknown>>,
): Promise<object> => {
  const written = (services.snapshot().origin?.written(path.split('.')) ?? {}) as Readonly<Record<string, unknown>>;
  const own: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    if (JSON.stringify(written[name]) === JSON.stringify(value)) continue;
    refuseOwned(services, path, name);
    own[name] = value;
  }
  await writeSetting({ store, services, actor }, path, () => (Object.keys(own).length > 0 ? own : undefined));
  await haveLive(services);
  return valuesOf(services, path);
};

const discountPath = 'litellm_settings.cost_discount_config';
const marginPath = 'litellm_settings.cost_margin_config';

export const showDiscounts = adminRoute({
  method: 'GET',
  paths: ['/config/cost_discount_config'],
  action: 'settings.see',
  summary: 'Shows what providers take off their prices.',
  handle: async ({ services }) => ({ values: valuesOf(services, discountPath) }),
});

export const saveDiscounts = adminRoute({
  method: 'PATCH',
  paths: ['/config/cost_discount_config'],
  action: 'settings.write',
  body: discounts,
  summary: 'Says what providers take off their prices: all of it, beside what the file says.',
  handle: async (context) => ({
    message: 'Cost discount configuration updated successfully',
    status: 'success',
    values: await save(context, discountPath, context.body),
  }),
});

export const showMargins = adminRoute({
  method: 'GET',
  paths: ['/config/cost_margin_config'],
  action: 'settings.see',
  summary: 'Shows what is put on top of costs.',
  handle: async ({ services }) => ({ values: valuesOf(services, marginPath) }),
});

export const saveMargins = adminRoute({
  method: 'PATCH',
  paths: ['/config/cost_margin_config'],
  action: 'settings.write',
  body: margins,
  summary: 'Says what is put on top of costs: all of it, beside what the file says.',
  handle: async (context) => ({
    message: 'Cost margin configuration updated successfully',
    status: 'success',
    values: await save(context, marginPath, context.body),
  }),
});

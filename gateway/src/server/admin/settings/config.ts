import { adminRoute } from '../admin-route.ts';
import { haveLive } from './have-live.ts';
import { configTypeQuery, configUpdate, fieldDelete, fieldQuery, fieldUpdate } from './schemas.ts';
import { demandSettable, sections, settableKeys } from './settable.ts';
import { sectionShown, settingField } from './shown.ts';
import { refuseOwned, writeSetting, writeSettings } from './write-setting.ts';
import { entryNames } from './entries.ts';

export const updateConfig = adminRoute({
  method: 'POST',
  paths: ['/config/update'],
  action: 'settings.write',
  body: configUpdate,
  summary: 'Sets settings that the configuration file does not name. What is not named is not touched; null takes a setting away.',
  handle: async ({ body, store, services, actor }) => {
    const changes = new Map<string, () => unknown>();
    for (const section of sections) {
      for (const [key, value] of Object.entries(body[section] ?? {})) {
        const path = `${section}.${key}`;
        demandSettable(path);
        refuseOwned(services, path);
        for (const entry of entryNames(path, value)) refuseOwned(services, path, entry);
        changes.set(path, () => value ?? undefined);
      }
    }
    await writeSettings({ store, services, actor }, changes);
    await haveLive(services);
    return { message: 'Config updated successfully', version: services.live().snapshot.version };
  },
});

export const showConfig = adminRoute({
  method: 'GET',
  paths: ['/config/yaml'],
  action: 'settings.see',
  summary: 'Shows what is said of the settings in the file and in the database, and which version is live.',
  handle: async ({ services }) => {
    const { snapshot } = services.live();
    return {
      version: snapshot.version,
      file: snapshot.file ?? null,
      ...Object.fromEntries(sections.map((section) => [section, sectionShown(services, section)])),
      database: {
        version: snapshot.stored?.version ?? null,
        problems: snapshot.stored?.problems ?? [],
        drift: snapshot.stored?.drift ?? [],
      },
    };
  },
});

export const listConfig = adminRoute({
  method: 'GET',
  paths: ['/config/list'],
  action: 'settings.see',
  query: configTypeQuery,
  summary: 'Lists the settings of a section that can be set here, with what holds and who says so.',
  handle: async ({ query: { config_type: section }, services }) => settableKeys(section).map((key) => settingField(services, section, key)),
});

export const fieldInfo = adminRoute({
  method: 'GET',
  paths: ['/config/field/info'],
  action: 'settings.see',
  query: fieldQuery,
  summary: 'Shows one setting: what holds, and who says so.',
  handle: async ({ query: { field_name: key, config_type: section }, services }) => {
    demandSettable(`${section}.${key}`);
    return settingField(services, section, key);
  },
});

export const updateField = adminRoute({
  method: 'POST',
  paths: ['/config/field/update'],
  action: 'settings.write',
  body: fieldUpdate,
  summary: 'Sets one setting that the configuration file does not name.',
  handle: async ({ body: { field_name: key, field_value: value, config_type: section }, store, services, actor }) => {
    const path = `${section}.${key}`;
    demandSettable(path);
    refuseOwned(services, path);
    for (const entry of entryNames(path, value)) refuseOwned(services, path, entry);
    await writeSetting({ store, services, actor }, path, () => value);
    await haveLive(services);
    return { param_name: section, param_value: sectionShown(services, section) };
  },
});

export const deleteField = adminRoute({
  method: 'POST',
  paths: ['/config/field/delete'],
  action: 'settings.write',
  body: fieldDelete,
  summary: 'Takes away what the database says of a setting: the default holds again.',
  handle: async ({ body: { field_name: key, config_type: section }, store, services, actor }) => {
    const path = `${section}.${key}`;
    demandSettable(path);
    refuseOwned(services, path);
    await writeSetting({ store, services, actor }, path, () => undefined);
    await haveLive(services);
    return { param_name: section, param_value: sectionShown(services, section) };
  },
});

export const showCallbacks = adminRoute({
  method: 'GET',
  paths: ['/get/config/callbacks'],
  action: 'settings.see',
  summary: 'Lists where calls are logged to: nowhere yet, and with what the router is set.',
  handle: async ({ services }) => ({
    status: 'success',
    callbacks: [],
    alerts: [],
    router_settings: sectionShown(services, 'router_settings'),
    available_callbacks: {},
  }),
});

export const callbackConfigs = adminRoute({
  method: 'GET',
  paths: ['/callbacks/configs'],
  action: 'settings.see',
  summary: 'Lists the kinds of places where calls can be logged to: none yet.',
  handle: async () => [],
});

export const reloadPrices = adminRoute({
  method: 'POST',
  paths: ['/reload/model_cost_map'],
  action: 'settings.write',
  summary: 'Looks for newer prices now.',
  handle: async ({ services, now }) => {
    services.reloadPrices();
    const { priceMap } = services.live().snapshot.costs;
    return {
      message: priceMap ? 'The price map is being read again.' : 'No price map is configured: the built-in prices hold.',
      status: 'success',
      timestamp: new Date(now).toISOString(),
    };
  },
});

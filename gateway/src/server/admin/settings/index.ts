import type { AdminRoute } from '../admin-route.ts';
import { addIp, deleteIp, listIps } from './allowed-ips.ts';
import {
  callbackConfigs,
  deleteField,
  fieldInfo,
  listConfig,
  reloadPrices,
  showCallbacks,
  showConfig,
  updateConfig,
  updateField,
} from './config.ts';
import { saveDiscounts, saveMargins, showDiscounts, showMargins } from './costs.ts';
import { createFallback, deleteFallback, getFallback } from './fallbacks.ts';
import { createEndpoint, deleteEndpoint, listEndpoints, listTeamEndpoints, updateEndpoint } from './pass-through.ts';
import { routerFields, routerSettings } from './router.ts';

export const settingsRoutes: readonly AdminRoute[] = [
  updateConfig,
  showConfig,
  listConfig,
  fieldInfo,
  updateField,
  deleteField,
  showCallbacks,
  callbackConfigs,
  reloadPrices,
  routerSettings,
  routerFields,
  createFallback,
  getFallback,
  deleteFallback,
  listIps,
  addIp,
  deleteIp,
  showDiscounts,
  saveDiscounts,
  showMargins,
  saveMargins,
  listEndpoints,
  listTeamEndpoints,
  createEndpoint,
  updateEndpoint,
  deleteEndpoint,
];

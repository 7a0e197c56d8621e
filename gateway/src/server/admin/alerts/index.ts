import type { AdminRoute } from '../admin-route.ts';
import { alertsRoute } from './list-alerts.ts';
import { alertingSettings } from './settings.ts';
import { testServiceRoutes } from './test-service.ts';

export const alertsRoutes: readonly AdminRoute[] = [alertsRoute, alertingSettings, ...testServiceRoutes];

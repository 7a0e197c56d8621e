import type { AdminRoute } from '../admin-route.ts';
import { auditInfo, listAudit } from './routes.ts';

export const auditRoutes: readonly AdminRoute[] = [listAudit, auditInfo];

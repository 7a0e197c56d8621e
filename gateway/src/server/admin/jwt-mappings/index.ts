import type { AdminRoute } from '../admin-route.ts';
import { createMapping, deleteMapping, listMappings, mappingInfo, updateMapping } from './routes.ts';

export const jwtMappingsRoutes: readonly AdminRoute[] = [createMapping, updateMapping, mappingInfo, listMappings, deleteMapping];

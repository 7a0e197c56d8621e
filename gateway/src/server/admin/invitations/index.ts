import type { AdminRoute } from '../admin-route.ts';
import { createInvitation, deleteInvitation, invitationInfo, updateInvitation } from './routes.ts';

export const invitationsRoutes: readonly AdminRoute[] = [createInvitation, invitationInfo, updateInvitation, deleteInvitation];

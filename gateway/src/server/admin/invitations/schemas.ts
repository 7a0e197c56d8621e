import { z } from 'zod';
import { anId } from '../fields.ts';

export const newInvitation = z.strictObject({ user_id: anId });
export const namedInvitation = z.strictObject({ invitation_id: anId });
export const updatedInvitation = z.strictObject({ invitation_id: anId, is_accepted: z.boolean() });

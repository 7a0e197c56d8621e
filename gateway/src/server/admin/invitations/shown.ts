import type { InvitationRecord } from '../../../access/records/records.ts';
import type { Stored } from '../../../access/store/stored.ts';
import { iso, isoOrNull } from '../answer-parts.ts';

/** Never the token. */
export const invitationShown = ({ id, data, createdAt, createdBy, updatedAt, updatedBy }: Stored<InvitationRecord>) => ({
  id,
  user_id: data.user_id,
  is_accepted: data.accepted_at != null,
  accepted_at: isoOrNull(data.accepted_at),
  expires_at: iso(data.expires_at),
  created_at: iso(createdAt),
  created_by: createdBy ?? null,
  updated_at: iso(updatedAt),
  updated_by: updatedBy ?? null,
});

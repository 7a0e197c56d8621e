import type { AccessGroupRecord } from '../../../access/records/records.ts';
import type { Stored } from '../../../access/store/stored.ts';
import { iso } from '../answer-parts.ts';

/** Whom a caller may see in a group: everybody, or some. */
export interface SeenOfGroup {
  readonly keys: (id: string) => boolean;
  readonly teams: (id: string) => boolean;
}

export const accessGroupShown = (
  { id, data, createdAt, createdBy, updatedAt, updatedBy }: Stored<AccessGroupRecord>,
  seen: SeenOfGroup = { keys: () => true, teams: () => true },
) => ({
  access_group_id: id,
  access_group_name: data.access_group_name,
  description: data.description ?? null,
  access_model_names: data.access_model_names,
  access_mcp_server_ids: [],
  access_agent_ids: [],
  assigned_team_ids: (data.assigned_team_ids ?? []).filter(seen.teams),
  assigned_key_ids: (data.assigned_key_ids ?? []).filter(seen.keys),
  created_at: iso(createdAt),
  created_by: createdBy ?? null,
  updated_at: iso(updatedAt),
  updated_by: updatedBy ?? null,
});

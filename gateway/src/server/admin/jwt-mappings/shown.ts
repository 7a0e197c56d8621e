import type { JwtMappingRecord } from '../../../access/records/records.ts';
import type { Stored } from '../../../access/store/stored.ts';
import { iso } from '../answer-parts.ts';

/** Without the key's hash, as LiteLLM. */
export const mappingShown = ({ id, data, createdAt, createdBy, updatedAt, updatedBy }: Stored<JwtMappingRecord>) => ({
  id,
  jwt_claim_name: data.jwt_claim_name,
  jwt_claim_value: data.jwt_claim_value,
  description: data.description ?? null,
  is_active: data.is_active,
  created_at: iso(createdAt),
  created_by: createdBy ?? null,
  updated_at: iso(updatedAt),
  updated_by: updatedBy ?? null,
});

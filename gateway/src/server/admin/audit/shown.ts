import type { AuditEntry } from '../../../access/store/audit-chain.ts';
import { iso } from '../answer-parts.ts';

/** An entry as LiteLLM's `AuditLogResponse` has it, with where the request came from. Who is not known is the empty text, as there. */
export const auditShown = (entry: AuditEntry) => ({
  id: entry.id,
  updated_at: iso(entry.at),
  changed_by: entry.changed_by ?? '',
  changed_by_api_key: entry.changed_by_api_key ?? '',
  action: entry.action,
  table_name: entry.table_name,
  object_id: entry.object_id,
  before_value: parsed(entry.before_value),
  updated_values: parsed(entry.updated_values),
  address: entry.address,
});

const parsed = (text: string | null): unknown => (text === null ? null : JSON.parse(text));

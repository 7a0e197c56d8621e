import { maskMembers } from '../../../config/stored/secret-members.ts';
import type { StoredView } from '../../../config/stored/index.ts';
import type { CredentialRecord } from '../../../access/records/records.ts';
import type { Stored } from '../../../access/store/stored.ts';
import { iso } from '../answer-parts.ts';

type Json = Readonly<Record<string, unknown>>;

/** LiteLLM's `CredentialItem`. Secrets are `****`. */
export const credentialShown = (
  { id, data, createdAt, createdBy, updatedAt, updatedBy }: Stored<CredentialRecord>,
  view: StoredView | undefined,
) => {
  const problem = view?.problems.find((each) => each.kind === 'credential' && each.id === id);
  const drift = view?.drift.find((each) => each.kind === 'credential' && each.id === id);
  return {
    credential_name: id,
    credential_values: maskMembers(data.credential_values as Json),
    credential_info: data.credential_info,
    owner: 'database',
    created_at: iso(createdAt),
    created_by: createdBy ?? null,
    updated_at: iso(updatedAt),
    updated_by: updatedBy ?? null,
    ...(problem && { error: problem.message, decryption_failed: problem.decryptionFailed }),
    ...(drift && { error: `The configuration file has a credential of this name, and holds (${drift.place.file}:${drift.place.line}).` }),
  };
};

/** One of the file. */
export const fileCredential = (name: string, entry: Json) => ({
  credential_name: name,
  credential_values: maskMembers((entry['credential_values'] ?? {}) as Json),
  credential_info: (entry['credential_info'] ?? {}) as Json,
  owner: 'file',
});

import { z } from 'zod';
import { anId, queryFlag } from '../fields.ts';
import { configMembers } from '../models/schemas.ts';

/** `CreateCredentialItem` of the reference (2.5). */
export const newCredential = z.strictObject({
  credential_name: anId,
  credential_info: configMembers.nullish(),
  credential_values: configMembers.nullish(),
  /** Takes the values of this model. */
  model_id: anId.nullish(),
});

/** What is absent is not touched, `null` takes a member away. */
export const changedCredential = z.strictObject({
  credential_name: anId.nullish(),
  credential_info: configMembers.nullish(),
  credential_values: configMembers.nullish(),
});

export const migrationQuery = z.strictObject({ dry_run: queryFlag.default(false) });

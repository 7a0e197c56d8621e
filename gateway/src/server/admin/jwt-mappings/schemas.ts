import { z } from 'zod';
import { anId, aText, pageNumber, pageSize } from '../fields.ts';

/** The key itself (`sk-…`), or its hash. */
const key = z.string().min(1, { error: 'must not be empty' }).max(512);

export const newMapping = z.strictObject({
  jwt_claim_name: anId,
  jwt_claim_value: z.string().min(1, { error: 'must not be empty' }).max(512),
  key,
  description: aText.nullish(),
});

export const updatedMapping = z.strictObject({
  id: anId,
  key: key.nullish(),
  description: aText.nullish(),
  is_active: z.boolean().nullish(),
});

export const namedMapping = z.strictObject({ id: anId });
export const mappingsQuery = z.strictObject({ page: pageNumber, size: pageSize(50) });

import { z } from 'zod';
import { anId, pageNumber, pageSize, queryFlag, sortOrder } from '../fields.ts';
import { namedKey } from './schemas.ts';

const sortable = ['spend', 'max_budget', 'created_at', 'updated_at', 'token', 'key_alias', 'expires', 'user_id', 'team_id'] as const;

const many = z.preprocess((value) => (typeof value === 'string' ? value.split(',') : value), z.array(z.string()));

export const listQuery = z.strictObject({
  page: pageNumber,
  size: pageSize(10, 100),
  user_id: anId.optional(),
  team_id: anId.optional(),
  organization_id: anId.optional(),
  project_id: anId.optional(),
  agent_id: anId.optional(),
  access_group_id: anId.optional(),
  key_hash: namedKey.optional(),
  key_alias: anId.optional(),
  substring_matching: queryFlag.default(false),
  return_full_object: queryFlag.default(false),
  include_team_keys: queryFlag.default(false),
  include_created_by_keys: queryFlag.default(false),
  expand: many.pipe(z.array(z.enum(['user']))).optional(),
  status: z.enum(['deleted', 'active', 'expired', 'blocked']).optional(),
  expires: z.enum(['expired', 'active']).optional(),
  sort_by: z.enum(sortable).optional(),
  sort_order: sortOrder.default('desc'),
});
export type ListQuery = z.output<typeof listQuery>;

export const aliasesQuery = z.strictObject({
  page: pageNumber,
  size: pageSize(50, 100),
  search: z.string().max(256).optional(),
  team_id: anId.optional(),
});

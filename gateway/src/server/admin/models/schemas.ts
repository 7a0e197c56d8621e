import { z } from 'zod';
import { aText, anId, ids, names, pageNumber, pageSize, queryFlag, sortOrder } from '../fields.ts';

/** As deep as a vendor's own members go; deeper is a mistake, or meant to be one. */
const maxDepth = 16;
const maxChars = 262_144;

const depthOf = (value: unknown, left: number): boolean =>
  typeof value !== 'object' || value === null || (left > 0 && Object.values(value).every((item) => depthOf(item, left - 1)));

/** Members that are checked as those of the configuration file are. */
export const configMembers = z
  .record(z.string().max(256), z.unknown())
  .refine((value) => depthOf(value, maxDepth), { error: `must be at most ${maxDepth} levels deep` })
  .refine((value) => JSON.stringify(value).length <= maxChars, { error: `must be at most ${maxChars} characters as JSON` });

const modelName = z.string().min(1, { error: 'must not be empty' }).max(512);

/** Worked out by the gateway; LiteLLM's clients send them back. */
const workedOut = {
  db_model: z.boolean().nullish(),
  created_at: aText.nullish(),
  created_by: aText.nullish(),
  updated_at: aText.nullish(),
  updated_by: aText.nullish(),
};

const info = z.intersection(
  configMembers,
  z.looseObject({
    id: anId.nullish(),
    team_id: anId.nullish(),
    team_public_model_name: modelName.nullish(),
    blocked: z.boolean().nullish(),
    ...workedOut,
  }),
);
export type InfoGiven = z.output<typeof info>;

/** `Deployment` of the reference (2.5). */
export const newModel = z.strictObject({
  model_name: modelName,
  litellm_params: configMembers,
  model_info: info.nullish(),
  blocked: z.boolean().nullish(),
});

/** `updateDeployment`: what is absent is not touched, `null` takes a member away. */
const change = {
  model_name: modelName.nullish(),
  litellm_params: configMembers.nullish(),
  model_info: info.nullish(),
  blocked: z.boolean().nullish(),
};
export const changedModel = z.strictObject(change);
/** Its id is in `model_info`, or beside it, as LiteLLM's own Python client writes it. */
export const updatedModel = z
  .strictObject({ ...change, id: anId.nullish() })
  .refine(({ id, model_info: given }) => (id ?? given?.id) != null, {
    path: ['model_info', 'id'],
    error: 'is missing: it says which deployment is changed',
  })
  .refine(({ id, model_info: given }) => id == null || given?.id == null || id === given.id, {
    path: ['id'],
    error: 'is not the id that `model_info` has',
  })
  .transform(({ id, ...body }) => ({ ...body, id: (id ?? body.model_info?.id)! }));
export type ModelChange = z.output<typeof changedModel>;

export const deletedModel = z.strictObject({ id: anId });
export const blockedModel = z.strictObject({ model_id: anId });

export const modelsQuery = z.strictObject({
  model: z.string().max(512).optional(),
  user_models_only: queryFlag.optional(),
  include_team_models: queryFlag.optional(),
  debug: queryFlag.optional(),
  page: pageNumber,
  size: pageSize(50, 1000),
  search: z.string().max(512).optional(),
  modelId: z.string().max(256).optional(),
  teamId: z.string().max(256).optional(),
  sortBy: z.enum(['model_name', 'created_at', 'updated_at', 'costs', 'status']).optional(),
  sortOrder: sortOrder.optional(),
  exclude_auto_routers: queryFlag.optional(),
});
export type ModelsQuery = z.output<typeof modelsQuery>;

const groupMembers = { model_names: names.nullish(), model_ids: ids.nullish() };
export const newGroup = z.strictObject({ access_group: anId, ...groupMembers });
export const updatedGroup = z.strictObject(groupMembers);
export const publicGroups = z.strictObject({ model_groups: names });

import { z } from 'zod';
import { anId, aText, names } from '../fields.ts';
import { notBuiltInGroups } from '../not-built.ts';

/** Of each: the group is in the cache of every gateway. */
const maxAssigned = 10_000;
const assigned = z.array(anId).max(maxAssigned, { error: `must have at most ${maxAssigned} entries` });

const members = {
  description: aText.nullish(),
  access_model_names: names.nullish(),
  assigned_team_ids: assigned.nullish(),
  /** Keys themselves, or their hashes. */
  assigned_key_ids: assigned.nullish(),
  ...notBuiltInGroups,
};

export const newAccessGroup = z.strictObject({ access_group_name: anId, ...members });
export const updatedAccessGroup = z.strictObject({ access_group_name: anId.nullish(), ...members });
export type AccessGroupFields = z.output<typeof updatedAccessGroup>;

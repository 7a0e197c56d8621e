import { z } from 'zod';
import { aText, anId, json, limitsShape, money, names, objectPermission } from '../fields.ts';
import { notTaken, withoutLogging } from '../not-built.ts';

/** What can be said of an organisation whether it is made or changed. Reference 2.5, `NewOrganizationRequest`. */
const organizationShape = {
  ...limitsShape,
  budget_id: anId.nullish(),
  models: names.nullish(),
  metadata: withoutLogging(json).nullish(),
  object_permission: objectPermission.nullish(),
  // Of LiteLLM's table of budgets, where it is for members.
  allowed_models: notTaken('is not for organisations: give the models as `models`'),
};

const alias = aText.min(1, { error: 'must not be empty' });

export const newOrganization = z.strictObject({ ...organizationShape, organization_id: anId.nullish(), organization_alias: alias });
export const updatedOrganization = z.strictObject({
  ...organizationShape,
  organization_id: anId,
  organization_alias: alias.nullish(),
  spend: money.nullish(),
  updated_by: notTaken('is known by the key: leave it out'),
});

export const namedOrganizations = z.strictObject({ organization_ids: z.array(anId).min(1).max(100) });
export const infoQuery = z.strictObject({ organization_id: anId });
export const infoBody = z.strictObject({ organizations: z.array(anId).min(1).max(100) });
export const listQuery = z.strictObject({ org_id: anId.optional(), org_alias: z.string().max(256).optional() });

const named = { user_id: anId.nullish(), user_email: z.email().max(320).nullish() };
const isNamed = ({ user_id: id, user_email: email }: { user_id?: string | null | undefined; user_email?: string | null | undefined }) =>
  id != null || email != null;
const nameless = { error: 'needs `user_id` or `user_email`' };
const role = z.enum(['org_admin', 'internal_user', 'internal_user_viewer']);

const member = z.strictObject({ ...named, role }).refine(isNamed, nameless);

export const addedMembers = z.strictObject({
  organization_id: anId,
  member: z.union([member.transform((one) => [one]), z.array(member).min(1).max(1000)]),
  max_budget_in_organization: money.nullish(),
});
export const updatedMember = z
  .strictObject({ organization_id: anId, ...named, role: role.nullish(), max_budget_in_organization: money.nullish() })
  .refine(isNamed, nameless);
export const removedMember = z.strictObject({ organization_id: anId, ...named }).refine(isNamed, nameless);

import { SluiceError } from 'sluice/kit';
import { kinds } from '../../../access/records/kinds.ts';
import { demandOrganizationGrant } from '../../../access/grants/organization.ts';
import type { OrganizationRecord } from '../../../access/records/records.ts';
import type { Actor } from '../../../access/store/actor.ts';
import type { Writing } from '../../../access/store/writing.ts';
import { adminRoute } from '../admin-route.ts';
import { budgetsOf, demandBudget } from '../budgets/known-budget.ts';
import { changed, filled, type Change } from '../patch.ts';
import { setSpent } from '../spender.ts';
import { removeKeys } from '../teams/remove-keys.ts';
import { removeTeam } from '../teams/delete-team.ts';
import { theOrganization } from './find-organization.ts';
import { namedOrganizations, newOrganization, updatedOrganization } from './schemas.ts';
import { organizationsShown, organizationSpending, organizationsWithMembers } from './shown.ts';

export const createOrganization = adminRoute({
  method: 'POST',
  paths: ['/organization/new'],
  action: 'organization.create',
  body: newOrganization,
  summary: 'Makes an organisation.',
  handle: async (context) => {
    const { organization_id: given, ...fields } = context.body;
    const id = given ?? crypto.randomUUID();
    const record = { ...filled(fields), models: fields.models ?? [] } as OrganizationRecord;
    const organization = await context.store.write(context.actor, async (writing) => {
      if (await writing.get(kinds.organization, id))
        throw new SluiceError('invalid_request', `There is already an organisation '${id}'.`, { param: 'organization_id' });
      await demandBudget(writing, record.budget_id);
      return writing.insert(kinds.organization, id, record);
    });
    // A new organisation of an old name begins with nothing spent.
    if (given != null) await context.services.spend.clear(`organization:${id}`);
    return (await organizationsShown(context, [organization]))[0];
  },
});

export const updateOrganization = adminRoute({
  method: 'PATCH',
  paths: ['/organization/update'],
  action: 'organization.update',
  body: updatedOrganization,
  summary: 'Changes an organisation. What is not named is not touched; null is unlimited.',
  about: ({ body }) => [{ organizationId: body.organization_id }],
  handle: async (context) => {
    const { organization_id: id, spend, ...fields } = context.body;
    const change = {
      ...fields,
      // An organisation is called something, and without a list of models there would be no telling none from all.
      organization_alias: fields.organization_alias ?? undefined,
      ...(fields.models === null && { models: [] }),
    } as Change<OrganizationRecord>;
    const relations = context.relationsTo({ organizationId: id }, 'organization.update');
    const organization = await context.store.write(context.actor, async (writing) => {
      await demandBudget(writing, change.budget_id);
      return writing.update(kinds.organization, id, (before) => {
        const after = changed(before, change);
        demandOrganizationGrant(before, after, spend != null, relations);
        return after;
      });
    });
    const shared = (await budgetsOf(context.store, [organization])).get(organization.data.budget_id ?? '');
    await setSpent(organizationSpending(organization, shared), spend, context);
    return (await organizationsWithMembers(context, [organization]))[0];
  },
});

/** More would hold the database up for too long. */
const maxTeams = 1000;

/** Deletes an organisation with its teams, and what they have, and its own keys. */
const removeOrganization = async (writing: Writing, id: string, actor: Actor): Promise<void> => {
  await theOrganization(writing, id);
  const teams = await writing.find(kinds.team, { is: { organization_id: id } });
  if (teams.length > maxTeams)
    throw new SluiceError(
      'invalid_request',
      `The organisation '${id}' has more than ${maxTeams} teams. Delete some with POST /team/delete first.`,
    );
  for (const team of teams) await removeTeam(writing, team.id, actor);
  await removeKeys(writing, { is: { organization_id: id } }, `organisation '${id}'`, actor.keyHash);
  await writing.removeAll(kinds.organizationMember, { is: { organization_id: id } });
  await writing.remove(kinds.organization, id);
};

export const deleteOrganization = adminRoute({
  method: 'DELETE',
  paths: ['/organization/delete'],
  action: 'organization.delete',
  body: namedOrganizations,
  summary: 'Deletes organisations with their members, teams and keys.',
  handle: async (context) => {
    const ids = [...new Set(context.body.organization_ids)];
    const config = context.services.snapshot();
    const ofFile = config.teams.find(({ record }) => record.organization_id != null && ids.includes(record.organization_id));
    if (ofFile)
      throw new SluiceError(
        'invalid_request',
        `The team '${ofFile.id}' of the organisation is owned by the configuration file (${ofFile.place.file}:${ofFile.place.line}): take it out there first.`,
        { param: 'organization_ids' },
      );
    const all = await Promise.all(ids.map((id) => theOrganization(context.store, id)));
    const shown = await organizationsWithMembers(context, all);
    await context.store.write(context.actor, async (writing) => {
      for (const id of ids.toSorted()) await removeOrganization(writing, id, context.actor);
    });
    return shown;
  },
});

import { SluiceError } from 'sluice/kit';
import { kinds } from '../../../access/records/kinds.ts';
import { adminRoute } from '../admin-route.ts';
import { seesAll } from '../teams/visible.ts';
import { theOrganization } from './find-organization.ts';
import { infoBody, infoQuery, listQuery } from './schemas.ts';
import { organizationsWithMembers } from './shown.ts';

/** Each comes with its members and teams. */
const maxOrganizations = 1000;

export const listOrganizations = adminRoute({
  method: 'GET',
  paths: ['/organization/list'],
  action: 'organization.list',
  query: listQuery,
  summary: 'Lists the organisations that the caller may see, with their members and teams: at most 1,000.',
  about: () => [],
  handle: async (context) => {
    const { org_id: id, org_alias: alias } = context.query;
    const { rows, total } = await context.store.page(kinds.organization, {
      is: { id },
      contains: { alias },
      ...(!seesAll(context) && { anyOf: [{ is: { id: [...context.principal.organizations.keys()] } }] }),
      page: 1,
      size: maxOrganizations,
    });
    if (total > maxOrganizations)
      throw new SluiceError('invalid_request', `There are ${total} organisations: find some by ?org_alias=… or one by ?org_id=….`);
    return organizationsWithMembers(context, rows);
  },
});

export const organizationInfo = adminRoute({
  method: 'GET',
  paths: ['/organization/info'],
  action: 'organization.see',
  query: infoQuery,
  summary: 'Shows an organisation with its members and teams.',
  about: ({ query }) => [{ organizationId: query.organization_id }],
  handle: async (context) =>
    (await organizationsWithMembers(context, [await theOrganization(context.store, context.query.organization_id)]))[0],
});

export const organizationsInfo = adminRoute({
  method: 'POST',
  paths: ['/organization/info'],
  action: 'organization.see',
  body: infoBody,
  summary: 'Shows those of the named organisations that there are.',
  about: ({ body }) => body.organizations.map((organizationId) => ({ organizationId })),
  handle: async (context) => organizationsWithMembers(context, await context.store.getAll(kinds.organization, context.body.organizations)),
});

import { SluiceError } from 'sluice/kit';
import { hashOfNamed } from '../../../access/keys/secret.ts';
import { kinds } from '../../../access/records/kinds.ts';
import { notFound, type Writing } from '../../../access/store/writing.ts';
import { adminRoute } from '../admin-route.ts';
import { changed, filled } from '../patch.ts';
import { assignHolders } from './assign.ts';
import { newAccessGroup, updatedAccessGroup, type AccessGroupFields } from './schemas.ts';
import { accessGroupShown } from './shown.ts';

export const createAccessGroup = adminRoute({
  method: 'POST',
  paths: ['/v1/access_group', '/v1/unified_access_group'],
  action: 'access_group.write',
  body: newAccessGroup,
  status: 201,
  summary: 'Makes a named bundle of models, and gives it to keys and teams.',
  handle: async ({ body, store, actor }) => {
    const id = crypto.randomUUID();
    const { access_group_name, ...rest } = body;
    const lists = { access_model_names: [], assigned_team_ids: [], assigned_key_ids: [], ...listsOf(rest) };
    const group = await store.write(actor, async (writing) => {
      await demandFreeName(writing, access_group_name);
      await assignHolders(writing, 'team', id, [], lists.assigned_team_ids);
      await assignHolders(writing, 'key', id, [], lists.assigned_key_ids);
      return writing.insert(kinds.accessGroup, id, { access_group_name, ...filled({ description: rest.description }), ...lists });
    });
    return accessGroupShown(group);
  },
});

export const updateAccessGroup = adminRoute({
  method: 'PUT',
  paths: ['/v1/access_group/{access_group_id}', '/v1/unified_access_group/{access_group_id}'],
  action: 'access_group.write',
  body: updatedAccessGroup,
  summary: 'Changes a bundle of models, or whom it is given to. What is not named is not touched.',
  handle: async ({ body, params, store, actor }) => {
    const id = params['access_group_id']!;
    const group = await store.write(actor, async (writing) => {
      if (body.access_group_name != null) await demandFreeName(writing, body.access_group_name, id);
      const before = await writing.get(kinds.accessGroup, id);
      if (!before) throw notFound(kinds.accessGroup, id);
      const lists = listsOf(body);
      if (lists.assigned_team_ids) await assignHolders(writing, 'team', id, before.data.assigned_team_ids, lists.assigned_team_ids);
      if (lists.assigned_key_ids) await assignHolders(writing, 'key', id, before.data.assigned_key_ids, lists.assigned_key_ids);
      const { access_group_name, description } = body;
      return writing.update(kinds.accessGroup, id, (data) =>
        changed(data, { access_group_name: access_group_name ?? undefined, description, ...lists }),
      );
    });
    return accessGroupShown(group);
  },
});

export const deleteAccessGroup = adminRoute({
  method: 'DELETE',
  paths: ['/v1/access_group/{access_group_id}', '/v1/unified_access_group/{access_group_id}'],
  action: 'access_group.write',
  status: 204,
  summary: 'Deletes a bundle of models. Keys and teams that had nothing else may then use no model.',
  handle: async ({ params, store, actor }) => {
    const id = params['access_group_id']!;
    await store.write(actor, async (writing) => {
      const group = await writing.remove(kinds.accessGroup, id);
      if (!group) throw notFound(kinds.accessGroup, id);
      await assignHolders(writing, 'team', id, group.data.assigned_team_ids, []);
      await assignHolders(writing, 'key', id, group.data.assigned_key_ids, []);
    });
    return new Response(null, { status: 204 });
  },
});

/** The lists that a request gives; null is an empty one. Keys may be named by themselves, and only their hashes are kept. */
const listsOf = ({ access_model_names: models, assigned_team_ids: teams, assigned_key_ids: keys }: AccessGroupFields) => ({
  ...(models !== undefined && { access_model_names: models ?? [] }),
  ...(teams !== undefined && { assigned_team_ids: [...new Set(teams ?? [])] }),
  ...(keys !== undefined && { assigned_key_ids: [...new Set((keys ?? []).map(hashOfNamed))] }),
});

const demandFreeName = async (writing: Writing, name: string, own?: string): Promise<void> => {
  const other = await writing.first(kinds.accessGroup, { is: { alias: name } });
  if (other && other.id !== own)
    throw new SluiceError('conflict', `There is already an access group ${JSON.stringify(name)}.`, {
      param: 'access_group_name',
      retry: false,
    });
};

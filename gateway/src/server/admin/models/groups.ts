import { SluiceError } from 'sluice/kit';
import { kinds } from '../../../access/records/kinds.ts';
import type { ModelRecord } from '../../../access/records/records.ts';
import type { Stored } from '../../../access/store/stored.ts';
import type { Writing } from '../../../access/store/writing.ts';
import { placeText } from '../../../config/origin.ts';
import { adminRoute, type AdminContext } from '../admin-route.ts';
import { haveLive } from '../settings/have-live.ts';
import { newGroup, updatedGroup } from './schemas.ts';
import { visibleTo } from './visible.ts';

/*
 * Groups of models (`model_info.access_groups`), by which keys and teams are given them. A deployment says itself which
 * groups it is in, so those of the configuration file are the file's to change.
 */

type Services = Pick<AdminContext, 'services'>['services'];
interface Members {
  readonly model_names?: readonly string[] | null | undefined;
  readonly model_ids?: readonly string[] | null | undefined;
}

const groupsOf = ({ model_info: info }: ModelRecord): readonly string[] => {
  const groups = info['access_groups'];
  return Array.isArray(groups) ? groups.filter((each): each is string => typeof each === 'string') : [];
};

interface Member {
  readonly modelName: string;
  readonly teamId?: string | undefined;
  readonly groups: readonly string[];
}

/** Who is in which group, as it is served, and of the database also what is not served at the moment. */
const membersOf = (services: Services, stored: readonly Stored<ModelRecord>[]): readonly Member[] => [
  ...services
    .live()
    .snapshot.deployments.filter((each) => !each.stored)
    .map(({ modelName, accessGroups }) => ({ modelName, groups: accessGroups })),
  ...stored.map(({ data }) => ({ modelName: data.model_name, teamId: data.team_id ?? undefined, groups: groupsOf(data) })),
];

const infoOf = (group: string, members: readonly Member[]) => {
  const inside = members.filter(({ groups }) => groups.includes(group));
  return { access_group: group, model_names: [...new Set(inside.map(({ modelName }) => modelName))], deployment_count: inside.length };
};

/** The rows that are meant. @throws SluiceError `invalid_request` for those that are none of the database's */
const named = (services: Services, stored: readonly Stored<ModelRecord>[], members: Members): ReadonlySet<string> => {
  const { deployments, origin } = services.snapshot();
  const found = new Set<string>();
  for (const id of members.model_ids ?? []) {
    if (deployments.some((each) => each.id === id)) throw ofFile(`The model with the id '${id}'`, undefined);
    if (!stored.some((each) => each.id === id))
      throw new SluiceError('invalid_request', `There is no model with the id '${id}'.`, { param: 'model_ids' });
    found.add(id);
  }
  // As in LiteLLM, ids are meant before names where both are given.
  for (const name of members.model_ids?.length ? [] : (members.model_names ?? [])) {
    const place = origin?.placeInList(['model_list'], (entry) => entry['model_name'] === name);
    if (place || deployments.some(({ modelName }) => modelName === name)) throw ofFile(`The model '${name}'`, place && placeText(place));
    const rows = stored.filter(({ data }) => data.model_name === name);
    if (rows.length === 0) throw new SluiceError('invalid_request', `There is no model '${name}'.`, { param: 'model_names' });
    for (const { id } of rows) found.add(id);
  }
  return found;
};

const ofFile = (what: string, place: string | undefined): SluiceError =>
  new SluiceError(
    'invalid_request',
    `${what} is owned by the configuration file${place === undefined ? '' : ` (${place})`}: give it the group there, in model_info.access_groups.`,
    { param: 'model_names' },
  );

const someMembers = (members: Members): void => {
  if (members.model_names?.length || members.model_ids?.length) return;
  throw new SluiceError('invalid_request', 'Name at least one model, in model_names or model_ids.', { param: 'model_names' });
};

const setGroup = async (writing: Writing, { id, data }: Stored<ModelRecord>, group: string, inside: boolean): Promise<number> => {
  if (groupsOf(data).includes(group) === inside) return 0;
  await writing.update(kinds.model, id, (before) => {
    const others = groupsOf(before).filter((each) => each !== group);
    return { ...before, model_info: { ...before.model_info, access_groups: inside ? [...others, group] : others } };
  });
  return 1;
};

/** One at a time: two groups that are made at once would not see each other. */
const lock = 'model access groups';

export const createGroup = adminRoute({
  method: 'POST',
  paths: ['/access_group/new'],
  action: 'access_group.write',
  body: newGroup,
  summary: 'Puts models of the database into a new group.',
  handle: async ({ body, store, services, actor }) => {
    const { access_group: group } = body;
    someMembers(body);
    const updated = await store.write(actor, async (writing) => {
      await writing.tx.lock(lock);
      const stored = await writing.find(kinds.model);
      if (infoOf(group, membersOf(services, stored)).deployment_count > 0)
        throw new SluiceError('conflict', `There is already a group '${group}'.`, { param: 'access_group', retry: false });
      const ids = named(services, stored, body);
      let count = 0;
      for (const each of stored) if (ids.has(each.id)) count += await setGroup(writing, each, group, true);
      return count;
    });
    await haveLive(services);
    return { access_group: group, model_names: body.model_names ?? null, model_ids: body.model_ids ?? null, models_updated: updated };
  },
});

export const updateGroup = adminRoute({
  method: 'PUT',
  paths: ['/access_group/{access_group:path}/update'],
  action: 'access_group.write',
  body: updatedGroup,
  summary: 'Says anew which models of the database are in a group.',
  handle: async ({ body, params, store, services, actor }) => {
    const group = params['access_group']!;
    someMembers(body);
    const updated = await store.write(actor, async (writing) => {
      await writing.tx.lock(lock);
      const stored = await writing.find(kinds.model);
      if (infoOf(group, membersOf(services, stored)).deployment_count === 0) throw noGroup(group);
      const ids = named(services, stored, body);
      for (const each of stored) await setGroup(writing, each, group, ids.has(each.id));
      return ids.size;
    });
    await haveLive(services);
    return { access_group: group, model_names: body.model_names ?? null, model_ids: body.model_ids ?? null, models_updated: updated };
  },
});

export const deleteGroup = adminRoute({
  method: 'DELETE',
  paths: ['/access_group/{access_group:path}/delete'],
  action: 'access_group.write',
  summary: 'Takes all models of the database out of a group.',
  handle: async ({ params, store, services, actor }) => {
    const group = params['access_group']!;
    const written = services.snapshot().deployments.find(({ accessGroups }) => accessGroups.includes(group));
    if (written) throw ofFile(`The model '${written.modelName}' of this group`, undefined);
    const updated = await store.write(actor, async (writing) => {
      await writing.tx.lock(lock);
      let count = 0;
      for (const each of await writing.find(kinds.model)) count += await setGroup(writing, each, group, false);
      if (count === 0) throw noGroup(group);
      return count;
    });
    await haveLive(services);
    return { access_group: group, models_updated: updated, message: `Access group '${group}' deleted successfully` };
  },
});

export const listGroups = adminRoute({
  method: 'GET',
  paths: ['/access_group/list'],
  action: 'access_group.see',
  summary: 'Lists the groups of models, with the models that the caller may ask for.',
  about: () => [],
  handle: async ({ store, services, principal }) => {
    const members = membersOf(services, await store.find(kinds.model)).filter(visibleTo(principal, services.live()));
    const groups = [...new Set(members.flatMap((each) => each.groups))].toSorted();
    return { access_groups: groups.map((group) => infoOf(group, members)) };
  },
});

export const groupInfo = adminRoute({
  method: 'GET',
  paths: ['/access_group/{access_group:path}/info'],
  action: 'access_group.see',
  summary: 'Shows a group of models, with the models that the caller may ask for.',
  about: () => [],
  handle: async ({ params, store, services, principal }) => {
    const members = membersOf(services, await store.find(kinds.model)).filter(visibleTo(principal, services.live()));
    const info = infoOf(params['access_group']!, members);
    if (info.deployment_count === 0) throw noGroup(params['access_group']!);
    return info;
  },
});

const noGroup = (group: string): SluiceError => new SluiceError('not_found', `There is no group of models '${group.slice(0, 200)}'.`);

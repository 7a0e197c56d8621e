import { kinds } from '../../../access/records/kinds.ts';
import type { AccessGroupRecord } from '../../../access/records/records.ts';
import type { Stored } from '../../../access/store/stored.ts';
import { notFound } from '../../../access/store/writing.ts';
import { adminRoute, type AdminContext } from '../admin-route.ts';
import { denied } from '../context.ts';
import { accessGroupShown, type SeenOfGroup } from './shown.ts';

export const listAccessGroups = adminRoute({
  method: 'GET',
  paths: ['/v1/access_group', '/v1/unified_access_group'],
  action: 'access_group.see',
  about: () => [],
  summary: 'Lists bundles of models: for administrators all, at most 10,000; for others those of their key and teams.',
  handle: async (context) => {
    if (seesAll(context)) return (await context.store.find(kinds.accessGroup)).map((group) => accessGroupShown(group));
    const own = await ownGroups(context);
    return own.map((group) => accessGroupShown(group, seenBy(context)));
  },
});

export const accessGroupInfo = adminRoute({
  method: 'GET',
  paths: ['/v1/access_group/{access_group_id}', '/v1/unified_access_group/{access_group_id}'],
  action: 'access_group.see',
  about: () => [],
  summary: 'Shows a bundle of models.',
  handle: async (context) => {
    const id = context.params['access_group_id']!;
    if (!seesAll(context)) {
      const own = (await ownGroups(context)).find((group) => group.id === id);
      // Nobody learns which groups there are.
      if (!own) throw denied('access_group.see');
      return accessGroupShown(own, seenBy(context));
    }
    const group = await context.store.get(kinds.accessGroup, id);
    if (!group) throw notFound(kinds.accessGroup, id);
    return accessGroupShown(group);
  },
});

const seesAll = ({ principal: { role } }: Pick<AdminContext, 'principal'>): boolean =>
  role === 'proxy_admin' || role === 'proxy_admin_viewer';

/** Of the caller's key, its team and the teams that the caller is in. */
const ownGroups = async ({ principal, store, services }: Pick<AdminContext, 'principal' | 'store' | 'services'>) => {
  const { key, team, teams } = principal;
  const ids = new Set([...(key?.data.access_group_ids ?? []), ...(team?.data.access_group_ids ?? [])]);
  for (const id of teams.keys()) for (const group of (await services.directory.team(id))?.data.access_group_ids ?? []) ids.add(group);
  const groups: Stored<AccessGroupRecord>[] = [];
  const all = [...ids];
  for (let at = 0; at < all.length; at += 1000) groups.push(...(await store.getAll(kinds.accessGroup, all.slice(at, at + 1000))));
  return groups;
};

const seenBy = ({ principal: { key, team, teams } }: Pick<AdminContext, 'principal'>): SeenOfGroup => ({
  keys: (id) => id === key?.id,
  teams: (id) => id === team?.id || teams.has(id),
});

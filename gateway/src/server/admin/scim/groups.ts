import { SluiceError } from 'sluice/kit';
import { deleteKeys } from '../../../access/keys/delete-keys.ts';
import { keyHashOf } from '../../../access/principal.ts';
import { kinds, memberId } from '../../../access/records/kinds.ts';
import type { TeamMemberRecord, TeamRecord } from '../../../access/records/records.ts';
import type { PatchRules } from '../../../access/sign-on/scim/patch.ts';
import { patched } from '../../../access/sign-on/scim/patch.ts';
import type { Reading } from '../../../access/store/reading.ts';
import type { Stored } from '../../../access/store/stored.ts';
import { notFound, type Writing } from '../../../access/store/writing.ts';
import { teamDefaults } from '../../../access/users/team-defaults.ts';
import type { AdminContext } from '../admin-route.ts';
import { iso } from '../answer-parts.ts';
import { removeTeam } from '../teams/delete-team.ts';
import { refuseFileTeam, teamLock } from '../teams/find-team.ts';
import { resourceAnswer, type Resource } from './answers.ts';
import { listAnswer } from './list.ts';
import { asResource, groupSchema, listQuery, oneQuery, patchBody, scimGroup, selected, type ScimGroup } from './schemas.ts';
import { demandVersion, isKnown, locationOf, scimRoute } from './scim-route.ts';
import { operationsOf } from './users.ts';

type Context = Pick<AdminContext, 'store' | 'headers' | 'url' | 'services' | 'actor' | 'params' | 'principal'>;

const rules: PatchRules = {
  attributes: ['id', 'schemas', 'meta', 'externalId', 'displayName', 'members'],
  several: new Set(['members']),
  readOnly: new Set(['id', 'schemas', 'meta']),
};

const member = 'scim';
const externalIdOf = ({ metadata }: TeamRecord): string | undefined =>
  (metadata?.[member] as { external_id?: string } | undefined)?.external_id;

/** Teams as SCIM has them. */
const shown = async (context: Context, reading: Reading, teams: readonly Stored<TeamRecord>[]): Promise<readonly Resource[]> => {
  const resources: Resource[] = [];
  for (const { id, version, data, createdAt, updatedAt } of teams) {
    const members = await reading.find(kinds.teamMember, { is: { team_id: id } });
    const externalId = externalIdOf(data);
    // Members are not in the team's own record, so that their number and latest change tell versions apart as well.
    const latest = Math.max(updatedAt, ...members.map((each) => each.updatedAt));
    resources.push({
      schemas: [groupSchema],
      id,
      displayName: data.team_alias ?? id,
      ...(externalId !== undefined && { externalId }),
      members: members.map((each) => ({ value: each.data.user_id, $ref: locationOf(context, 'Users', each.data.user_id), type: 'User' })),
      meta: {
        resourceType: 'Group',
        created: iso(createdAt),
        lastModified: iso(latest),
        version: `W/"${version}.${members.length}.${latest}"`,
        location: locationOf(context, 'Groups', id),
      },
    } as unknown as Resource);
  }
  return resources;
};

const theGroup = async (context: Context, reading: Reading): Promise<{ team: Stored<TeamRecord>; resource: Resource }> => {
  const id = context.params['group_id']!;
  const team = await reading.get(kinds.team, id);
  if (!team) throw notFound(kinds.team, id);
  return { team, resource: (await shown(context, reading, [team]))[0]! };
};

export const listGroups = scimRoute({
  method: 'GET',
  path: '/Groups',
  query: listQuery,
  summary: 'Lists teams for SCIM.',
  handle: (context) =>
    listAnswer(
      {
        store: context.store,
        kind: kinds.team,
        shown: (rows) => shown(context as Context, context.store, rows),
        candidates: (attribute, value) => {
          if (typeof value !== 'string') return undefined;
          if (attribute === 'id') return { is: { id: value } };
          return attribute === 'displayname' ? { anyOf: [{ is: { alias: value } }, { is: { id: value } }] } : undefined;
        },
      },
      context.query,
    ),
});

export const showGroup = scimRoute({
  method: 'GET',
  path: '/Groups/{group_id:path}',
  query: oneQuery,
  summary: 'Shows a team to SCIM.',
  handle: async (context) => {
    const { resource } = await theGroup(context as Context, context.store);
    if (isKnown(context.headers, resource.meta.version))
      return new Response(null, { status: 304, headers: { etag: resource.meta.version } });
    return resourceAnswer(resource, selected(resource, context.query));
  },
});

const recordOf = ({ displayName, externalId }: ScimGroup, before: TeamRecord): TeamRecord => {
  const { [member]: _, ...metadata } = before.metadata ?? {};
  return {
    ...before,
    team_alias: displayName,
    ...((before.metadata || externalId != null) && {
      metadata: { ...metadata, ...(externalId != null && { [member]: { external_id: externalId } }) },
    }),
  };
};

/** Makes the members of a team those that are given. Who stays keeps their place as it is; who goes loses their keys in it. */
const saveMembers = async (writing: Writing, teamId: string, given: ScimGroup['members'], keyHash: string | undefined): Promise<void> => {
  const wanted = new Set((given ?? []).map(({ value }) => value));
  const before = await writing.find(kinds.teamMember, { is: { team_id: teamId } });
  for (const { id, data } of before) {
    if (wanted.delete(data.user_id)) continue;
    const keys = await writing.find(kinds.key, { is: { team_id: teamId, user_id: data.user_id } });
    await deleteKeys(
      writing,
      keys.map((key) => key.id),
      keyHash,
    );
    await writing.remove(kinds.teamMember, id);
  }
  const users = new Set((await writing.getAll(kinds.user, [...wanted])).map(({ id }) => id));
  for (const userId of wanted) {
    if (!users.has(userId))
      throw new SluiceError('invalid_request', `There is no user ${JSON.stringify(userId)}.`, { type: 'invalidValue' });
    await writing.insert<TeamMemberRecord>(kinds.teamMember, memberId(teamId, userId), { team_id: teamId, user_id: userId, role: 'user' });
  }
};

export const createGroup = scimRoute({
  method: 'POST',
  path: '/Groups',
  body: scimGroup,
  summary: 'Makes a team for SCIM.',
  handle: async (context) => {
    const { body, store, services, actor, principal } = context;
    const resource = await store.write(actor, async (writing) => {
      await writing.tx.lock('scim groups');
      if (await writing.first(kinds.team, { is: { alias: body.displayName } }))
        throw new SluiceError('conflict', `There is already a team with the displayName ${JSON.stringify(body.displayName)}.`, {
          retry: false,
        });
      const defaults = await teamDefaults(writing, services.live().snapshot.keys);
      const team = await writing.insert<TeamRecord>(kinds.team, crypto.randomUUID(), recordOf(body, { models: [], ...defaults }));
      await saveMembers(writing, team.id, body.members, keyHashOf(principal));
      return (await shown(context as Context, writing, [team]))[0]!;
    });
    return resourceAnswer(resource, resource, 201);
  },
});

const change = async (context: Context, to: (resource: Resource) => ScimGroup): Promise<Response> => {
  const id = context.params['group_id']!;
  refuseFileTeam(context.services.snapshot(), id);
  const resource = await context.store.write(context.actor, async (writing) => {
    await writing.tx.lock(teamLock(id));
    const before = await theGroup(context, writing);
    demandVersion(context.headers, before.resource.meta.version);
    const given = to(before.resource);
    const next = recordOf(given, before.team.data);
    const team = await writing.update(kinds.team, id, (was) => (JSON.stringify(was) === JSON.stringify(next) ? was : next));
    await saveMembers(writing, id, given.members, keyHashOf(context.principal));
    return (await shown(context, writing, [team]))[0]!;
  });
  return resourceAnswer(resource, resource);
};

export const replaceGroup = scimRoute({
  method: 'PUT',
  path: '/Groups/{group_id:path}',
  body: scimGroup,
  summary: 'Says what a team is like and who is in it, for SCIM.',
  handle: (context) => change(context as Context, () => context.body),
});

export const patchGroup = scimRoute({
  method: 'PATCH',
  path: '/Groups/{group_id:path}',
  body: patchBody,
  summary: 'Changes a team and its members for SCIM.',
  handle: (context) =>
    change(context as Context, (resource) => asResource(scimGroup, patched(resource, operationsOf(context.body.Operations), rules))),
});

export const removeGroup = scimRoute({
  method: 'DELETE',
  path: '/Groups/{group_id:path}',
  summary: 'Deletes a team with its keys and memberships, for SCIM.',
  handle: async (context) => {
    const id = context.params['group_id']!;
    refuseFileTeam(context.services.snapshot(), id);
    const { resource } = await theGroup(context as Context, context.store);
    demandVersion(context.headers, resource.meta.version);
    await context.store.write(context.actor, (writing) => removeTeam(writing, id, context.actor));
    return new Response(null, { status: 204 });
  },
});

import { kinds } from '../../../access/records/kinds.ts';
import { deleteKeys } from '../../../access/keys/delete-keys.ts';
import { keyHashOf } from '../../../access/principal.ts';
import { notFound, type Writing } from '../../../access/store/writing.ts';
import { adminRoute } from '../admin-route.ts';
import { deleteUsersBody } from './schemas.ts';
import { userSubject } from './shown.ts';

export const deleteUsers = adminRoute({
  method: 'POST',
  paths: ['/user/delete'],
  action: 'user.delete',
  body: deleteUsersBody,
  summary: 'Deletes users with their keys, memberships, sessions and invitations: all that are named, or none.',
  handle: async ({ body, store, services, actor, principal }) => {
    const ids = [...new Set(body.user_ids)];
    const subjects = await store.write(actor, async (writing) => {
      const all: string[] = [];
      for (const id of ids) all.push(...(await deleteUser(writing, id, keyHashOf(principal))));
      return all;
    });
    // Who comes again under the same id begins anew.
    for (const subject of subjects) await services.spend.clear(subject);
    return ids.length;
  },
});

/**
 * Deletes a user with all that is theirs.
 * @param keyHash of who asks for it
 * @returns what their spend was counted under
 * @throws SluiceError `not_found`
 */
export const deleteUser = async (writing: Writing, id: string, keyHash?: string): Promise<readonly string[]> => {
  if (!(await writing.remove(kinds.user, id))) throw notFound(kinds.user, id);
  const where = { is: { user_id: id } };
  for (;;) {
    const keys = await writing.find(kinds.key, where);
    if (keys.length === 0) break;
    await deleteKeys(
      writing,
      keys.map((key) => key.id),
      keyHash,
    );
  }
  const members = await writing.removeAll(kinds.teamMember, where);
  const ofOrganizations = await writing.removeAll(kinds.organizationMember, where);
  await writing.removeAll(kinds.session, where);
  await writing.removeAll(kinds.invitation, where);
  return [
    userSubject(id),
    ...members.map((member) => `team_member:${member.id}`),
    ...ofOrganizations.map((member) => `organization_member:${member.id}`),
  ];
};

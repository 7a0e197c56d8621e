import { SluiceError } from 'sluice/kit';
import { kinds, memberId } from '../../../access/records/kinds.ts';
import type { OrganizationMemberRecord, UserRecord } from '../../../access/records/records.ts';
import type { Reading } from '../../../access/store/reading.ts';
import type { Stored } from '../../../access/store/stored.ts';
import { adminRoute } from '../admin-route.ts';
import { changed, filled } from '../patch.ts';
import { findPerson, personNamed, type NamedPerson } from '../people.ts';
import { personShown } from '../person-shown.ts';
import { theOrganization } from './find-organization.ts';
import { addedMembers, removedMember, updatedMember } from './schemas.ts';
import { membershipsShown } from './shown.ts';

/** More would not be read at once. */
const maxMembers = 10_000;

export const addMembers = adminRoute({
  method: 'POST',
  paths: ['/organization/member_add'],
  action: 'organization.members',
  body: addedMembers,
  summary: 'Puts people into an organisation; those that there are not yet are made.',
  about: ({ body }) => [{ organizationId: body.organization_id }],
  handle: async (context) => {
    const { organization_id: id, member: people, max_budget_in_organization: max_budget } = context.body;
    const { defaults } = context.services.snapshot().users;
    const added = await context.store.write(context.actor, async (writing) => {
      await writing.tx.lock(`organization-members:${id}`);
      await theOrganization(writing, id);
      if ((await writing.count(kinds.organizationMember, { is: { organization_id: id } })) + people.length > maxMembers)
        throw new SluiceError('invalid_request', `An organisation has at most ${maxMembers.toLocaleString('en')} members.`, {
          param: 'member',
        });
      const all: { user: Stored<UserRecord>; member: Stored<OrganizationMemberRecord> }[] = [];
      for (const { role, ...named } of people) {
        const user = await personNamed(writing, named, defaults);
        const place = memberId(id, user.id);
        if (await writing.get(kinds.organizationMember, place)) continue;
        const record = { organization_id: id, user_id: user.id, role, ...filled({ max_budget }) };
        all.push({ user, member: await writing.insert<OrganizationMemberRecord>(kinds.organizationMember, place, record) });
      }
      if (all.length === 0)
        throw new SluiceError(
          'invalid_request',
          `They are in the organisation '${id}' already. Change their place with PATCH /organization/member_update.`,
          {
            param: 'member',
          },
        );
      return all;
    });
    return {
      organization_id: id,
      updated_users: await Promise.all(added.map(({ user }) => personShown(context, user))),
      updated_organization_memberships: await membershipsShown(
        context,
        added.map(({ member }) => member),
      ),
    };
  },
});

const theMember = async (reading: Reading, id: string, named: NamedPerson): Promise<Stored<OrganizationMemberRecord>> => {
  const userId = (await findPerson(reading, named))?.id ?? named.user_id;
  const member = userId == null ? undefined : await reading.get(kinds.organizationMember, memberId(id, userId));
  if (!member)
    throw new SluiceError('invalid_request', `They are not in the organisation '${id}'.`, {
      param: named.user_id == null ? 'user_email' : 'user_id',
    });
  return member;
};

export const updateMember = adminRoute({
  method: 'PATCH',
  paths: ['/organization/member_update'],
  action: 'organization.members',
  body: updatedMember,
  summary: "Changes a member's role and budget in an organisation.",
  about: ({ body }) => [{ organizationId: body.organization_id }],
  handle: async (context) => {
    const { organization_id: id, role, max_budget_in_organization: max_budget, ...named } = context.body;
    const member = await context.store.write(context.actor, async (writing) => {
      const found = await theMember(writing, id, named);
      return writing.update(kinds.organizationMember, found.id, (data) => changed(data, { max_budget, role: role ?? undefined }));
    });
    return (await membershipsShown(context, [member]))[0];
  },
});

export const deleteMember = adminRoute({
  method: 'DELETE',
  paths: ['/organization/member_delete'],
  action: 'organization.members',
  body: removedMember,
  summary: 'Takes somebody out of an organisation; in its teams they stay.',
  about: ({ body }) => [{ organizationId: body.organization_id }],
  handle: async (context) => {
    const { organization_id: id, ...named } = context.body;
    const member = await context.store.write(context.actor, async (writing) => {
      const found = await theMember(writing, id, named);
      await writing.remove(kinds.organizationMember, found.id);
      return found;
    });
    return (await membershipsShown(context, [member]))[0];
  },
});

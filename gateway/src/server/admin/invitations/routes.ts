import { SluiceError } from 'sluice/kit';
import { demandInvitation } from '../../../access/grants/user.ts';
import { kinds } from '../../../access/records/kinds.ts';
import type { InvitationRecord } from '../../../access/records/records.ts';
import type { Stored } from '../../../access/store/stored.ts';
import { notFound } from '../../../access/store/writing.ts';
import { invitationLifeMs, makeInvitationToken } from '../../../access/users/invitation-token.ts';
import { adminRoute, type AdminContext } from '../admin-route.ts';
import { demandUser, placesOf } from '../users/places.ts';
import { namedInvitation, newInvitation, updatedInvitation } from './schemas.ts';
import { invitationShown } from './shown.ts';

export const createInvitation = adminRoute({
  method: 'POST',
  paths: ['/invitation/new'],
  action: 'user.invite',
  body: newInvitation,
  about: () => [],
  summary: 'Makes a link by which a user sets a password, once and within seven days. Links of before stop working.',
  handle: async (context) => {
    const { body, principal, store, services, actor } = context;
    await demandUser(context, 'user.invite', body.user_id);
    const { id, token, tokenHash } = makeInvitationToken();
    const invitation = await store.write(actor, async (writing) => {
      const user = await writing.get(kinds.user, body.user_id);
      if (!user) throw notFound(kinds.user, body.user_id);
      demandInvitation(principal, user, await placesOf(writing, services.snapshot(), user.id));
      for (const older of await writing.find(kinds.invitation, { is: { user_id: user.id } }))
        if (older.data.accepted_at == null) await writing.remove(kinds.invitation, older.id);
      return writing.insert(kinds.invitation, id, {
        user_id: user.id,
        token_hash: tokenHash,
        expires_at: writing.now + invitationLifeMs,
        accepted_at: null,
      });
    });
    return { ...invitationShown(invitation), token };
  },
});

export const invitationInfo = adminRoute({
  method: 'GET',
  paths: ['/invitation/info'],
  action: 'user.invite',
  query: namedInvitation,
  about: () => [],
  summary: 'Shows an invitation, without its token.',
  handle: async (context) => invitationShown(await theInvitation(context, context.query.invitation_id)),
});

export const updateInvitation = adminRoute({
  method: 'POST',
  paths: ['/invitation/update'],
  action: 'user.invite',
  body: updatedInvitation,
  about: () => [],
  summary: 'Marks an invitation as accepted: its link stops working.',
  handle: async (context) => {
    const { invitation_id: id, is_accepted: accepted } = context.body;
    const before = await theInvitation(context, id);
    if (!accepted && before.data.accepted_at != null)
      throw new SluiceError(
        'invalid_request',
        'An invitation that was accepted is not opened again. Make another one with POST /invitation/new.',
        {
          param: 'is_accepted',
        },
      );
    if (!accepted) return invitationShown(before);
    const after = await context.store.write(context.actor, (writing) =>
      writing.update(kinds.invitation, id, (data) => (data.accepted_at == null ? { ...data, accepted_at: writing.now } : data)),
    );
    return invitationShown(after);
  },
});

export const deleteInvitation = adminRoute({
  method: 'POST',
  paths: ['/invitation/delete'],
  action: 'user.invite',
  body: namedInvitation,
  about: () => [],
  summary: 'Deletes an invitation: its link stops working.',
  handle: async (context) => {
    const { invitation_id: id } = context.body;
    const invitation = await theInvitation(context, id);
    await context.store.write(context.actor, (writing) => writing.remove(kinds.invitation, id));
    return invitationShown(invitation);
  },
});

/** @throws SluiceError `permission_denied` for who may not invite its user, or where it is not there and not everything may be seen */
const theInvitation = async (
  context: Pick<AdminContext, 'store' | 'demand' | 'may' | 'services'>,
  id: string,
): Promise<Stored<InvitationRecord>> => {
  const invitation = await context.store.get(kinds.invitation, id);
  if (!invitation) {
    context.demand('user.invite', {});
    throw notFound(kinds.invitation, id);
  }
  await demandUser(context, 'user.invite', invitation.data.user_id);
  return invitation;
};

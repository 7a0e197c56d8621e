import { SluiceError } from 'sluice/kit';
import { z } from 'zod';
import { checkPassword } from '../../../access/passwords.ts';
import { kinds } from '../../../access/records/kinds.ts';
import { endSessionsOf } from '../../../access/sign-on/session/sessions.ts';
import { acceptInvitation, openInvitation } from '../../../access/users/invitation-token.ts';
import { adminRoute } from '../admin-route.ts';
import { anId } from '../fields.ts';
import { home } from './answers.ts';
import { demandOwnPage } from './browser.ts';
import { signedIn } from './login.ts';

const aPassword = z.string().min(1).max(1024);
const aLink = z.string().min(1).max(256);

export const changePassword = adminRoute({
  method: 'POST',
  paths: ['/password/change'],
  action: 'session.end',
  body: z.strictObject({ current_password: aPassword, new_password: aPassword }),
  about: () => [],
  summary: 'Changes one’s own password, and ends one’s other sessions.',
  handle: async ({ body, principal, services, store, actor }) => {
    const { userId } = principal;
    if (principal.kind !== 'session' || userId === undefined)
      throw new SluiceError('permission_denied', 'Only who has signed in changes a password. Administrators do it with POST /user/update.');
    const { users } = services.live().snapshot;
    services.signOn.codes.demand(`password ${userId}`);
    const user = await store.get(kinds.user, userId);
    if (!(await services.passwords.verify(body.current_password, user?.data.password)))
      throw new SluiceError('permission_denied', 'That is not your password.', { param: 'current_password' });
    services.signOn.codes.forgive(`password ${userId}`);
    checkPassword(body.new_password, users.passwordPolicy);
    const password = await services.passwords.hash(body.new_password);
    const ended = await store.write(actor, async (writing) => {
      await writing.update(kinds.user, userId, (was) => ({ ...was, password }));
      return endSessionsOf(writing, userId, principal.sessionId);
    });
    return { user_id: userId, sessions_ended: ended };
  },
});

const noInvitation = (): SluiceError =>
  new SluiceError('authentication', 'This invitation is not good, or not any more. Ask for another one.', { type: 'auth_error' });

export const showInvitation = adminRoute({
  method: 'GET',
  paths: ['/onboarding/get_token'],
  action: 'session.end',
  open: true,
  query: z.strictObject({ invite_link: aLink }),
  summary: 'Whom an invitation is for.',
  handle: async ({ query, store, services, actor, now }) => {
    services.signOn.codes.demand(`invitation ${actor.address ?? ''}`);
    const invitation = await openInvitation(store, query.invite_link, now);
    const user = invitation && (await store.get(kinds.user, invitation.data.user_id));
    if (!invitation || !user || user.data.blocked) throw noInvitation();
    services.signOn.codes.forgive(`invitation ${actor.address ?? ''}`);
    return {
      user_id: user.id,
      user_email: user.data.user_email ?? null,
      login_url: home,
      expires_at: new Date(invitation.data.expires_at).toISOString(),
    };
  },
});

export const claimInvitation = adminRoute({
  method: 'POST',
  paths: ['/onboarding/claim_token'],
  action: 'session.end',
  open: true,
  body: z.strictObject({ invitation_link: aLink, user_id: anId.nullish(), password: aPassword }),
  summary: 'Sets the password of who was invited, once, and signs them in.',
  handle: async (context) => {
    const { body, store, services, actor, now } = context;
    demandOwnPage(context);
    services.signOn.codes.demand(`invitation ${actor.address ?? ''}`);
    // Before a password is hashed, which costs.
    const invitation = await openInvitation(store, body.invitation_link, now);
    if (!invitation || (body.user_id != null && body.user_id !== invitation.data.user_id)) throw noInvitation();
    checkPassword(body.password, services.live().snapshot.users.passwordPolicy);
    const password = await services.passwords.hash(body.password);
    const userId = await store.write({ ...actor, by: invitation.data.user_id }, async (writing) => {
      const accepted = await acceptInvitation(writing, body.invitation_link);
      const user = accepted && (await writing.get(kinds.user, accepted.data.user_id));
      if (!user || user.data.blocked) throw noInvitation();
      await writing.update(kinds.user, user.id, (was) => ({ ...was, password }));
      await endSessionsOf(writing, user.id);
      return user.id;
    });
    services.signOn.codes.forgive(`invitation ${actor.address ?? ''}`);
    return signedIn(context, userId, 'invitation', home);
  },
});

import { afterAll, beforeAll, expect, test } from 'bun:test';
import { kinds } from '../../../access/records/kinds.ts';
import { acceptInvitation, invitationLifeMs, openInvitation } from '../../../access/users/invitation-token.ts';
import { sql } from '../../../storage/sql/index.ts';
import { describeAdmin, type TestAdmin } from '../../../../../test/kit/admin.ts';

describeAdmin('invitations', (start) => {
  let admin: TestAdmin;
  beforeAll(async () => {
    admin = await start();
    await admin.ok('POST /user/new', { user_id: 'guest', auto_create_key: false });
  });
  afterAll(() => admin.stop());

  const invite = () => admin.ok<{ id: string; token: string; expires_at: string }>('POST /invitation/new', { user_id: 'guest' });
  const accept = (token: string) => admin.store.write({ by: 'test' }, (writing) => acceptInvitation(writing, token));

  test('the token is shown once and stored nowhere', async () => {
    const made = await invite();
    expect(Date.parse(made.expires_at) - Date.now()).toBeCloseTo(invitationLifeMs, -5);
    const info = await admin.ok(`GET /invitation/info?invitation_id=${made.id}`);
    expect(info).toMatchObject({ id: made.id, user_id: 'guest', is_accepted: false, accepted_at: null });
    const secret = made.token.split('.')[1]!;
    const everything = JSON.stringify([
      info,
      await admin.store.get(kinds.invitation, made.id),
      await admin.store.database.all(sql`select * from audit_log`),
      admin.lines,
    ]);
    expect(everything).not.toContain(secret);
    const { token_hash } = (await admin.store.get(kinds.invitation, made.id))!.data;
    expect(JSON.stringify(await admin.store.database.all(sql`select * from audit_log`))).not.toContain(token_hash);
  });

  test('it opens once, and not after its time', async () => {
    const { id, token } = await invite();
    expect((await openInvitation(admin.store, token, Date.now()))?.id).toBe(id);
    expect(await openInvitation(admin.store, token, Date.now() + invitationLifeMs + 1000)).toBeUndefined();
    for (const wrong of [
      '',
      id,
      `${id}.`,
      `${id}.${'a'.repeat(43)}`,
      `${token}x`,
      token.slice(0, -1),
      `nobody.${token.split('.')[1]!}`,
      'x'.repeat(10_000),
    ])
      expect(await openInvitation(admin.store, wrong, Date.now())).toBeUndefined();
    const raced = await Promise.all(Array.from({ length: 4 }, () => accept(token)));
    expect(raced.filter((each) => each !== undefined)).toHaveLength(1);
    expect(await openInvitation(admin.store, token, Date.now())).toBeUndefined();
    expect(await admin.ok(`GET /invitation/info?invitation_id=${id}`)).toMatchObject({ is_accepted: true });
    expect((await admin.call('POST /invitation/update', { invitation_id: id, is_accepted: false })).status).toBe(400);
  });

  test('a new one replaces the one before; one that is marked or deleted opens nothing', async () => {
    const first = await invite();
    const second = await invite();
    expect(await accept(first.token)).toBeUndefined();
    await admin.ok('POST /invitation/update', { invitation_id: second.id, is_accepted: true });
    expect(await accept(second.token)).toBeUndefined();
    const third = await invite();
    await admin.ok('POST /invitation/delete', { invitation_id: third.id });
    expect(await accept(third.token)).toBeUndefined();
    expect((await admin.call('POST /invitation/delete', { invitation_id: third.id })).status).toBe(404);
  });

  test('users and invitations that are not there', async () => {
    expect((await admin.call('POST /invitation/new', { user_id: 'nobody' })).status).toBe(404);
    expect((await admin.call('GET /invitation/info?invitation_id=nobody')).status).toBe(404);
    expect((await admin.call('POST /invitation/new', {})).json.error.param).toBe('user_id');
  });
});

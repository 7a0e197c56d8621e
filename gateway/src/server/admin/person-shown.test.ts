import { expect, test } from 'bun:test';
import { describeAdmin } from '../../../../test/kit/admin.ts';

describeAdmin('somebody who is put into a team', (start) => {
  test('FP-34: whoever put them there learns nothing of their other teams', async () => {
    const admin = await start();
    const made = (body: object) => admin.ok<{ key: string; user_id: string }>('POST /user/new', body);
    const [lead, person] = [await made({ user_id: 'lead' }), await made({ user_id: 'person', auto_create_key: false })];
    await admin.ok('POST /team/new', { team_id: 'elsewhere', members_with_roles: [{ user_id: person.user_id, role: 'user' }] });
    await admin.ok('POST /team/new', { team_id: 'here', members_with_roles: [{ user_id: 'lead', role: 'admin' }] });
    const body = { team_id: 'here', member: { user_id: 'person', role: 'user' } };
    const added = await admin.ok<{ updated_users: { teams: string[] }[] }>('POST /team/member_add', body, { key: lead.key });
    expect(added.updated_users[0]!.teams).not.toContain('elsewhere');
    await admin.stop();
  });
});

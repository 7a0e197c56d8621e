import { expect, test } from 'bun:test';
import { describeAdmin } from '../../../../../test/kit/admin.ts';
import { userWithKey } from '../../../../../test/kit/people.ts';

describeAdmin('FP-34: nobody takes over an account by an invitation', (start) => {
  test('of a user who was put into the organisation since', async () => {
    const admin = await start();
    try {
      const key = await userWithKey(admin, 'chief');
      await admin.ok('POST /organization/new', { organization_id: 'o', organization_alias: 'o' });
      await admin.ok('POST /organization/member_add', { organization_id: 'o', member: { user_id: 'chief', role: 'org_admin' } });
      const add = (user_id: string) => ({ organization_id: 'o', member: { user_id, role: 'internal_user' } });
      const invite = (user_id: string) => admin.call('POST /invitation/new', { user_id }, { key });

      await admin.ok('POST /user/new', { user_id: 'rich', max_budget: 1000 });
      await admin.ok('POST /organization/member_add', add('rich'), { key });
      expect((await invite('rich')).status).toBe(403);

      // Of those whom they made themselves, and those who were made for the organisation.
      await admin.ok('POST /organization/member_add', add('hired'), { key });
      expect((await invite('hired')).status).toBe(200);
      await admin.ok('POST /user/new', { user_id: 'given', organizations: ['o'], auto_create_key: false });
      expect((await invite('given')).status).toBe(200);
    } finally {
      await admin.stop();
    }
  });
});

import { kinds } from '../../gateway/src/access/records/kinds.ts';
import type { UserRole } from '../../gateway/src/access/records/records.ts';
import type { TestAdmin } from './admin.ts';

/** For tests: a user with a key of their own. */
export const userWithKey = async (admin: TestAdmin, id: string, role: UserRole = 'internal_user'): Promise<string> => {
  const user = { user_role: role, models: [], user_email: `${id}@people.test` };
  await admin.store.write({ by: 'test' }, (writing) => writing.put(kinds.user, id, () => user));
  return (await admin.ok<{ key: string }>('POST /key/generate', { user_id: id })).key;
};

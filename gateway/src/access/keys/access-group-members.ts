import { SluiceError } from 'sluice/kit';
import { kinds } from '../records/kinds.ts';
import type { KeyRecord } from '../records/records.ts';
import type { Writing } from '../store/writing.ts';

type Groups = Pick<KeyRecord, 'access_group_ids'> | undefined;

/**
 * Keeps the groups' own lists of keys in step with what a key says.
 * @param replaced the hash under which the groups know it, where that is another one
 * @throws SluiceError `invalid_request` for a group that is not there
 */
export const assignGroups = async (writing: Writing, hash: string, before: Groups, after: Groups, replaced = hash): Promise<void> => {
  const had = new Set(before?.access_group_ids);
  const has = new Set(after?.access_group_ids);
  for (const id of new Set([...had, ...has])) {
    if (replaced === hash && had.has(id) === has.has(id)) continue;
    if (!(await writing.get(kinds.accessGroup, id))) {
      // A group that went away has nothing to be kept in step.
      if (had.has(id)) continue;
      throw new SluiceError('invalid_request', `There is no access group ${JSON.stringify(id)}.`, { param: 'access_group_ids' });
    }
    await writing.update(kinds.accessGroup, id, (group) => {
      const listed = group.assigned_key_ids ?? [];
      const others = listed.filter((each) => each !== hash && each !== replaced);
      if (!has.has(id) && others.length === listed.length) return group;
      return { ...group, assigned_key_ids: has.has(id) ? [...others, hash] : others };
    });
  }
};

import { SluiceError } from 'sluice/kit';
import { noDefaultModels } from '../../../access/models/model-list.ts';
import { kinds, type Kind } from '../../../access/records/kinds.ts';
import type { Writing } from '../../../access/store/writing.ts';

/** What a group is given to. */
export type Holder = 'key' | 'team';

const memberOf = { key: 'assigned_key_ids', team: 'assigned_team_ids' } as const;

type Ids = readonly string[] | undefined;

/**
 * For who writes a group's lists of keys or teams: these get the group, or lose it, in the same transaction. The other way
 * round, keys and teams tell their groups when they are written themselves.
 * @throws SluiceError `invalid_request` for a key or team that does not exist
 */
export const assignHolders = async (writing: Writing, holder: Holder, group: string, before: Ids, after: Ids): Promise<void> => {
  const change = holder === 'key' ? changeOf(writing, kinds.key) : changeOf(writing, kinds.team);
  for (const id of added(before, after))
    if (!(await change(id, (ids) => [...ids, group])))
      throw new SluiceError('invalid_request', `There is no ${holder} ${JSON.stringify(id.slice(0, 64))}.`, { param: memberOf[holder] });
  for (const id of added(after, before)) await change(id, (ids) => ids.filter((each) => each !== group));
};

interface Grouped {
  readonly models: readonly string[];
  readonly access_group_ids?: readonly string[] | null;
}

const changeOf =
  <T extends Grouped>(writing: Writing, kind: Kind<T>) =>
  async (id: string, next: (ids: readonly string[]) => readonly string[]): Promise<boolean> => {
    if (!(await writing.get(kind, id))) return false;
    await writing.update(kind, id, (data) => {
      const ids = data.access_group_ids ?? [];
      const after = [...new Set(next(ids))];
      return after.length === ids.length ? data : { ...data, access_group_ids: after, models: modelsWithout(data.models, ids, after) };
    });
    return true;
  };

/** What had nothing but its groups must not have everything once they are gone: no models and no groups is no restriction. */
const modelsWithout = (models: readonly string[], before: readonly string[], after: readonly string[]): readonly string[] =>
  models.length === 0 && before.length > 0 && after.length === 0 ? [noDefaultModels] : models;

/** In one order, so that two requests do not wait for each other. */
const added = (before: Ids, after: Ids): readonly string[] => {
  const known = new Set(before);
  return [...new Set(after)].filter((id) => !known.has(id)).toSorted();
};

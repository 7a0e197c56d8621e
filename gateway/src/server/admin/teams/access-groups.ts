import { SluiceError } from 'sluice/kit';
import { kinds } from '../../../access/records/kinds.ts';
import type { Writing } from '../../../access/store/writing.ts';

/**
 * Keeps the bundles' own lists of teams in step with a team's list of bundles.
 * @throws SluiceError `invalid_request` for a bundle that there is not
 */
export const linkAccessGroups = async (
  writing: Writing,
  teamId: string,
  before: readonly string[] | null | undefined,
  after: readonly string[] | null | undefined,
): Promise<void> => {
  const [had, has] = [new Set(before), new Set(after)];
  // In one order, so that two requests do not wait for each other.
  for (const id of [...has].filter((each) => !had.has(each)).toSorted()) {
    if (!(await writing.get(kinds.accessGroup, id)))
      throw new SluiceError('invalid_request', `There is no access group '${id}'. Make it with POST /v1/access_group.`, {
        param: 'access_group_ids',
      });
    await writing.update(kinds.accessGroup, id, (group) =>
      group.assigned_team_ids?.includes(teamId) ? group : { ...group, assigned_team_ids: [...(group.assigned_team_ids ?? []), teamId] },
    );
  }
  for (const id of [...had].filter((each) => !has.has(each)).toSorted()) {
    if (!(await writing.get(kinds.accessGroup, id))) continue;
    await writing.update(kinds.accessGroup, id, (group) =>
      group.assigned_team_ids?.includes(teamId)
        ? { ...group, assigned_team_ids: group.assigned_team_ids.filter((each) => each !== teamId) }
        : group,
    );
  }
};

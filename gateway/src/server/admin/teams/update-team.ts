import { SluiceError } from 'sluice/kit';
import { kinds } from '../../../access/records/kinds.ts';
import type { TeamRecord } from '../../../access/records/records.ts';
import type { Owned } from '../../../access/relations.ts';
import type { AuditAction } from '../../../access/store/audit-chain.ts';
import type { Stored } from '../../../access/store/stored.ts';
import { notFound, type Writing } from '../../../access/store/writing.ts';
import { adminRoute, type AdminContext } from '../admin-route.ts';
import { mergedJson } from '../merged-json.ts';
import { changed, type Change } from '../patch.ts';
import { linkAccessGroups } from './access-groups.ts';
import { aboutTeam, refuseFileTeam, teamLock } from './find-team.ts';
import { withLifted } from './metadata.ts';
import { demandTeam, type RuleContext } from './rules.ts';
import { patchedTeam, updatedTeam, type TeamChange } from './schemas.ts';
import { showTeam } from './view.ts';

/** Changes a team inside a transaction. @param change gets the team as it is, and gives what is to be other */
export const changeTeam = async (
  context: RuleContext,
  writing: Writing,
  id: string,
  change: (team: TeamRecord) => Change<TeamRecord>,
  action?: AuditAction,
): Promise<Stored<TeamRecord>> => {
  refuseFileTeam(context.services.snapshot(), id);
  await writing.tx.lock(teamLock(id));
  const before = await writing.get(kinds.team, id);
  if (!before) throw notFound(kinds.team, id);
  const wanted = change(before.data);
  // Without a list of models there would be no telling none from all.
  const fields = wanted.models === null ? { ...wanted, models: [] } : wanted;
  const after = changed(before.data, fields);
  const named = new Set(Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [name])));
  await demandTeam(context, writing, { id, before: before.data, after, named });
  if (named.has('access_group_ids')) await linkAccessGroups(writing, id, before.data.access_group_ids, after.access_group_ids);
  return writing.update(kinds.team, id, (data) => changed(data, fields), action);
};

/** Who moves a team administers where it goes as well; out of all organisations it is moved by proxy admins alone. */
const aboutChange = async (context: AdminContext, id: string, { organization_id: to }: TeamChange): Promise<readonly Owned[]> => {
  const about = await aboutTeam(context, id);
  if (to === undefined || to === (about[0]?.organizationId ?? null)) return about;
  return [...about, to === null ? {} : { organizationId: to }];
};

export const updateTeam = adminRoute({
  method: 'POST',
  paths: ['/team/update'],
  action: 'team.update',
  body: updatedTeam,
  summary: 'Changes a team. What is not named is not touched; null is unlimited.',
  about: (context) => aboutChange(context, context.body.team_id, context.body),
  handle: async (context) => {
    const { team_id: id, ...change } = context.body;
    const team = await context.store.write(context.actor, (writing) =>
      changeTeam(context, writing, id, () => withLifted(change as Change<TeamRecord>)),
    );
    return { team_id: id, data: await showTeam(context, team) };
  },
});

export const patchTeam = adminRoute({
  method: 'PATCH',
  paths: ['/team/{team_id:path}'],
  action: 'team.update',
  body: patchedTeam,
  summary: 'Changes a team as POST /team/update does, and merges its metadata member by member.',
  about: (context) => aboutChange(context, context.params['team_id']!, context.body),
  handle: async (context) => {
    const { team_id: said, ...change } = context.body;
    const patch = withLifted(change as Change<TeamRecord>);
    const id = context.params['team_id']!;
    if (said != null && said !== id)
      throw new SluiceError('invalid_request', `team_id is '${said}' in the body and '${id}' in the path.`, { param: 'team_id' });
    const team = await context.store.write(context.actor, (writing) =>
      changeTeam(context, writing, id, (data) => ({
        ...patch,
        ...(patch.metadata && { metadata: mergedJson(data.metadata, patch.metadata) }),
      })),
    );
    return showTeam(context, team);
  },
});

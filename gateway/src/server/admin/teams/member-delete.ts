import { SluiceError } from 'sluice/kit';
import { kinds, memberId } from '../../../access/records/kinds.ts';
import type { TeamMemberRecord } from '../../../access/records/records.ts';
import type { Reading } from '../../../access/store/reading.ts';
import type { Stored } from '../../../access/store/stored.ts';
import { adminRoute } from '../admin-route.ts';
import { findPerson, type NamedPerson } from '../people.ts';
import { aboutTeam, teamLock, theTeam } from './find-team.ts';
import { removeKeys } from './remove-keys.ts';
import { removedMember } from './schemas.ts';
import { showTeam } from './view.ts';

/** The place that is named. @throws SluiceError `invalid_request`, as LiteLLM has it */
export const theMember = async (reading: Reading, teamId: string, named: NamedPerson): Promise<Stored<TeamMemberRecord>> => {
  // Of a user that is gone the place may still be there.
  const userId = (await findPerson(reading, named))?.id ?? named.user_id;
  const member = userId == null ? undefined : await reading.get(kinds.teamMember, memberId(teamId, userId));
  if (!member)
    throw new SluiceError('invalid_request', `They are not in the team '${teamId}'.`, {
      param: named.user_id == null ? 'user_email' : 'user_id',
    });
  return member;
};

export const deleteMember = adminRoute({
  method: 'POST',
  paths: ['/team/member_delete'],
  action: 'team.members',
  body: removedMember,
  summary: 'Takes somebody out of a team, and deletes the keys that they have in it.',
  about: (context) => aboutTeam(context, context.body.team_id),
  handle: async (context) => {
    const { team_id: id, ...named } = context.body;
    const team = await theTeam(context, id);
    await context.store.write(context.actor, async (writing) => {
      await writing.tx.lock(teamLock(id));
      const member = await theMember(writing, id, named);
      await removeKeys(
        writing,
        { is: { team_id: id, user_id: member.data.user_id } },
        `member '${member.data.user_id}'`,
        context.actor.keyHash,
      );
      await writing.remove(kinds.teamMember, member.id);
    });
    return showTeam(context, team);
  },
});

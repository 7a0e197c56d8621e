import { SluiceError } from 'sluice/kit';
import type { Owned } from '../../../access/relations.ts';
import { personShown } from '../person-shown.ts';
import { adminRoute, type AdminContext } from '../admin-route.ts';
import { addMember, demandRoom, type Added } from './add-members.ts';
import { aboutTeam, theTeam } from './find-team.ts';
import { addedMembers, type MemberFields } from './schemas.ts';
import { showMemberships, showTeam } from './view.ts';

interface Adding {
  readonly team_id: string;
  readonly member: readonly MemberFields[];
  readonly max_budget_in_team?: unknown;
  readonly budget_duration?: unknown;
  readonly allowed_models?: unknown;
}

/** Whether people put just themselves, as plain members, into a team that is open to them (`available_teams`). */
const joins = ({ services, principal, may }: AdminContext, adding: Adding): boolean => {
  const [one] = adding.member;
  return (
    adding.member.length === 1 &&
    one?.role === 'user' &&
    principal.userId !== undefined &&
    one.user_id === principal.userId &&
    adding.max_budget_in_team == null &&
    adding.budget_duration == null &&
    adding.allowed_models == null &&
    services.live().snapshot.users.defaults?.available_teams?.includes(adding.team_id) === true &&
    may('team.join', {})
  );
};

const aboutAdding = async (context: AdminContext, adding: Adding): Promise<readonly Owned[]> =>
  joins(context, adding) ? [] : aboutTeam(context, adding.team_id);

export const addMembers = adminRoute({
  method: 'POST',
  paths: ['/team/member_add'],
  action: 'team.members',
  body: addedMembers,
  summary: 'Puts people into a team; those that there are not yet are made.',
  about: (context) => aboutAdding(context, context.body),
  handle: async (context) => {
    const { team_id: id, member: people, max_budget_in_team: max_budget, budget_duration, allowed_models } = context.body;
    const team = await theTeam(context, id);
    const added = await context.store.write(context.actor, async (writing) => {
      await demandRoom(context, writing, id, people.length);
      const all: Added[] = [];
      for (const person of people) {
        const one = await addMember(context, writing, id, person, { max_budget, budget_duration, allowed_models });
        if (one) all.push(one);
      }
      if (all.length === 0) throw alreadyIn(id);
      return all;
    });
    return {
      ...(await showTeam(context, team)),
      updated_users: await Promise.all(added.map(({ user }) => personShown(context, user))),
      updated_team_memberships: await showMemberships(
        context,
        team,
        added.map(({ member }) => member),
      ),
    };
  },
});

const alreadyIn = (id: string): SluiceError =>
  new SluiceError('invalid_request', `They are in the team '${id}' already. Change their place with POST /team/member_update.`, {
    param: 'member',
  });

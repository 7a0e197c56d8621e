import { SluiceError } from 'sluice/kit';
import { kinds } from '../../../access/records/kinds.ts';
import { adminRoute, type AdminContext } from '../admin-route.ts';
import { personShown } from '../person-shown.ts';
import { addMember, demandRoom, type NewMember } from './add-members.ts';
import { aboutTeam, theTeam, type FoundTeam } from './find-team.ts';
import { bulkMembers } from './schemas.ts';
import { showMemberships, showTeam } from './view.ts';

/** Of the users of the whole gateway, one request adds no more. */
const maxUsers = 1000;

export const bulkAddMembers = adminRoute({
  method: 'POST',
  paths: ['/team/bulk_member_add'],
  action: 'team.members',
  body: bulkMembers,
  summary: 'Puts many people into a team, and tells for each of them how it went.',
  about: async (context) => {
    const about = await aboutTeam(context, context.body.team_id);
    // Who there is at all is told to those who may see everybody.
    return context.body.all_users ? [...about, {}] : about;
  },
  handle: async (context) => {
    const { team_id: id, members, all_users: all, max_budget_in_team: max_budget } = context.body;
    const team = await theTeam(context, id);
    const people = all ? await everybody(context) : (members ?? []);
    const results = [];
    for (const person of people) results.push(await addOne(context, team, person, max_budget ?? undefined));
    const successes = results.filter(({ success }) => success).length;
    return {
      team_id: id,
      results,
      total_requested: people.length,
      successful_additions: successes,
      failed_additions: people.length - successes,
      updated_team: await showTeam(context, team),
    };
  },
});

const everybody = async ({ store }: AdminContext): Promise<readonly NewMember[]> => {
  const { rows, total } = await store.page(kinds.user, { page: 1, size: maxUsers });
  if (total > maxUsers)
    throw new SluiceError('invalid_request', `There are ${total} users: name them in \`members\`, at most ${maxUsers} at a time.`, {
      param: 'all_users',
    });
  return rows.map(({ id }) => ({ user_id: id, role: 'user' }));
};

/** One by one: what fails for one says nothing of the others. */
const addOne = async (context: AdminContext, team: FoundTeam, person: NewMember, max_budget: number | undefined) => {
  const named = { user_id: person.user_id ?? null, user_email: person.user_email ?? null };
  try {
    const added = await context.store.write(context.actor, async (writing) => {
      await demandRoom(context, writing, team.id, 1);
      return addMember(context, writing, team.id, person, { max_budget });
    });
    if (!added) return failed(named, 'is in the team already');
    const [membership] = await showMemberships(context, team, [added.member]);
    return {
      user_id: added.user.id,
      user_email: added.user.data.user_email ?? null,
      success: true,
      error: null,
      updated_user: await personShown(context, added.user),
      updated_team_membership: membership ?? null,
    };
  } catch (cause) {
    if (SluiceError.is(cause) && cause.status < 500) return failed(named, cause.message);
    throw cause;
  }
};

const failed = (named: { readonly user_id: string | null; readonly user_email: string | null }, error: string) => ({
  ...named,
  success: false,
  error,
  updated_user: null,
  updated_team_membership: null,
});

import { SluiceError } from 'sluice/kit';
import { kinds } from '../../../access/records/kinds.ts';
import type { TeamRecord } from '../../../access/records/records.ts';
import { teamDefaults } from '../../../access/users/team-defaults.ts';
import { adminRoute } from '../admin-route.ts';
import { filled, type Change } from '../patch.ts';
import { linkAccessGroups } from './access-groups.ts';
import { addMember, type NewMember } from './add-members.ts';
import { refuseFileTeam } from './find-team.ts';
import { withLifted } from './metadata.ts';
import { demandTeam } from './rules.ts';
import { newTeam } from './schemas.ts';
import { showTeam } from './view.ts';

type Person = { readonly user_id?: string | null | undefined; readonly user_email?: string | null | undefined };

export const createTeam = adminRoute({
  method: 'POST',
  paths: ['/team/new'],
  action: 'team.create',
  body: newTeam,
  summary: 'Makes a team.',
  about: ({ body }) => [{ organizationId: body.organization_id }],
  handle: async (context) => {
    const { team_id: given, members_with_roles: members, admins, members: users, ...fields } = context.body;
    const id = given ?? crypto.randomUUID();
    refuseFileTeam(context.services.snapshot(), id);
    const people: NewMember[] = [...withRole(members, undefined), ...withRole(admins, 'admin'), ...withRole(users, 'user')];
    const { userId } = context.principal;
    // Whoever makes a team administers it, as in LiteLLM.
    if (userId !== undefined && !people.some((person) => person.user_id === userId)) people.unshift({ user_id: userId, role: 'admin' });
    const team = await context.store.write(context.actor, async (writing) => {
      if (await writing.get(kinds.team, id))
        throw new SluiceError('invalid_request', `There is already a team '${id}'. Change it with POST /team/update.`, {
          param: 'team_id',
        });
      const defaults = await teamDefaults(writing, context.services.snapshot().keys);
      const record = { models: [], ...defaults, ...filled(withLifted(fields as Change<TeamRecord>)) } as TeamRecord;
      await demandTeam(context, writing, { id, before: undefined, after: record, named: new Set(Object.keys(record)) });
      const stored = await writing.insert(kinds.team, id, record);
      await linkAccessGroups(writing, id, [], record.access_group_ids);
      for (const person of people) await addMember(context, writing, id, person);
      return stored;
    });
    // A new team of an old name begins with nothing spent.
    if (given != null) await context.services.spend.clear(`team:${id}`);
    return showTeam(context, team);
  },
});

const withRole = (
  people: readonly (Person & { readonly role?: 'admin' | 'user' })[] | null | undefined,
  role: 'admin' | 'user' | undefined,
): NewMember[] => (people ?? []).map((person) => ({ ...person, role: role ?? person.role ?? 'user' }));

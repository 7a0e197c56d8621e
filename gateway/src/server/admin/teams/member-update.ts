import { modelsBeyond } from '../../../access/grants/models-within.ts';
import { SluiceError } from 'sluice/kit';
import { kinds } from '../../../access/records/kinds.ts';
import { adminRoute } from '../admin-route.ts';
import { changed } from '../patch.ts';
import { emailsOf } from '../people.ts';
import { aboutTeam, theTeam } from './find-team.ts';
import { theMember } from './member-delete.ts';
import { updatedMember } from './schemas.ts';

export const updateMember = adminRoute({
  method: 'POST',
  paths: ['/team/member_update'],
  action: 'team.members',
  body: updatedMember,
  summary: "Changes a member's role and limits in a team. What is not named is not touched; null is as the team has it for members.",
  about: (context) => aboutTeam(context, context.body.team_id),
  handle: async (context) => {
    const { team_id: id, user_id, user_email, max_budget_in_team: max_budget, role, ...fields } = context.body;
    const team = await theTeam(context, id);
    const [beyond] = modelsBeyond(fields.allowed_models ?? [], team.data.models);
    if (beyond !== undefined)
      throw new SluiceError('invalid_request', `allowed_models has '${beyond}', which is not among the team's models.`, {
        param: 'allowed_models',
      });
    const member = await context.store.write(context.actor, async (writing) => {
      const found = await theMember(writing, id, { user_id, user_email });
      // Nobody is a member as nothing: a role of null is none that is given.
      return writing.update(kinds.teamMember, found.id, (data) => changed(data, { ...fields, max_budget, role: role ?? undefined }));
    });
    const { data } = member;
    return {
      user_id: data.user_id,
      user_email: (await emailsOf(context.store, [data.user_id])).get(data.user_id) ?? null,
      team_id: id,
      role: data.role,
      max_budget_in_team: data.max_budget ?? null,
      budget_duration: data.budget_duration ?? null,
      tpm_limit: data.tpm_limit ?? null,
      rpm_limit: data.rpm_limit ?? null,
      allowed_models: data.allowed_models ?? null,
    };
  },
});

import { SluiceError } from 'sluice/kit';
import { z } from 'zod';
import { teamMemberPermissions } from '../../../access/permissions.ts';
import { kinds } from '../../../access/records/kinds.ts';
import { teamDefaults, teamDefaultsId } from '../../../access/users/team-defaults.ts';
import { ownedByFile, placeOfSetting } from '../../../config/stored/join-setting.ts';
import { adminRoute, type AdminContext } from '../admin-route.ts';
import { count, duration, money, names } from '../fields.ts';
import { changed } from '../patch.ts';

const teamDefaultsBody = z.strictObject({
  models: names.nullish(),
  max_budget: money.nullish(),
  budget_duration: duration.nullish(),
  tpm_limit: count.nullish(),
  rpm_limit: count.nullish(),
  team_member_permissions: z.array(z.enum(Object.keys(teamMemberPermissions) as [string, ...string[]])).nullish(),
});

const fields = {
  models: { type: 'array', description: 'Models that keys of new teams may ask for. Empty: all.' },
  max_budget: { type: 'number', description: 'US dollars that new teams may spend. 0 is none, null unlimited.' },
  budget_duration: { type: 'string', description: 'The period after which their budget is whole again: 30d, 1mo.' },
  tpm_limit: { type: 'integer', description: 'Tokens a minute of new teams.' },
  rpm_limit: { type: 'integer', description: 'Requests a minute of new teams.' },
  team_member_permissions: { type: 'array', description: 'What members who do not administer a team may do with its keys.' },
} as const;

type Context = AdminContext<z.output<typeof teamDefaultsBody>>;

export const getTeamDefaults = adminRoute({
  method: 'GET',
  paths: ['/get/default_team_settings'],
  action: 'settings.see',
  summary: 'Shows what new teams get where nothing else is said of them, and who owns it: the configuration file or the database.',
  handle: async ({ store, services }) => ({
    values: await teamDefaults(store, services.snapshot().keys),
    field_schema: { description: 'What new teams get where nothing else is said of them.', properties: fields },
    owner: placeOfSetting(services.snapshot().origin, teamDefaultsId) ? 'config' : 'database',
  }),
});

export const updateTeamDefaults = adminRoute({
  method: 'PATCH',
  paths: ['/update/default_team_settings'],
  action: 'settings.write',
  body: teamDefaultsBody,
  summary: 'Changes what new teams get. What is not named is not touched.',
  handle: async ({ body, store, services, actor }: Context) => {
    const place = placeOfSetting(services.snapshot().origin, teamDefaultsId);
    if (place) throw new SluiceError('invalid_request', `default_team_params ${ownedByFile(place)}.`);
    const setting = await store.write(actor, (writing) =>
      writing.put(kinds.setting, teamDefaultsId, (before) => {
        const was = (before?.value ?? {}) as typeof body;
        const value = changed(was, body);
        return before && value === was ? before : { value };
      }),
    );
    return { message: 'Default team settings updated successfully', status: 'success', settings: setting.data.value };
  },
});

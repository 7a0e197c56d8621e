import { SluiceError } from 'sluice/kit';
import type { z } from 'zod';
import { kinds } from '../../../access/records/kinds.ts';
import { userDefaults, userDefaultsId } from '../../../access/users/user-defaults.ts';
import { ownedByFile, placeOfSetting } from '../../../config/stored/join-setting.ts';
import { adminRoute, type AdminContext } from '../admin-route.ts';
import { changed, filled } from '../patch.ts';
import { placesToBe } from './insert-user.ts';
import { userDefaultsBody } from './schemas.ts';

const fields = {
  user_role: { type: 'string', description: 'What new users may do.' },
  max_budget: { type: 'number', description: 'US dollars that new users may spend. 0 is none, null unlimited.' },
  budget_duration: { type: 'string', description: 'The period after which their budget is whole again: 30d, 1mo.' },
  models: { type: 'array', description: 'Models that new users may ask for. Empty: all.' },
  tpm_limit: { type: 'integer', description: 'Tokens a minute of new users.' },
  rpm_limit: { type: 'integer', description: 'Requests a minute of new users.' },
  max_parallel_requests: { type: 'integer', description: 'Calls of new users at the same time.' },
  teams: { type: 'array', description: 'Teams that new users are put into.' },
  available_teams: { type: 'array', description: 'Teams that users may join by themselves.' },
} as const;

export const getUserDefaults = adminRoute({
  method: 'GET',
  paths: ['/get/internal_user_settings'],
  action: 'settings.see',
  summary: 'Shows what new users get where nothing else is said of them, and who owns it: the configuration file or the database.',
  handle: async ({ store, services }) => {
    const { users, origin } = services.snapshot();
    return {
      values: await userDefaults(store, users),
      field_schema: { description: 'What new users get where nothing else is said of them.', properties: fields },
      owner: placeOfSetting(origin, userDefaultsId) ? 'config' : 'database',
    };
  },
});

export const updateUserDefaults = adminRoute({
  method: 'PATCH',
  paths: ['/update/internal_user_settings'],
  action: 'settings.write',
  body: userDefaultsBody,
  summary: 'Changes what new users get. What is not named is not touched.',
  handle: async ({ body, store, services, actor }: AdminContext<z.output<typeof userDefaultsBody>>) => {
    const snapshot = services.snapshot();
    const place = placeOfSetting(snapshot.origin, userDefaultsId);
    if (place) throw new SluiceError('invalid_request', `default_internal_user_params ${ownedByFile(place)}.`);
    const changes = { ...body, ...(body.teams && { teams: body.teams.map((team) => ({ team_id: team.team_id, ...filled(team) })) }) };
    const setting = await store.write(actor, async (writing) => {
      await placesToBe(writing, snapshot, { teams: body.teams ?? [], organizations: [] });
      for (const id of body.available_teams ?? []) await placesToBe(writing, snapshot, { teams: [{ team_id: id }], organizations: [] });
      return writing.put(kinds.setting, userDefaultsId, (before) => {
        const was = (before?.value ?? {}) as typeof changes;
        const value = changed(was, changes);
        return before && value === was ? before : { value };
      });
    });
    return { message: 'Internal user settings updated successfully', status: 'success', settings: setting.data.value };
  },
});

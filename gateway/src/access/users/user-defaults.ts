import type { InternalUserDefaults, UserSettings } from '../../config/user-settings.ts';
import { kinds } from '../records/kinds.ts';
import type { Reading } from '../store/reading.ts';

/** The setting that the database holds where the file says nothing. Checked when it was written. */
export const userDefaultsId = 'litellm_settings.default_internal_user_params';

/** What new users get where nothing else is said of them: as the file says, else the database. */
export const userDefaults = async (reading: Reading, { defaults }: Pick<UserSettings, 'defaults'>): Promise<InternalUserDefaults> =>
  defaults ?? ((await reading.get(kinds.setting, userDefaultsId))?.data.value as InternalUserDefaults | undefined) ?? {};

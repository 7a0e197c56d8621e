import type { KeySettings } from '../../config/key-settings.ts';
import { kinds } from '../records/kinds.ts';
import type { TeamRecord } from '../records/records.ts';
import type { Reading } from '../store/reading.ts';

/** The setting that the database holds where the file says nothing. Checked when it was written. */
export const teamDefaultsId = 'litellm_settings.default_team_params';

/** What a new team gets where nothing else is said of it: as the file says, else the database. */
export const teamDefaults = async (
  reading: Reading,
  { defaultTeamParams }: Pick<KeySettings, 'defaultTeamParams'>,
): Promise<Partial<TeamRecord>> => {
  if (Object.keys(defaultTeamParams).length > 0) return defaultTeamParams as Partial<TeamRecord>;
  return ((await reading.get(kinds.setting, teamDefaultsId))?.data.value as Partial<TeamRecord> | undefined) ?? {};
};

import { SluiceError } from 'sluice/kit';
import { durationMs } from '../../config/durations.ts';
import type { KeyDefaults, KeyGeneration, KeySettings, KeyUpperbounds } from '../../config/key-settings.ts';
import type { Principal } from '../principal.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A request with what the file says that keys have where it says nothing. Owners are set where it names neither team nor user. */
export const withDefaults = <T extends Fields>(fields: T, defaults: KeyDefaults): T => {
  const { team_id, user_id, metadata, ...others } = defaults;
  const result: Record<string, unknown> = { ...fields };
  const fill = (name: string, value: unknown) => {
    if (value !== undefined) result[name] ??= value;
  };
  for (const [name, value] of Object.entries(others)) fill(name, value);
  if (fields['team_id'] == null && fields['user_id'] == null) {
    fill('team_id', team_id);
    fill('user_id', user_id);
  }
  if (metadata) result['metadata'] = { ...metadata, ...(result['metadata'] as object | null) };
  return result as T;
};

const amounts = ['max_budget', 'tpm_limit', 'rpm_limit', 'max_parallel_requests'] as const;
const durations = ['budget_duration', 'duration'] as const;

/** Of a budget that is never whole again, or a key that never ends. */
const endless: Readonly<Record<(typeof durations)[number], number>> = {
  // One that never resets is the strictest there is.
  budget_duration: 0,
  duration: Infinity,
};

const lengthOf = (name: (typeof durations)[number], value: unknown): number =>
  typeof value === 'string' && value !== '-1' ? (durationMs(value) ?? Infinity) : endless[name];

/** A request with the upper bounds where it says nothing. */
export const withUpperbounds = <T extends Fields>(fields: T, upperbounds: KeyUpperbounds): T => {
  const result: Record<string, unknown> = { ...fields };
  for (const [name, value] of Object.entries(upperbounds)) result[name] ??= value;
  return result as T;
};

/**
 * Members that are given must be within the upper bounds; null is unlimited, and so beyond any.
 * @throws SluiceError `invalid_request`
 */
export const demandWithin = (fields: Fields, upperbounds: KeyUpperbounds): void => {
  for (const name of amounts) {
    const [most, value] = [upperbounds[name], fields[name]];
    if (most === undefined || value === undefined || (value !== null && (value as number) <= most)) continue;
    throw beyond(name, value, most);
  }
  for (const name of durations) {
    const [most, value] = [upperbounds[name], fields[name]];
    if (most === undefined || value === undefined || lengthOf(name, value) <= (durationMs(most) ?? 0)) continue;
    throw beyond(name, value, most);
  }
};

const beyond = (name: string, value: unknown, most: number | string): SluiceError =>
  new SluiceError(
    'invalid_request',
    `\`${name}\` may be at most ${most} here (upperbound_key_generate_params), and ${value === null ? 'null is unlimited' : `${String(value)} is asked for`}.`,
    { param: name },
  );

/**
 * Whether the file lets this caller make such a key, and the request says what it must.
 * @param place the caller's place in the team that the key is for; undefined: none, or no team
 * @throws SluiceError `permission_denied`, `invalid_request`
 */
export const demandGeneration = (
  fields: Fields,
  settings: KeySettings,
  { role }: Pick<Principal, 'role'>,
  place?: 'admin' | 'user',
): void => {
  const isTeamKey = fields['team_id'] != null;
  const rule = isTeamKey ? settings.teamGeneration : settings.personalGeneration;
  if (!mayGenerate(rule, isTeamKey, role, place))
    throw new SluiceError(
      'permission_denied',
      `Keys ${isTeamKey ? 'of a team' : 'without a team'} are made by ${rule.roles!.join(', ')} here (key_generation_settings).`,
    );
  for (const name of rule.requiredParams) {
    const value = fields[name];
    if (value == null || (Array.isArray(value) && value.length === 0))
      throw new SluiceError(
        'invalid_request',
        `\`${name}\` must be given for keys ${isTeamKey ? 'of a team' : 'without a team'} here (key_generation_settings).`,
        {
          param: name,
        },
      );
  }
};

const mayGenerate = (
  { roles }: KeyGeneration,
  isTeamKey: boolean,
  role: Principal['role'],
  place: 'admin' | 'user' | undefined,
): boolean => {
  if (!roles) return true;
  if (!isTeamKey) return role !== undefined && roles.includes(role);
  // Who is in no place of the team is here by another right: of the proxy, or of its organisation.
  return role === 'proxy_admin' || place === undefined || roles.includes(place);
};

/** As LiteLLM checks aliases (docs.litellm.ai/docs/proxy/virtual_keys, 2026-11). @throws SluiceError `invalid_request` */
export const demandAliasFormat = (alias: string): void => {
  if (/^[\p{L}\p{N}](?:[\p{L}\p{N}_\-/.@]{0,253}[\p{L}\p{N}])$/u.test(alias)) return;
  throw new SluiceError(
    'invalid_request',
    '`key_alias` must be 2 to 255 letters, digits and _-/.@, with a letter or digit at both ends (enable_key_alias_format_validation).',
    { param: 'key_alias' },
  );
};

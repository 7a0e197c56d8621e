import { SluiceError } from 'sluice/kit';
import { durationMs } from '../../../config/durations.ts';
import { keyTypeRoutes, routesWithin } from '../../../access/keys/route-groups.ts';
import type { KeyRecord } from '../../../access/records/records.ts';
import type { Change } from '../patch.ts';
import type { KeyChange } from './schemas.ts';

/** Members that LiteLLM's clients also put into the metadata, where its own table has them. */
export const liftedFromMetadata = ['tags', 'enforced_params', 'model_rpm_limit', 'model_tpm_limit', 'tag_rpm_limit'] as const;

/**
 * What a request changes of a key's record.
 * @param before absent: it is a new one
 * @throws SluiceError `invalid_request` for what does not go together
 */
export const recordChanges = (fields: KeyChange, before: KeyRecord | undefined, now: number): Change<KeyRecord> => {
  const { spend: _, duration, temp_budget_expiry: _expiry, key_type: _type, models, metadata, allowed_routes: _routes, ...plain } = fields;
  return {
    ...(plain as Change<KeyRecord>),
    ...lifted(metadata, fields),
    // A key always has a list; an empty one names no model in particular.
    ...(models !== undefined && { models: models ?? [] }),
    ...lifeOf(duration, now),
    ...temporaryBudget(fields, before, now),
    ...routesOf(fields, before),
    ...rotationOf(fields, before, now),
  };
};

const invalid = (param: string, message: string): SluiceError => new SluiceError('invalid_request', message, { param });

const lifted = (metadata: KeyChange['metadata'], fields: KeyChange): Change<KeyRecord> => {
  if (!metadata) return metadata === undefined ? {} : { metadata };
  const own = { ...metadata };
  const changes: Record<string, unknown> = {};
  for (const name of liftedFromMetadata) {
    if (name in own && fields[name] === undefined) changes[name] = own[name];
    delete own[name];
  }
  return { ...changes, metadata: own };
};

/** The last moment that a date can be, in Unix milliseconds. */
const endOfTime = 8_640_000_000_000_000;

/** `-1` is LiteLLM's old word for a key without an end. */
const lifeOf = (duration: KeyChange['duration'], now: number): Change<KeyRecord> => {
  if (duration === undefined) return {};
  return duration === null || duration === '-1'
    ? { duration: null, expires_at: null }
    : { duration, expires_at: Math.min(now + durationMs(duration)!, endOfTime) };
};

const temporaryBudget = (
  { temp_budget_increase: increase, temp_budget_expiry: expiry }: KeyChange,
  before: KeyRecord | undefined,
  now: number,
): Change<KeyRecord> => {
  if (increase === undefined && expiry === undefined) return {};
  const until = expiry == null ? expiry : timeOf(expiry);
  const after = {
    increase: increase === undefined ? before?.temp_budget_increase : increase,
    until: until === undefined ? before?.temp_budget_expiry : until,
  };
  if ((after.increase == null) !== (after.until == null))
    throw invalid('temp_budget_expiry', '`temp_budget_increase` and `temp_budget_expiry` go together: how much more, and until when.');
  if (until != null && until <= now) throw invalid('temp_budget_expiry', '`temp_budget_expiry` must be in the future.');
  return { ...(increase !== undefined && { temp_budget_increase: increase }), ...(until !== undefined && { temp_budget_expiry: until }) };
};

/** Without a zone it is UTC, as LiteLLM reads it. */
const timeOf = (text: string): number => Date.parse(/(?:z|[+-]\d\d:?\d\d)$/i.test(text) ? text : `${text}Z`);

/** A `key_type` is a list of routes with a name. */
const routesOf = ({ key_type: type, allowed_routes: routes }: KeyChange, before: KeyRecord | undefined): Change<KeyRecord> => {
  if (type == null) return { ...(routes !== undefined && { allowed_routes: routes }), ...(type === null && { key_type: null }) };
  const preset = keyTypeRoutes[type];
  if (preset.length === 0)
    return { key_type: type, ...(routes !== undefined ? { allowed_routes: routes } : wasPreset(before) && { allowed_routes: [] }) };
  if (!routes?.length) return { key_type: type, allowed_routes: [...preset] };
  if (!routesWithin(routes, preset))
    throw invalid(
      'allowed_routes',
      `\`allowed_routes\` holds more than a key of type ${type} may call (${preset.join(', ')}): leave one of the two out.`,
    );
  return { key_type: type, allowed_routes: routes };
};

const wasPreset = (before: KeyRecord | undefined): boolean => {
  const preset: readonly string[] = keyTypeRoutes[before?.key_type ?? 'default'];
  return preset.length > 0 && JSON.stringify(before?.allowed_routes) === JSON.stringify(preset);
};

const rotationOf = (
  { auto_rotate: rotate, rotation_interval: interval }: KeyChange,
  before: KeyRecord | undefined,
  now: number,
): Change<KeyRecord> => {
  if (rotate === undefined && interval === undefined) return {};
  const rotates = rotate === undefined ? before?.auto_rotate : rotate;
  const every = interval === undefined ? before?.rotation_interval : interval;
  if (!rotates) return { rotate_at: null };
  if (every == null) throw invalid('rotation_interval', '`auto_rotate` needs `rotation_interval`: how often, such as 30d.');
  return { rotate_at: now + durationMs(every)! };
};

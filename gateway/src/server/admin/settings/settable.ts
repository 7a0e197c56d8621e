import { SluiceError } from 'sluice/kit';
import { nearest } from '../../../config/nearest.ts';
import { configSchema } from '../../../config/schema/index.ts';
import { configJsonSchema, type JsonSchema } from '../../../config/schema/json-schema.ts';

/** Sections of which the database may say something. */
export const sections = ['general_settings', 'router_settings', 'litellm_settings'] as const;
export type SettingsSection = (typeof sections)[number];

/** What is read once, at start, or must not be changed by whoever can reach the API. */
const ofTheFile: readonly RegExp[] = [
  /^general_settings\.(?:master_key|alert_to_webhook_url|litellm_key_header_name|database_.*|coordination_redis|key_management_.*|use_google_kms|use_azure_key_vault|store_model_in_db)$/,
  /^router_settings\.redis_/,
  /^litellm_settings\.(?:cache_params|custom_provider_map)$/,
];

let schema: JsonSchema | undefined;
export const settingsSchema = (): JsonSchema => (schema ??= configJsonSchema());

/** Built once: it is the same for every request. */
const keys = new Map<SettingsSection, readonly string[]>();

/** The settings of a section that take effect at once, wherever they are said. */
export const settableKeys = (section: SettingsSection): readonly string[] => {
  const known = keys.get(section);
  if (known) return known;
  // The schema for editors knows what is not built as well.
  const found = Object.keys(configSchema.shape[section].unwrap().shape).filter(
    (key) => !ofTheFile.some((pattern) => pattern.test(`${section}.${key}`)),
  );
  keys.set(section, found);
  return found;
};

/** @throws SluiceError `invalid_request` for what is no setting, or only the file's */
export const demandSettable = (path: string): void => {
  const dot = path.indexOf('.');
  const [section, key] = [path.slice(0, dot), path.slice(dot + 1)];
  if ((sections as readonly string[]).includes(section) && settableKeys(section as SettingsSection).includes(key)) return;
  if (ofTheFile.some((pattern) => pattern.test(path)))
    throw new SluiceError('invalid_request', `${path} is read at start: it can be set in the configuration file alone.`, { param: key });
  const near = (sections as readonly string[]).includes(section) ? nearest(key, settableKeys(section as SettingsSection)) : undefined;
  throw new SluiceError(
    'invalid_request',
    `There is no setting ${path.slice(0, 200)}.${near === undefined ? '' : ` Did you mean ${section}.${near}?`}`,
    {
      param: key,
    },
  );
};

import { placeText } from '../../../config/origin.ts';
import { hasEntries, placeOfSetting } from '../../../config/stored/join-setting.ts';
import { maskMembers } from '../../../config/stored/secret-members.ts';
import type { JsonSchema } from '../../../config/schema/json-schema.ts';
import type { AdminServices } from '../services.ts';
import { settableKeys, settingsSchema, type SettingsSection } from './settable.ts';

type Services = Pick<AdminServices, 'snapshot' | 'stored'>;

/** What holds for a setting, and who says so. */
export interface SettingState {
  /** As it is written; secrets are `****`. Null: the default holds. */
  readonly value: unknown;
  /** `both`: each says some entries. */
  readonly owner: 'file' | 'database' | 'both' | 'default';
  /** `config.yaml:12:3` */
  readonly place: string | null;
  /** What the database says, where the file's holds. */
  readonly drift: unknown;
}

export const stateOf = ({ snapshot, stored }: Services, path: string): SettingState => {
  const { origin } = snapshot();
  const ofDatabase = stored.parts.settings.find((each) => each.path === path);
  const place = placeOfSetting(origin, path);
  const said = ofDatabase && masked(path, ofDatabase.value);
  if (!place) return { value: said ?? null, owner: ofDatabase ? 'database' : 'default', place: null, drift: null };
  const written = masked(path, origin!.written(path.split('.')));
  if (ofDatabase && hasEntries(path)) return { value: together(written, said), owner: 'both', place: placeText(place), drift: null };
  return { value: written, owner: 'file', place: placeText(place), drift: said ?? null };
};

/** The file's entries hold where both say one. */
const together = (written: unknown, said: unknown): unknown => {
  if (Array.isArray(written)) return [...written, ...(Array.isArray(said) ? said : [said])];
  return { ...(said as object), ...(written as object) };
};

const masked = (path: string, value: unknown): unknown =>
  (maskMembers({ [path.slice(path.indexOf('.') + 1)]: value }) as Record<string, unknown>)[path.slice(path.indexOf('.') + 1)];

interface Facts {
  readonly type: string;
  readonly about: string;
  readonly fallback: unknown;
  readonly options: readonly string[] | null;
}

const factsOf = (section: SettingsSection, key: string): Facts => {
  const field = settingsSchema().properties?.[section]?.properties?.[key] as (JsonSchema & Record<string, unknown>) | undefined;
  const given = field?.['type'];
  const type = Array.isArray(given) ? given[0] : given;
  const options = field?.['enum'];
  return {
    type: names[String(type)] ?? 'Any',
    about: typeof field?.['description'] === 'string' ? field['description'] : '',
    fallback: field?.['default'] ?? null,
    options: Array.isArray(options) ? options.map(String) : null,
  };
};

/** Python's, as LiteLLM's clients read them. */
const names: Readonly<Record<string, string>> = {
  string: 'String',
  number: 'Float',
  integer: 'Integer',
  boolean: 'Boolean',
  array: 'List',
  object: 'Dictionary',
};

/** LiteLLM's `ConfigList`, with who owns the setting. */
export const settingField = (services: Services, section: SettingsSection, key: string) => {
  const { value, owner, place, drift } = stateOf(services, `${section}.${key}`);
  const { type, about, fallback } = factsOf(section, key);
  return {
    field_name: key,
    field_type: type,
    field_description: about,
    field_value: value,
    stored_in_db: value === null ? null : owner === 'database' || owner === 'both',
    field_default_value: fallback,
    premium_field: false,
    nested_fields: null,
    owner,
    place,
    drift,
  };
};

/** LiteLLM's `RouterSettingsField`. */
export const routerField = (key: string) => {
  const { type, about, fallback, options } = factsOf('router_settings', key);
  return {
    field_name: key,
    field_type: type,
    field_value: null as unknown,
    field_description: about,
    field_default: fallback,
    options,
    ui_field_name: key.replaceAll('_', ' ').replace(/^./, (first) => first.toUpperCase()),
    link: null,
  };
};

/** What is said in a section, of the file and the database. */
export const sectionShown = (services: Services, section: SettingsSection): Record<string, unknown> =>
  Object.fromEntries(
    settableKeys(section).flatMap((key) => {
      const { value } = stateOf(services, `${section}.${key}`);
      return value === null ? [] : [[key, value]];
    }),
  );

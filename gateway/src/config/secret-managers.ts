import { shortHash } from './hash.ts';
import { note, type Findings } from './issues.ts';
import type { Path, Problem } from './problem.ts';
import { referenceName, resolveReferences, type Lookup, type Unset } from './references.ts';
import { meaningless, secretManagerEntry, secretManagerTypes, type SecretManagerEntry, type SecretManagerType } from './schema/secrets.ts';
import type { Source } from './source.ts';

/** A secret manager that the files name. */
export interface SecretManagerSettings {
  readonly type: SecretManagerType;
  /** What is not given is undefined; the environment's variables for it are asked by whoever opens the manager. */
  readonly entry: SecretManagerEntry;
  /** The same for the same settings. */
  readonly fingerprint: string;
  /** A mistake, at the place of the manager. */
  readonly problem: (message: string) => Problem;
}

export interface WantedSecrets {
  /** In the order in which they are asked. */
  readonly managers: readonly SecretManagerSettings[];
  /** What the files refer to and the environment lacks. */
  readonly names: readonly string[];
}

/** A manager as it is written. */
interface Written {
  type: unknown;
  raw: Readonly<Record<string, unknown>>;
  source: Source;
  /** Of the member that says which one it is, and of its settings. */
  path: Path;
  settings: Path;
}

type Mapping = Readonly<Record<string, unknown>>;

const mapping = (value: unknown): Mapping =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Mapping) : {};

/**
 * What must be known of secret managers before the configuration can be built from what they hold. Undefined: there
 * is no manager. Managers whose settings are wrong are left out: building the configuration says what is wrong.
 * @param sources the files, those that are included after those that include them
 */
export const wantedSecrets = (sources: readonly Source[], env: Readonly<Record<string, string | undefined>>): WantedSecrets | undefined => {
  const written = writtenIn(sources);
  if (written.length === 0) return undefined;
  return { managers: written.flatMap((each) => read(each, (name) => env[name]) ?? []), names: namesLacking(sources, env) };
};

/** Whether one of the managers would be asked for a name that the environment lacks. */
export const mayHold = (managers: readonly SecretManagerSettings[], name: string): boolean =>
  managers.some(({ type, entry: { access_mode: mode, hosted_keys: hosted } }) => {
    if (mode === 'write_only') return false;
    return hosted ? hosted.includes(name) : type !== 'aws_kms' && type !== 'google_kms';
  });

/** What the validator cannot see: settings that belong to another manager, or that have no effect. */
export const checkSecretManagers = (sources: readonly Source[], findings: Findings): void => {
  for (const { type, raw, source, settings } of writtenIn(sources)) {
    if (!isType(type)) continue;
    for (const key of meaningless(type, raw))
      findings.problems.push(source.problem([...settings, key], `has no meaning for ${type}`, { what: 'key' }));
    if (raw['store_virtual_keys'] === undefined || /^(?:false|no|off)$/i.test(String(raw['store_virtual_keys']))) continue;
    const path = [...settings, 'store_virtual_keys'];
    if (type === 'local' || type === 'aws_kms' || type === 'google_kms')
      findings.problems.push(source.problem(path, `cannot be: nothing is written to ${type}`));
    else if (raw['access_mode'] === undefined || raw['access_mode'] === 'read_only')
      findings.warnings.push(
        note(source, path, 'other', 'store_virtual_keys', 'has no effect without `access_mode: write_only` or `read_and_write`'),
      );
  }
  const lonely = sources.find((source) => mapping(sectionOf(source, 'general_settings'))['key_management_settings'] !== undefined);
  if (lonely && !writtenIn(sources).some(({ path }) => path[0] === 'general_settings')) {
    const path = ['general_settings', 'key_management_settings'];
    findings.problems.push(lonely.problem(path, 'needs `key_management_system`, which says what manager it is about', { what: 'key' }));
  }
};

const isType = (value: unknown): value is SecretManagerType => (secretManagerTypes as readonly unknown[]).includes(value);

const sectionOf = (source: Source, name: string): unknown => mapping(source.value)[name];

/** As with all settings, the last file that says something holds; the settings of LiteLLM's form are joined. */
const writtenIn = (sources: readonly Source[]): Written[] => {
  let general: Written | undefined;
  let listed: Written[] = [];
  let raw: Mapping = {};
  for (const source of sources) {
    const section = mapping(sectionOf(source, 'general_settings'));
    raw = { ...raw, ...mapping(section['key_management_settings']) };
    const found = systemOf(section);
    if (found) {
      general = {
        type: found.type,
        raw,
        source,
        path: ['general_settings', found.key],
        settings: ['general_settings', 'key_management_settings'],
      };
    }
    const list = mapping(sectionOf(source, 'sluice_settings'))['secret_managers'];
    if (!Array.isArray(list)) continue;
    listed = list.map((item: unknown, at) => {
      const { type, ...rest } = mapping(item);
      const path = ['sluice_settings', 'secret_managers', at];
      return { type, raw: rest, source, path, settings: path };
    });
  }
  return [...(general ? [{ ...general, raw }] : []), ...listed];
};

const systemOf = (general: Mapping): { key: string; type: unknown } | undefined => {
  const { key_management_system: type } = general;
  if (type !== undefined && type !== null) return { key: 'key_management_system', type };
  const isOn = (key: string) => /^(?:true|yes|on|1)$/i.test(String(general[key] ?? ''));
  if (isOn('use_azure_key_vault')) return { key: 'use_azure_key_vault', type: 'azure_key_vault' };
  if (isOn('use_google_kms')) return { key: 'use_google_kms', type: 'google_kms' };
  return undefined;
};

/** References in a manager's own settings are the environment's alone: nothing can be asked before they are known. */
const read = ({ type, raw, source, path }: Written, lookup: Lookup): SecretManagerSettings | undefined => {
  if (!isType(type)) return undefined;
  const resolved = resolveReferences(raw, { lookup, unset: [], used: new Set() });
  const checked = secretManagerEntry().safeParse(resolved, { jitless: true });
  if (!checked.success) return undefined;
  return {
    type,
    entry: checked.data,
    fingerprint: shortHash([type, resolved], 16),
    problem: (message) => source.problem(path, message, { what: 'key' }),
  };
};

const namesLacking = (sources: readonly Source[], env: Readonly<Record<string, string | undefined>>): string[] => {
  const unset: Unset[] = [];
  const own = new Set(
    sources.flatMap((source) =>
      Object.entries(mapping(sectionOf(source, 'environment_variables')))
        .filter(([, value]) => value !== null && value !== '' && referenceName(value) === undefined)
        .map(([name]) => name),
    ),
  );
  const lookup: Lookup = (name) => (own.has(name) ? name : env[name]);
  for (const { value } of sources) {
    const { general_settings: general, sluice_settings: sluice, ...rest } = mapping(value);
    const { key_management_settings: _ofOne, ...ofServer } = mapping(general);
    const { secret_managers: _ofAll, ...ofSluice } = mapping(sluice);
    resolveReferences([rest, ofServer, ofSluice], { lookup, unset, used: new Set() });
  }
  return [...new Set(unset.map(({ name }) => name))].filter((name) => name !== '');
};

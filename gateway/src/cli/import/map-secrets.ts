import { SluiceError } from 'sluice/kit';
import type { ZodType } from 'zod';
import type { CredentialRecord, ModelRecord, SettingRecord } from '../../access/records/records.ts';
import { sealMembers } from '../../config/stored/secret-members.ts';
import { sealedPlace } from '../../config/stored/stored-rows.ts';
import { configSchema } from '../../config/schema/index.ts';
import { demandSettable, sections, type SettingsSection } from '../../server/admin/settings/settable.ts';
import type { Sealer } from '../../storage/sealed/sealer.ts';
import { decryptLitellm, type DecryptedValue } from './litellm-secret.ts';
import type { Mapped } from './mapped.ts';
import { historyOf, notCarried } from './members.ts';
import { defined, Row } from './row.ts';
import type { SourceRow } from './source.ts';

/** What opens LiteLLM's secrets, and seals them here. */
export interface SecretHands {
  readonly saltKeys: readonly string[];
  readonly sealer: Pick<Sealer, 'seal'>;
}

type Json = Record<string, unknown>;

/**
 * Opens every text that is encrypted. LiteLLM encrypts all of an entry's texts or none of them: where none opens, one that
 * is too short to be encrypted says that all are plain, and what looks encrypted is a long key.
 * @param sure the text that says so, where there is one that is always short
 * @returns undefined where the salt key is the wrong one
 */
const opened = (given: Json, { saltKeys }: SecretHands, sure?: string): Json | undefined => {
  const results = new Map(
    Object.entries(given).flatMap(([name, value]) =>
      typeof value === 'string' && value !== '' ? [[name, decryptLitellm(value, saltKeys)]] : [],
    ),
  );
  const all = [...results.values()];
  const said = sure === undefined ? all : [results.get(sure)];
  const isPlain = !all.some(({ ok }) => ok) && said.some((each) => each && !each.ok && each.plain);
  const isLost = ([name, each]: readonly [string, DecryptedValue]) =>
    !each.ok && !each.plain && !(isPlain && !/^v[23]:gcm:/.test(String(given[name])));
  if ([...results].some(isLost)) return undefined;
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => {
      const result = results.get(name);
      return [name, result?.ok ? result.text : value];
    }),
  );
};

const wrongKey = notCarried('all', 'its secrets cannot be opened with the salt keys that were given: --salt-key');

export const mapModel = (json: SourceRow, hands: SecretHands): Mapped<ModelRecord> => {
  const row = new Row(json);
  const id = row.text('model_id') ?? '';
  const model_name = row.text('model_name');
  const given = row.object('litellm_params');
  const info = row.object('model_info') ?? {};
  const { createdAt, createdBy } = historyOf(row);
  if (model_name === undefined || !given) return { id, data: undefined, notes: [notCarried('all', 'it has no name, or no parameters')] };
  const params = opened(given, hands, 'model');
  if (!params) return { id, data: undefined, notes: [wrongKey] };
  const { id: _id, db_model: _db, created_at: _ca, created_by: _cb, updated_at: _ua, updated_by: _ub, blocked, ...model_info } = info;
  const team = model_info['team_id'];
  const data = defined({
    model_name,
    litellm_params: sealMembers(filled(params), sealedPlace.model(id), hands.sealer),
    model_info: filled(model_info),
    team_id: typeof team === 'string' && team !== '' ? team : undefined,
    blocked: row.flag('blocked') ?? (blocked === true ? true : undefined),
  }) as ModelRecord;
  return { id, data, createdAt, createdBy, notes: row.finish() };
};

/** LiteLLM stores what was not given as null. */
const filled = (of: Json): Json => Object.fromEntries(Object.entries(of).filter(([, value]) => value != null));

export const mapCredential = (json: SourceRow, hands: SecretHands): Mapped<CredentialRecord> => {
  const row = new Row(json);
  const id = row.text('credential_name') ?? '';
  row.ignore('credential_id');
  const values = opened(row.object('credential_values') ?? {}, hands);
  const credential_info = row.object('credential_info') ?? {};
  const { createdAt, createdBy } = historyOf(row);
  if (!values) return { id, data: undefined, notes: [wrongKey] };
  const credential_values = sealMembers(filled(values), sealedPlace.credential(id), hands.sealer) as CredentialRecord['credential_values'];
  return { id, data: { credential_values, credential_info }, createdAt, createdBy, notes: row.finish() };
};

const known: ReadonlySet<string> = new Set(sections);

/** Each setting of a section is one here. */
export const mapSettings = (json: SourceRow, hands: SecretHands): Mapped<SettingRecord>[] => {
  const section = String(json['param_name']);
  const given = new Row(json).object('param_value') ?? {};
  if (!known.has(section)) {
    const why =
      section === 'environment_variables'
        ? "set them in the gateway's environment, or in its file"
        : 'this part of the configuration has no place in the database here';
    return Object.keys(given).map((name) => ({ id: `${section}.${name}`, data: undefined, notes: [notCarried('all', why)] }));
  }
  return Object.entries(given)
    .filter(([, value]) => value != null)
    .map(([name, value]) => {
      const id = `${section}.${name}`;
      const why = refusal(id) ?? misfit(section as SettingsSection, name, value);
      if (why !== undefined) return { id, data: undefined, notes: [notCarried('all', why)] };
      return { id, data: { value: sealMembers(value, sealedPlace.setting(id), hands.sealer) }, notes: [] };
    });
};

/** What the gateway would not read is not given to it. */
const misfit = (section: SettingsSection, name: string, value: unknown): string | undefined => {
  const shape = configSchema.shape[section].unwrap().shape as Record<string, ZodType | undefined>;
  const read = shape[name]?.safeParse(value);
  return read && !read.success ? `its value is not read here: ${read.error.issues[0]?.message ?? ''}` : undefined;
};

const refusal = (path: string): string | undefined => {
  try {
    demandSettable(path);
    return undefined;
  } catch (cause) {
    if (SluiceError.is(cause)) return cause.message.replace(/\.$/, '');
    throw cause;
  }
};

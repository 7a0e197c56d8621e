import { shortHash } from '../hash.ts';
import { defined } from '../defined.ts';
import { openMembers, type Seals } from './open-members.ts';
import type { StoredCredential, StoredModel, StoredParts, StoredSetting } from './stored-parts.ts';
import { sealedPlace, type StoredRows } from './stored-rows.ts';

/** Models that were opened, by the text of their rows. */
export type OpenedModels = ReadonlyMap<string, { readonly text: string; readonly model: StoredModel }>;

/**
 * Opens the models of rows. One whose row is the same as before is the same object.
 * @param before what was opened last
 */
const openModels = (rows: StoredRows['models'], seals: Pick<Seals, 'open'>, before: OpenedModels): OpenedModels =>
  new Map(
    rows.map(({ id, data, ...row }) => {
      const text = JSON.stringify([data, row]);
      const known = before.get(id);
      if (known?.text === text) return [id, known];
      const params = openMembers(data.litellm_params, sealedPlace.model(id), seals);
      const model = defined<StoredModel>({
        id,
        modelName: data.model_name,
        params: params.value,
        // As LiteLLM has them among the facts of a model.
        info: {
          ...data.model_info,
          db_model: true,
          created_at: new Date(row.createdAt).toISOString(),
          created_by: row.createdBy ?? null,
          updated_at: new Date(row.updatedAt).toISOString(),
          updated_by: row.updatedBy ?? null,
        },
        teamId: data.team_id ?? undefined,
        blocked: data.blocked ?? false,
        isolated: data.isolated ?? false,
        sealedBecause: params.why,
      });
      return [id, { text, model }];
    }),
  );

/** Opens what is sealed in the rows. One that cannot be opened says why, and the others are read (FP-61). */
export const openRows = (
  { models, credentials, settings }: StoredRows,
  seals: Pick<Seals, 'open'>,
  before: OpenedModels = new Map(),
): { parts: StoredParts; opened: OpenedModels } => {
  const opened = openModels(models, seals, before);
  return {
    opened,
    parts: {
      version: shortHash(
        [models, credentials, settings].map((rows) => rows.map(({ id, data }) => [id, data])),
        12,
      ),
      models: Array.from(opened.values(), ({ model }) => model),
      credentials: credentials.map(({ id, data }) => {
        const values = openMembers(data.credential_values, sealedPlace.credential(id), seals);
        return defined<StoredCredential>({ name: id, values: values.value, sealedBecause: values.why });
      }),
      settings: settings.map(({ id, data }) => {
        const value = openMembers(data.value, sealedPlace.setting(id), seals);
        return defined<StoredSetting>({ path: id, value: value.value, sealedBecause: value.why });
      }),
    },
  };
};

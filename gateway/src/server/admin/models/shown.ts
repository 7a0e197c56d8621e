import { maskMembers } from '../../../config/stored/secret-members.ts';
import type { StoredView } from '../../../config/stored/index.ts';
import type { ModelRecord } from '../../../access/records/records.ts';
import type { Stored } from '../../../access/store/stored.ts';
import { iso } from '../answer-parts.ts';

/** A row of LiteLLM's table of models. Secrets are `****`. */
export const modelRow = ({ id, data, createdAt, createdBy, updatedAt, updatedBy }: Stored<ModelRecord>) => ({
  model_id: id,
  model_name: data.model_name,
  litellm_params: maskMembers(data.litellm_params),
  model_info: { ...data.model_info, id, db_model: true },
  blocked: data.blocked ?? false,
  created_at: iso(createdAt),
  created_by: createdBy ?? null,
  updated_at: iso(updatedAt),
  updated_by: updatedBy ?? null,
});

/** A stored model as `/v2/model/info` has it, with why it is not served where it is not. */
export const modelEntry = (stored: Stored<ModelRecord>, view: StoredView | undefined) => {
  const { model_id: id, model_name, litellm_params, model_info, blocked, ...times } = modelRow(stored);
  const problem = view?.problems.find((each) => each.kind === 'model' && each.id === id);
  const drift = view?.drift.find((each) => each.kind === 'model' && each.id === id);
  return {
    model_name,
    litellm_params,
    model_info: {
      ...model_info,
      ...times,
      blocked,
      ...(problem && { error: problem.message, decryption_failed: problem.decryptionFailed }),
      ...(drift && { error: `The configuration file has this id, and holds (${drift.place.file}:${drift.place.line}).` }),
    },
  };
};

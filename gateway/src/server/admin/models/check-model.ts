import { SluiceError } from 'sluice/kit';
import { ownedByFile } from '../../../config/stored/join-setting.ts';
import { placeText } from '../../../config/origin.ts';
import type { StoredModel } from '../../../config/stored/stored-parts.ts';
import { openMembers } from '../../../config/stored/open-members.ts';
import { sealedPlace } from '../../../config/stored/stored-rows.ts';
import type { ModelRecord } from '../../../access/records/records.ts';
import type { AdminServices } from '../services.ts';

/** Nothing is asked for by it: LiteLLM's clients send all members that they know. */
const asksNothing = (value: unknown): boolean =>
  value == null || value === false || value === '' || (typeof value === 'object' && Object.keys(value).length === 0);

/**
 * Checks a model as those of the file are checked, before it is stored.
 * @param params not sealed
 * @returns the parameters, without those that are not built and ask for nothing
 * @throws SluiceError `invalid_request`, naming what is wrong
 */
export const checkModel = async (
  services: Pick<AdminServices, 'stored' | 'snapshot'>,
  id: string,
  record: Omit<ModelRecord, 'litellm_params'> & { readonly litellm_params: Readonly<Record<string, unknown>> },
): Promise<Readonly<Record<string, unknown>>> => {
  const candidate = (params: Readonly<Record<string, unknown>>): StoredModel => ({
    id,
    modelName: record.model_name,
    params,
    info: record.model_info,
    teamId: record.team_id ?? undefined,
    // A blocked one is left out before it is looked at.
    blocked: false,
    isolated: record.isolated ?? false,
  });
  let params = record.litellm_params;
  const given = params['model'];
  if (typeof given !== 'string' || given === '')
    throw new SluiceError('invalid_request', "'litellm_params.model' is missing: name it as provider/model.", {
      param: 'litellm_params.model',
    });
  // Twice, as a finding may be about a member that asks for nothing and is then taken out.
  for (let left = 1; ; left--) {
    const { stored, notes } = await services.stored.check(services.snapshot(), { models: [candidate(params)] });
    const drift = stored?.drift.find((each) => each.kind === 'model');
    if (drift) throw new SluiceError('invalid_request', `The model '${id}' ${ownedByFile(drift.place)}.`, { param: 'model_info.id' });
    const problem = stored?.problems.find((each) => each.kind === 'model');
    if (problem) {
      const param = /^[\w.[\]]+(?=: )/.exec(problem.message)?.[0];
      throw new SluiceError('invalid_request', `The model is not valid: ${problem.message}.`.replace(/\.\.$/, '.'), {
        ...(param !== undefined && { param }),
      });
    }
    const unbuilt = notes.filter(({ kind, file }) => kind === 'not-built' && file?.startsWith('the database, '));
    const names = unbuilt
      .map(({ key }) => key)
      .filter((key) => key.startsWith('litellm_params.'))
      .map((key) => key.slice('litellm_params.'.length));
    const asked = unbuilt.find(
      ({ key }) => !key.startsWith('litellm_params.') || !asksNothing(params[key.slice('litellm_params.'.length)]),
    );
    if (asked) {
      const message = asked.message === '' ? '' : ` (${asked.message})`;
      throw new SluiceError('invalid_request', `${asked.key} is not built yet in this gateway: leave it out${message}.`, {
        param: asked.key,
      });
    }
    if (names.length === 0 || left === 0) return params;
    params = Object.fromEntries(Object.entries(params).filter(([name]) => !names.includes(name)));
  }
};

/** @throws SluiceError `invalid_request` where the file has the deployment */
export const refuseFileModel = ({ snapshot }: Pick<AdminServices, 'snapshot'>, id: string): void => {
  const { deployments, origin } = snapshot();
  if (!deployments.some((each) => each.id === id)) return;
  const place = origin?.placeInList(['model_list'], (entry) => (entry['model_info'] as { id?: unknown } | undefined)?.id === id);
  throw new SluiceError(
    'invalid_request',
    `The model '${id}' is owned by the configuration file${place ? ` (${placeText(place)})` : ''}: change it there.`,
    { param: 'model_id' },
  );
};

/** The parameters of a stored model, opened. @throws SluiceError `invalid_request` where they cannot be */
export const openParams = (services: Pick<AdminServices, 'sealer'>, id: string, record: ModelRecord): Readonly<Record<string, unknown>> => {
  const { value, why } = openMembers(record.litellm_params, sealedPlace.model(id), services.sealer);
  if (why === undefined) return value;
  throw new SluiceError(
    'invalid_request',
    `The model '${id}' cannot be opened, so it cannot be changed: ${why} Delete it and add it again, or give the gateway the salt key.`,
  );
};

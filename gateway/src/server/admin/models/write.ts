import { SluiceError } from 'sluice/kit';
import { demandTeamModel } from '../../../access/grants/model.ts';
import { kinds } from '../../../access/records/kinds.ts';
import type { ModelRecord } from '../../../access/records/records.ts';
import { notFound } from '../../../access/store/writing.ts';
import { mask, sealMembers } from '../../../config/stored/secret-members.ts';
import { sealedPlace } from '../../../config/stored/stored-rows.ts';
import { adminRoute, type AdminContext } from '../admin-route.ts';
import { filled } from '../patch.ts';
import { findTeam } from '../teams/find-team.ts';
import { aboutModel, isProxyAdmin, notTheirsToUnblock, ofTeam } from './about-model.ts';
import { checkModel, openParams, refuseFileModel } from './check-model.ts';
import { guardAddresses } from './guard-addresses.ts';
import { haveLive } from '../settings/have-live.ts';
import { changedModel, deletedModel, newModel, updatedModel, type InfoGiven, type ModelChange } from './schemas.ts';
import { modelRow } from './shown.ts';

/** What the gateway works out is not stored. */
const infoOf = (given: InfoGiven | null | undefined): Record<string, unknown> => {
  const { id: _id, db_model: _db, created_at: _c, created_by: _cb, updated_at: _u, updated_by: _ub, blocked: _b, ...info } = given ?? {};
  return info;
};

/** A mask is what is shown of a secret, and never meant as one. */
const refuseMasks = (params: Readonly<Record<string, unknown>>): void => {
  const masked = Object.entries(params).find(([, value]) => value === mask);
  if (masked)
    throw new SluiceError(
      'invalid_request',
      `'litellm_params.${masked[0]}' is ${mask}, which is shown instead of a secret: give the secret itself.`,
      {
        param: `litellm_params.${masked[0]}`,
      },
    );
};

export const createModel = adminRoute({
  method: 'POST',
  paths: ['/model/new'],
  action: 'model.write',
  body: newModel,
  summary: 'Adds a deployment beside those of the configuration file. Its secrets are sealed.',
  about: async (context) => [await ofTeam(context, context.body.model_info?.team_id)],
  handle: async (context) => {
    const { body, store, services, actor } = context;
    const { model_info: info, model_name, litellm_params } = body;
    const id = info?.id ?? crypto.randomUUID();
    const teamId = info?.team_id;
    if (teamId != null && !(await findTeam(context, teamId)))
      throw new SluiceError('invalid_request', `There is no team ${JSON.stringify(teamId)}.`, { param: 'model_info.team_id' });
    refuseFileModel(services, id);
    const given = filled(litellm_params);
    refuseMasks(given);
    const isolated = !isProxyAdmin(context);
    const record: ModelRecord = {
      model_name,
      litellm_params: given,
      model_info: filled(infoOf(info)),
      ...(teamId != null && { team_id: teamId }),
      ...((body.blocked ?? info?.blocked) && { blocked: true }),
      ...(isolated && { isolated }),
    };
    if (isolated) {
      demandTeamModel(record);
      await guardAddresses(services, given);
    }
    const params = await checkModel(services, id, record);
    const stored = await store.write(actor, async (writing) => {
      if (await writing.get(kinds.model, id))
        throw new SluiceError('invalid_request', `There is already a model ${JSON.stringify(id)}.`, { param: 'model_info.id' });
      return writing.insert(kinds.model, id, { ...record, litellm_params: sealMembers(params, sealedPlace.model(id), services.sealer) });
    });
    await haveLive(services);
    return modelRow(stored);
  },
});

/** Members one by one, and a mask for what is there. */
const withChange = (before: Readonly<Record<string, unknown>>, change: Readonly<Record<string, unknown>> | null | undefined) => {
  const next: Record<string, unknown> = { ...before };
  for (const [name, value] of Object.entries(change ?? {})) {
    if (value === undefined || (value === mask && before[name] !== undefined)) continue;
    if (value === null) delete next[name];
    else next[name] = value;
  }
  return next;
};

const update = async (context: AdminContext, id: string, change: ModelChange) => {
  const { store, services, actor } = context;
  refuseFileModel(services, id);
  const before = await store.get(kinds.model, id);
  if (!before) throw notFound(kinds.model, id);
  const isolated = !isProxyAdmin(context);
  // What an administrator added holds keys that must not be sent to an address of somebody else's.
  if (isolated && !before.data.isolated)
    throw new SluiceError('permission_denied', `The model '${id}' was added by a proxy admin, who alone may change it.`, {
      type: 'auth_error',
    });
  const info = withChange(before.data.model_info, infoOf(change.model_info));
  const teamId = info['team_id'] as string | undefined;
  if (teamId !== (before.data.team_id ?? undefined)) {
    context.demand('model.write', await ofTeam(context, teamId));
    if (teamId !== undefined && !(await findTeam(context, teamId)))
      throw new SluiceError('invalid_request', `There is no team ${JSON.stringify(teamId)}.`, { param: 'model_info.team_id' });
  }
  const opened = withChange(openParams(services, id, before.data), change.litellm_params);
  refuseMasks(opened);
  const blocked = change.blocked ?? change.model_info?.blocked ?? before.data.blocked;
  if (before.data.blocked && !blocked && isolated) throw notTheirsToUnblock(id);
  const record: ModelRecord = {
    model_name: change.model_name ?? before.data.model_name,
    litellm_params: opened,
    model_info: info,
    ...(teamId !== undefined && { team_id: teamId }),
    ...(blocked && { blocked }),
    ...(before.data.isolated && { isolated: true }),
  };
  if (record.isolated) {
    demandTeamModel(record);
    await guardAddresses(services, opened);
  }
  const params = await checkModel(services, id, record);
  const stored = await store.write(actor, (writing) =>
    writing.update(kinds.model, id, (data) => {
      // Checked as a whole, so that of two changes at once neither is lost in silence.
      if (JSON.stringify(data) !== JSON.stringify(before.data))
        throw new SluiceError('conflict', `The model '${id}' was changed by somebody else at the same time: try again.`);
      return { ...record, litellm_params: sealMembers(params, sealedPlace.model(id), services.sealer) };
    }),
  );
  await haveLive(services);
  return modelRow(stored);
};

export const updateModel = adminRoute({
  method: 'POST',
  paths: ['/model/update'],
  action: 'model.write',
  body: updatedModel,
  summary: 'Changes a deployment of the database. What is not named is not touched; null takes a member away.',
  about: (context) => aboutModel(context, context.body.id),
  handle: ({ body: { id, ...body }, ...context }) => update({ ...context, body }, id, body),
});

export const patchModel = adminRoute({
  method: 'PATCH',
  paths: ['/model/{model_id:path}/update'],
  action: 'model.write',
  body: changedModel,
  summary: 'Changes a deployment of the database. What is not named is not touched; null takes a member away.',
  about: (context) => aboutModel(context, context.params['model_id']!),
  handle: ({ body, ...context }) => update({ ...context, body }, context.params['model_id']!, body),
});

export const deleteModel = adminRoute({
  method: 'POST',
  paths: ['/model/delete'],
  action: 'model.write',
  body: deletedModel,
  summary: 'Deletes a deployment of the database.',
  about: (context) => aboutModel(context, context.body.id),
  handle: async ({ body: { id }, store, services, actor }) => {
    refuseFileModel(services, id);
    const gone = await store.write(actor, (writing) => writing.remove(kinds.model, id));
    if (!gone) throw notFound(kinds.model, id);
    await haveLive(services);
    return { message: `Model: ${id} deleted successfully` };
  },
});

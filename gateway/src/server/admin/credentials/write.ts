import { SluiceError } from 'sluice/kit';
import { kinds } from '../../../access/records/kinds.ts';
import type { CredentialRecord } from '../../../access/records/records.ts';
import { notFound } from '../../../access/store/writing.ts';
import { ownedByFile } from '../../../config/stored/join-setting.ts';
import { openMembers } from '../../../config/stored/open-members.ts';
import { mask, sealMembers } from '../../../config/stored/secret-members.ts';
import { sealedPlace } from '../../../config/stored/stored-rows.ts';
import { adminRoute, type AdminContext } from '../admin-route.ts';
import { openParams } from '../models/check-model.ts';
import { filled } from '../patch.ts';
import { haveLive } from '../settings/have-live.ts';
import { ofCredential } from './credential-members.ts';
import { changedCredential, newCredential } from './schemas.ts';

type Json = Readonly<Record<string, unknown>>;
type Services = AdminContext['services'];

const refuseFile = ({ snapshot }: Pick<Services, 'snapshot'>, name: string): void => {
  const place = snapshot().origin?.placeInList(['credential_list'], (entry) => entry['credential_name'] === name);
  if (place) throw new SluiceError('invalid_request', `The credential '${name}' ${ownedByFile(place)}.`, { param: 'credential_name' });
};

const refuseMasks = (values: Json): void => {
  const masked = Object.entries(values).find(([, value]) => value === mask);
  if (masked)
    throw new SluiceError(
      'invalid_request',
      `'credential_values.${masked[0]}' is ${mask}, which is shown instead of a secret: give the secret itself.`,
      {
        param: `credential_values.${masked[0]}`,
      },
    );
};

/** @throws SluiceError `invalid_request`, naming what is wrong */
const check = async (services: Services, name: string, values: Json): Promise<void> => {
  const { stored } = await services.stored.check(services.snapshot(), { credentials: [{ name, values }] });
  const problem = stored?.problems.find((each) => each.kind === 'credential' && each.id === name);
  if (problem) throw new SluiceError('invalid_request', `The credential is not valid: ${problem.message}.`.replace(/\.\.$/, '.'));
};

const sealed = (services: Services, name: string, values: Json): CredentialRecord['credential_values'] =>
  sealMembers(values, sealedPlace.credential(name), services.sealer) as CredentialRecord['credential_values'];

export const createCredential = adminRoute({
  method: 'POST',
  paths: ['/credentials'],
  action: 'credential.write',
  body: newCredential,
  summary: 'Adds a credential that models name as litellm_credential_name. Its secrets are sealed.',
  handle: async ({ body, store, services, actor }) => {
    const { credential_name: name, model_id: modelId } = body;
    refuseFile(services, name);
    const values =
      modelId == null
        ? filled(body.credential_values ?? {})
        : { ...(await ofModel({ store, services }, modelId)), ...filled(body.credential_values ?? {}) };
    if (Object.keys(values).length === 0)
      throw new SluiceError('invalid_request', "Give 'credential_values', or the 'model_id' of a model that has some.", {
        param: 'credential_values',
      });
    refuseMasks(values);
    await check(services, name, values);
    await store.write(actor, async (writing) => {
      if (await writing.get(kinds.credential, name))
        throw new SluiceError('invalid_request', `There is already a credential '${name}'.`, { param: 'credential_name' });
      return writing.insert(kinds.credential, name, {
        credential_info: filled(body.credential_info ?? {}),
        credential_values: sealed(services, name, values),
      });
    });
    await haveLive(services);
    return { success: true, message: 'Credential created successfully' };
  },
});

const ofModel = async ({ store, services }: Pick<AdminContext, 'store' | 'services'>, id: string): Promise<Json> => {
  const model = await store.get(kinds.model, id);
  if (!model) throw new SluiceError('invalid_request', `There is no model '${id}' in the database.`, { param: 'model_id' });
  return ofCredential(openParams(services, id, model.data));
};

const merged = (before: Json, change: Json | null | undefined): Json => {
  const next: Record<string, unknown> = { ...before };
  for (const [name, value] of Object.entries(change ?? {})) {
    if (value === undefined || (value === mask && before[name] !== undefined)) continue;
    if (value === null) delete next[name];
    else next[name] = value;
  }
  return next;
};

export const updateCredential = adminRoute({
  method: 'PATCH',
  paths: ['/credentials/{credential_name:path}'],
  action: 'credential.write',
  body: changedCredential,
  summary: 'Changes a credential of the database. What is not named is not touched; null takes a member away.',
  handle: async ({ body, params, store, services, actor }) => {
    const name = params['credential_name']!;
    refuseFile(services, name);
    if (body.credential_name != null && body.credential_name !== name)
      throw new SluiceError('invalid_request', 'A credential keeps its name, as models refer to it.', { param: 'credential_name' });
    await store.write(actor, async (writing) => {
      await writing.tx.lock(`credential ${name}`);
      const row = await writing.get(kinds.credential, name);
      if (!row) throw notFound(kinds.credential, name);
      const { value, why } = openMembers<Json>(row.data.credential_values, sealedPlace.credential(name), services.sealer);
      if (why !== undefined)
        throw new SluiceError(
          'invalid_request',
          `The credential '${name}' cannot be opened, so it cannot be changed: ${why} Delete it and add it again.`,
        );
      const values = merged(value, body.credential_values);
      refuseMasks(values);
      await check(services, name, values);
      return writing.update(kinds.credential, name, (data) => ({
        credential_info: merged(data.credential_info, body.credential_info),
        credential_values: sealed(services, name, values),
      }));
    });
    await haveLive(services);
    return { success: true, message: 'Credential updated successfully' };
  },
});

export const deleteCredential = adminRoute({
  method: 'DELETE',
  paths: ['/credentials/{credential_name:path}'],
  action: 'credential.write',
  summary: 'Deletes a credential of the database that no model uses.',
  handle: async ({ params, store, services, actor }) => {
    const name = params['credential_name']!;
    refuseFile(services, name);
    await store.write(actor, async (writing) => {
      const users = (await writing.find(kinds.model)).filter(({ data }) => data.litellm_params['litellm_credential_name'] === name);
      // They would not be served any more, and at the next try with another key.
      if (users.length > 0)
        throw new SluiceError(
          'invalid_request',
          `The credential '${name}' is used by ${users.length === 1 ? 'the model' : `${users.length} models, such as`} ${users[0]!.id}. Give it another one first.`,
        );
      if (!(await writing.remove(kinds.credential, name))) throw notFound(kinds.credential, name);
    });
    await haveLive(services);
    return { success: true, message: 'Credential deleted successfully' };
  },
});

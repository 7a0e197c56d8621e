import { SluiceError } from 'sluice/kit';
import { kinds } from '../../../access/records/kinds.ts';
import { maskMembers } from '../../../config/stored/secret-members.ts';
import { adminRoute, type AdminContext } from '../admin-route.ts';
import { ofCredential } from './credential-members.ts';
import { credentialShown, fileCredential } from './shown.ts';

type Json = Readonly<Record<string, unknown>>;

/** Those of the file, of whichever file it is made of. */
const written = ({ services }: Pick<AdminContext, 'services'>): ReadonlyMap<string, Json> =>
  new Map(
    (services.snapshot().origin?.entries(['credential_list']) ?? [])
      .map((entry) => [String(entry['credential_name']), entry] as const)
      .toReversed(),
  );

export const listCredentials = adminRoute({
  method: 'GET',
  paths: ['/credentials'],
  action: 'credential.see',
  summary: 'Lists the credentials of the configuration file and of the database. Secrets are masked.',
  handle: async (context) => {
    const { store, services } = context;
    const view = services.live().snapshot.stored;
    return {
      success: true,
      credentials: [
        ...[...written(context)].map(([name, entry]) => fileCredential(name, entry)),
        ...(await store.find(kinds.credential)).map((each) => credentialShown(each, view)),
      ],
    };
  },
});

export const credentialByName = adminRoute({
  method: 'GET',
  paths: ['/credentials/by_name/{credential_name:path}'],
  action: 'credential.see',
  summary: 'Shows a credential. Secrets are masked.',
  handle: (context) => byName(context, context.params['credential_name']!),
});

const byName = async (context: Pick<AdminContext, 'store' | 'services'>, name: string) => {
  const ofFile = written(context).get(name);
  if (ofFile) return fileCredential(name, ofFile);
  const stored = await context.store.get(kinds.credential, name);
  if (!stored) throw noCredential(name);
  return credentialShown(stored, context.services.live().snapshot.stored);
};

export const credentialByModel = adminRoute({
  method: 'GET',
  paths: ['/credentials/by_model/{model_id:path}'],
  action: 'credential.see',
  summary: 'Shows what a model is reached with: its credential, or its own values. Secrets are masked.',
  handle: async (context) => {
    const { params, store, services } = context;
    const id = params['model_id']!;
    const entry = services
      .snapshot()
      .origin?.entries(['model_list'])
      .find(({ model_info: info }) => (info as { id?: unknown } | undefined)?.id === id);
    const given = (entry?.['litellm_params'] ?? (await store.get(kinds.model, id))?.data.litellm_params) as Json | undefined;
    if (!given) throw new SluiceError('not_found', `There is no model ${JSON.stringify(id.slice(0, 200))}.`);
    const name = given['litellm_credential_name'];
    if (typeof name === 'string') return byName(context, name);
    return { credential_name: '', credential_values: maskMembers(ofCredential(given)), credential_info: { model_id: id } };
  },
});

const noCredential = (name: string): SluiceError =>
  new SluiceError('not_found', `There is no credential ${JSON.stringify(name.slice(0, 200))}.`);
